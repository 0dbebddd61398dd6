"""The step in which a file's columns are mapped: nothing is applied before it is confirmed."""

import html
import re
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.roles import Role
from bulk_uploads.models import BulkUpload, SavedMapping, UploadedFile
from jobs import clock
from tests.factories.accounts import AccountFactory
from tests.factories.bulk_uploads import SavedMappingFactory
from tests.imports import CATALOG, counts, run_to_end
from tests.signing_in import EVERYBODY, SUPERUSER, client_as

pytestmark = pytest.mark.django_db

CONTENT = "Artikelnummer;Bezeichnung;Preis;Intern;Farbe\nA-1;Fan;10;x;rot\nA-2;Lamp;12;y;blau\n"
SHOPIFY = (
    "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src\n"
    "mug,Mug,Colour,Red,MUG,9,https://a.example/1.jpg\n"
)
NUL_MAPPED = f"?processor={CATALOG}&options=%7B%22mapping%22%3A%7B%22%5Cu0000%22%3A%22sku%22%7D%7D"
CHOSEN = {
    "target-0": "sku",
    "target-1": "title",
    "target-2": "price",
    "target-3": "",
    "target-4": "Variant #; colour",
}


@pytest.fixture
def account():
    return AccountFactory()


@pytest.fixture
def browser(account):
    return client_as(Role.MERCHANDISER, account)


