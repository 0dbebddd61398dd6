"""The form behind "New upload": what it hands on, and that what it refuses leaves nothing."""

import re

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from bulk_uploads.models import BulkUpload, Status, UploadedFile
from tests.factories.accounts import AccountFactory
from tests.signing_in import client_as

pytestmark = pytest.mark.django_db

URL = "admin:bulk_uploads_bulkupload_add"
CONTENT = b"SKU,Price\nFAN-1,5830\n"
CATALOG = "catalog_csv_upload_processor"


@pytest.fixture
def account():
    return AccountFactory()


@pytest.fixture
def browser(account):
    return client_as(Role.MERCHANDISER, account)


def post(browser: Client, content: bytes = CONTENT, **fields: str):
    as_sent = {
        "file": SimpleUploadedFile("fans.csv", content, content_type="text/csv"),
        "processor_name": CATALOG,
        "update_existing-asked": "1",
        "update_existing": "on",
        "on_error": "skip_rows",
        "blank_cells": "keep",
        **fields,
    }
    return browser.post(reverse(URL), {name: value for name, value in as_sent.items() if value})


def assert_nothing_was_stored(directory):
    assert (BulkUpload.objects.count(), UploadedFile.objects.count()) == (0, 0)
    assert [path for path in directory.rglob("*") if path.is_file()] == []


def test_a_file_becomes_a_waiting_upload_of_the_persons_account(browser, account):
    answer = post(browser)

    upload = BulkUpload.objects.get()
    assert answer.headers["Location"] == reverse(
        "admin:bulk_uploads_bulkupload_change", args=[upload.pk]
    )
    assert (upload.account, upload.created_by) == (account, browser.user)
    assert (upload.status, upload.processor_name) == (Status.DRAFT, CATALOG)
    assert (upload.file.name, upload.file.content_type) == ("fans.csv", "text/csv")
    with default_storage.open(upload.file.storage_path) as stored:
        assert stored.read() == CONTENT


def test_options_left_as_they_are_are_not_handed_on(browser):
    post(browser)

    assert BulkUpload.objects.get().options == {}


def test_chosen_options_are_handed_on_as_the_engine_names_them(browser):
    post(
        browser,
        dry_run="on",
        update_existing="",
        on_error="abort",
        blank_cells="clear",
        decimal_comma="on",
        mapping='{"Titre": "title"}',
        sheet="März",
    )

    upload = BulkUpload.objects.get()
    assert upload.is_dry_run
    assert upload.options == {
        "dry_run": True,
        "update_existing": False,
        "on_error": "abort",
        "blank_cells": "clear",
        "decimal_comma": True,
        "mapping": {"Titre": "title"},
        "sheet": "März",
    }


def test_an_option_that_the_page_hid_is_not_taken_for_switched_off(browser):
    hidden = {"update_existing-asked": "", "update_existing": "", "on_error": "", "blank_cells": ""}

    post(browser, processor_name="file_content_echo_processor", **hidden)

    assert BulkUpload.objects.get().options == {}


def test_unknown_processor_is_said_beside_the_choice(browser, private_files):
    answer = post(browser, processor_name="nonsense_processor")

    assert answer.status_code == 422
    assert "processor_name" in answer.context["form"].errors
    assert_nothing_was_stored(private_files)


def test_an_option_the_processor_does_not_understand_is_said_beside_it(browser, private_files):
    answer = post(browser, processor_name="file_content_echo_processor", decimal_comma="on")

    assert answer.status_code == 422
    assert "is not an option of" in answer.context["form"].errors["decimal_comma"][0]
    assert_nothing_was_stored(private_files)


def test_an_empty_file_is_refused_with_what_to_do(browser, private_files):
    answer = post(browser, content=b"")

    assert answer.status_code == 422
    assert answer.context["form"].errors["file"] == [
        "The file is empty. Choose the file that holds the rows."
    ]
    assert_nothing_was_stored(private_files)


def test_a_form_without_a_file_asks_for_one(browser, private_files):
    answer = post(browser, file="")

    assert answer.context["form"].errors["file"] == ["Choose the file to upload."]
    assert_nothing_was_stored(private_files)


@pytest.mark.parametrize("mapping", ["{'Titre': 'title'}", "Titre=title", "[1"])
def test_a_mapping_that_is_no_json_is_said_and_kept_for_correcting(browser, private_files, mapping):
    answer = post(browser, mapping=mapping)

    assert "double quotes" in answer.context["form"].errors["mapping"][0]
    assert answer.context["mapping_text"] == mapping
    assert_nothing_was_stored(private_files)


def test_a_mapping_onto_one_field_twice_is_said(browser, private_files):
    answer = post(browser, mapping='{"A": "title", "B": "title"}')

    assert answer.context["form"].errors["mapping"] == [
        "The mapping sends columns 'A' and 'B' to one field: title. Keep one of them.",
        "The mapping names a column 'A', which the file does not have.",
        "The mapping names a column 'B', which the file does not have.",
    ]
    assert_nothing_was_stored(private_files)


def test_a_file_over_the_limit_is_refused_before_its_body_is_read(browser, private_files, settings):
    settings.UPLOAD_MAX_BYTES = 1_000

    class Untouched:
        def read(self, *_):
            raise AssertionError("the body was read")

        readline = read

    answer = browser.generic(
        "POST",
        reverse(URL),
        content_type="multipart/form-data; boundary=b",
        CONTENT_LENGTH=str(10_000_000),
        **{"wsgi.input": Untouched()},
    )

    assert answer.status_code == 413
    assert "larger than the 1,000 bytes that are allowed" in answer.content.decode()
    assert_nothing_was_stored(private_files)


def test_a_file_a_little_over_the_limit_is_refused_beside_the_file(
    browser, private_files, settings
):
    settings.UPLOAD_MAX_BYTES = 10

    answer = post(browser)

    assert "larger than the 10 bytes" in answer.context["form"].errors["file"][0]
    assert_nothing_was_stored(private_files)


def test_a_post_without_csrf_token_is_refused(browser, private_files):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(browser.user)

    assert post(strict).status_code == 403
    assert_nothing_was_stored(private_files)


def test_who_uploads_for_one_account_is_not_asked_which(browser):
    page = browser.get(reverse(URL))

    assert page.context["form"].asks_account is False
    assert 'name="account"' not in page.content.decode()


def test_who_uploads_for_several_accounts_chooses_one(account):
    second = AccountFactory()
    browser = client_as(Role.MERCHANDISER, account, second)

    assert 'name="account"' in browser.get(reverse(URL)).content.decode()
    post(browser, account=str(second.pk))

    assert BulkUpload.objects.get().account == second


def test_the_kind_of_most_files_comes_first_and_is_chosen(browser):
    page = browser.get(reverse(URL))

    offered = re.findall(
        r'value="(\w+)"\s+data-understands="[^"]*"\s+(checked)?', page.content.decode()
    )
    assert offered[0] == (CATALOG, "checked")
    assert [name for name, checked in offered if checked] == [CATALOG]