def keep(browser, content=CONTENT, **fields):
    """Give a file and ask to map its columns; the address of the step."""
    answer = browser.post(
        reverse("admin:bulk_uploads_bulkupload_add") + "?columns",
        {
            "file": SimpleUploadedFile("mueller.csv", content.encode(), content_type="text/csv"),
            "processor_name": CATALOG,
            "update_existing-asked": "1",
            "update_existing": "on",
            **fields,
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def selected(page):
    """What each column becomes as the page has it, by the column's name."""
    found = {}
    for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL)[1:]:
        (name,) = re.findall(r"What “(.*?)” becomes", row)
        (value,) = re.findall(r'<option value="([^"]*)"\s+selected', row)
        found[name] = value
    return found


def test_columns_are_suggested_and_nothing_is_uploaded_yet(browser):
    step = keep(browser)

    page = browser.get(step).content.decode()

    assert selected(page) == {
        "Artikelnummer": "sku",
        "Bezeichnung": "title",
        "Preis": "price",
        "Intern": "",
        "Farbe": "",
    }
    assert "A-1" in page
    assert "blau" in page
    assert "3 of 5 columns" in page
    assert (UploadedFile.objects.count(), BulkUpload.objects.count()) == (1, 0)


def test_what_is_confirmed_becomes_the_upload_with_the_options_asked_for(browser, account):
    step = keep(browser, on_error="abort", blank_cells="clear")

    answer = browser.post(step, CHOSEN)

    upload = BulkUpload.objects.get()
    assert answer.headers["Location"].endswith(f"/{upload.pk}/change/")
    assert (upload.account, upload.created_by, upload.file.name) == (
        account,
        browser.user,
        "mueller.csv",
    )
    assert upload.options == {
        "on_error": "abort",
        "blank_cells": "clear",
        "mapping": {
            "Artikelnummer": "sku",
            "Bezeichnung": "title",
            "Preis": "price",
            "Intern": "",
            "Farbe": "Variant #; colour",
        },
    }
    assert counts(run_to_end(upload)) == {"created": 2}


def test_a_file_whose_header_was_refused_is_mapped_from_its_page(browser):
    answer = browser.post(
        reverse("admin:bulk_uploads_bulkupload_add"),
        {
            "file": SimpleUploadedFile("mueller.csv", CONTENT.encode(), content_type="text/csv"),
            "processor_name": CATALOG,
            "blank_cells": "clear",
        },
    )
    refused = run_to_end(BulkUpload.objects.get())
    assert refused.output["code"] == "missing_key_column"

    page = browser.get(answer.headers["Location"]).content.decode()
    step = html.unescape(re.findall(r'href="([^"]*)">Map its columns', page)[0])
    assert selected(browser.get(step).content.decode())["Artikelnummer"] == "sku"
    answer = browser.post(step, CHOSEN)

    upload = BulkUpload.objects.exclude(pk=refused.pk).get()
    assert (upload.file, upload.options["blank_cells"]) == (refused.file, "clear")
    assert answer.headers["Location"].endswith(f"/{upload.pk}/change/")
    assert counts(run_to_end(upload)) == {"created": 2}
    # Once that has been taken, the browser's way back uploads nothing a second time.
    assert browser.get(step).headers["Location"] == answer.headers["Location"]


def test_a_mapping_can_be_saved_on_the_way_and_is_remembered(browser, account):
    browser.post(keep(browser), {**CHOSEN, "save_as": "Müller"})

    saved = SavedMapping.objects.get()
    assert (saved.name, saved.account, saved.created_by) == ("Müller", account, browser.user)
    assert saved.header == ["Artikelnummer", "Bezeichnung", "Preis", "Intern", "Farbe"]
    assert BulkUpload.objects.get().saved_mapping == saved
    page = browser.get(keep(browser)).content.decode()
    assert selected(page)["Farbe"] == "Variant #; colour"
    assert "As last time" in page


def test_a_saved_mapping_that_was_chosen_can_be_looked_through_first(browser, account):
    mapping = {"Intern": "tags", "Farbe": "Variant #; shade"}
    chosen = SavedMappingFactory(account=account, name="Müller", mapping=mapping)

    page = browser.get(keep(browser, saved_mapping=str(chosen.pk))).content.decode()

    assert selected(page)["Intern"] == "tags"
    assert selected(page)["Farbe"] == "Variant #; shade"


def test_a_name_that_is_taken_is_refused_unless_it_is_to_be_replaced(browser, account):
    SavedMappingFactory(account=account, name="Müller", mapping={"Nr": "sku"})
    step = keep(browser)

    refused = browser.post(step, {**CHOSEN, "save_as": "müller"})

    assert refused.status_code == 422
    assert "already" in refused.content.decode()
    assert (BulkUpload.objects.count(), SavedMapping.objects.get().mapping) == (0, {"Nr": "sku"})
    browser.post(step, {**CHOSEN, "save_as": "müller", "replace": "on"})
    assert SavedMapping.objects.get().mapping["Preis"] == "price"
    assert BulkUpload.objects.get().saved_mapping == SavedMapping.objects.get()


def test_all_problems_are_shown_before_anything_starts(browser):
    step = keep(browser)
    wrong = {**CHOSEN, "target-0": "", "target-1": "price", "target-4": "no such field"}

    refused = browser.post(step, wrong)

    page = refused.content.decode()
    assert refused.status_code == 422
    assert "to one field: price" in page
    assert "No column identifies the variants" in page
    assert "which is no field" in page
    assert BulkUpload.objects.count() == 0
    checked = browser.post(step.replace("columns/", "columns/check/"), wrong)
    assert "No column identifies the variants" in checked.content.decode()
    assert (
        "nothing stands against it"
        in browser.post(step.replace("columns/", "columns/check/"), CHOSEN).content.decode()
    )


def test_it_is_said_that_new_variants_need_a_name_and_a_file_of_prices_is_taken(browser):
    step = keep(browser)
    nameless = {**CHOSEN, "target-1": ""}

    checked = browser.post(step.replace("columns/", "columns/check/"), nameless)

    assert "No column becomes Product Name." in checked.content.decode()
    assert browser.post(step, nameless).status_code == 302
    assert BulkUpload.objects.count() == 1


def test_a_recognised_file_can_be_uploaded_as_what_it_is(browser):
    step = keep(browser, SHOPIFY)

    page = browser.get(step).content.decode()

    assert "is a file of Shopify products" in page
    browser.post(step.replace("columns/", "as-recognised/"))
    upload = run_to_end(BulkUpload.objects.get())
    assert (upload.layout, upload.options) == ("shopify_products", {})
    assert counts(upload) == {"created": 1}


def test_a_recognised_file_can_be_mapped_all_the_same(browser):
    step = keep(browser, SHOPIFY)

    browser.post(step, {"target-1": "title", "target-4": "sku"})

    upload = run_to_end(BulkUpload.objects.get())
    assert (upload.layout, counts(upload)) == ("", {"created": 1})


def test_the_way_back_does_not_upload_a_second_time(browser):
    step = keep(browser)
    browser.post(step, CHOSEN)

    again = browser.post(step, CHOSEN)
    recognised = browser.post(step.replace("columns/", "as-recognised/"))

    upload = BulkUpload.objects.get()
    for answer in (again, recognised):
        assert answer.headers["Location"].endswith(f"/{upload.pk}/change/")


def test_a_file_that_cannot_be_read_says_why(browser):
    answer = browser.get(keep(browser, "\n\n"))

    assert answer.status_code == 422
    assert "only blank rows" in answer.content.decode()


def test_an_empty_file_is_refused_with_nothing_stored(browser, private_files):
    answer = browser.post(
        reverse("admin:bulk_uploads_bulkupload_add") + "?columns",
        {"file": SimpleUploadedFile("a.csv", b""), "processor_name": CATALOG},
    )

    assert answer.status_code == 422
    assert UploadedFile.objects.count() == 0
    assert [path for path in private_files.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_who_may_upload_there_sees_the_step(browser, account, who):
    step = keep(browser)
    other = client_as(who, account)

    answers = {
        other.get(step).status_code,
        other.post(step.replace("columns/", "columns/check/"), CHOSEN).status_code,
        other.post(step, CHOSEN).status_code,
    }

    may = who in (Role.MERCHANDISER, Role.MANAGER, SUPERUSER)
    assert answers == ({200, 302} if may else {404} if answers == {404} else {403})
    assert BulkUpload.objects.count() == int(may)


def test_another_accounts_file_is_not_there(browser):
    step = keep(browser)
    stranger = client_as(Role.MANAGER, AccountFactory())

    assert stranger.get(step).status_code == 404
    assert stranger.post(step, CHOSEN).status_code == 404
    assert stranger.post(step.replace("columns/", "as-recognised/")).status_code == 404
    assert BulkUpload.objects.count() == 0


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?processor=nobody",
        "?processor=file_content_echo_processor",
        "?options=%5B1%5D",
        NUL_MAPPED,
        f"?processor={CATALOG}&options=%7B%22sheet%22%3A%22%5Cud800%22%7D",
        f"?processor={CATALOG}&options={'[' * 2_000}",
        f"?processor={CATALOG}&options=%7B%22sheet%22%3A{'[' * 300}{']' * 300}%7D",
        f"?processor={CATALOG}&options=%7B%22sheet%22%3A{'[' * 1_000}{']' * 1_000}%7D",
    ],
)
def test_an_address_that_means_nothing_is_not_there(browser, query):
    step = keep(browser).split("?")[0]
    wanted = query or "?options={"

    assert browser.get(f"{step}{wanted}").status_code == 404


def test_options_that_somebody_wrote_into_the_address_are_checked(browser):
    step = f"{keep(browser)}&options=%7B%22speed%22%3A1%7D"

    answer = browser.post(step, CHOSEN)

    assert answer.status_code == 422
    assert "is not an option" in answer.content.decode()
    assert browser.post(step.replace("columns/", "as-recognised/")).status_code == 422
    assert BulkUpload.objects.count() == 0


def test_files_that_were_never_uploaded_go_after_a_day(browser, account):
    keep(browser)
    used = UploadedFile.objects.get()
    browser.post(
        f"{reverse('admin:bulk_uploads_bulkupload_columns', args=[used.uuid])}?processor={CATALOG}",
        CHOSEN,
    )
    keep(browser)
    forgotten = UploadedFile.objects.exclude(pk=used.pk).get()
    UploadedFile.objects.update(created_at=clock.now() - timedelta(days=2))

    keep(browser)

    left = set(UploadedFile.objects.values_list("pk", flat=True))
    assert used.pk in left
    assert forgotten.pk not in left
    assert not default_storage.exists(forgotten.storage_path)


def test_a_saved_mapping_can_be_chosen_at_once(browser, account):
    mapping = {"Artikelnummer": "sku", "Bezeichnung": "title"}
    saved = SavedMappingFactory(account=account, name="Müller", mapping=mapping)
    theirs = SavedMappingFactory(name="Theirs")
    url = reverse("admin:bulk_uploads_bulkupload_add")
    page = browser.get(url).content.decode()
    assert "Müller" in page
    assert "Theirs" not in page

    def give(chosen, **more):
        file = SimpleUploadedFile("m.csv", CONTENT.encode())
        given = {"file": file, "processor_name": CATALOG, "saved_mapping": chosen, **more}
        return browser.post(url, given)

    assert give(theirs.pk).status_code == 422
    assert give(saved.pk, mapping='{"a": "sku"}').status_code == 422
    assert BulkUpload.objects.count() == 0
    give(saved.pk)
    assert BulkUpload.objects.get().saved_mapping == saved
    assert BulkUpload.objects.get().options["mapping"] == mapping


def test_the_upload_says_what_became_of_its_columns(browser):
    browser.post(keep(browser), {**CHOSEN, "save_as": "Müller"})
    run_to_end(BulkUpload.objects.get())

    page = browser.get(
        reverse("admin:bulk_uploads_bulkupload_change", args=[BulkUpload.objects.get().pk])
    ).content.decode()

    assert "4 mapped" in page
    assert "1 left out" in page
    assert "Müller" in page
