"""The page of one upload: live while it runs, counts that lead to their rows, its actions."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from accounts.roles import Role
from bulk_uploads.models import BulkUpload, Level, Outcome, Status
from bulk_uploads.services import create_upload
from bulk_uploads.tasks import run_slice
from tests.factories.accounts import AccountFactory, ApiTokenFactory, UserFactory
from tests.factories.bulk_uploads import BulkUploadFactory, RowIssueFactory, RowResultFactory
from tests.signing_in import client_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    return AccountFactory()


@pytest.fixture
def browser(account):
    return client_as(Role.MERCHANDISER, account)


def url(upload: BulkUpload, page: str = "change") -> str:
    return reverse(f"admin:bulk_uploads_bulkupload_{page}", args=[upload.pk])


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_progress_asks_for_itself_while_the_upload_runs(browser, account):
    upload = BulkUploadFactory(
        account=account, applying=True, total_rows=100_000, created_rows=40_000, rows_per_second=8e3
    )

    answer = browser.get(url(upload, "progress"))

    shown = text(answer)
    assert f'hx-get="{url(upload, "progress")}" hx-trigger="every 1500ms"' in shown
    assert 'max="100" value="40"' in shown
    assert "40,000 of 100,000 rows" in shown
    assert "8,000 rows a second" in shown
    assert "about 8 s left" in shown
    assert "HX-Trigger-After-Settle" not in answer.headers


def test_progress_stops_asking_and_tells_the_tables_once_the_upload_has_ended(browser, account):
    upload = BulkUploadFactory(account=account, succeeded=True, total_rows=1, created_rows=1)

    answer = browser.get(url(upload, "progress"))

    assert "hx-trigger" not in text(answer)
    assert answer.headers["HX-Trigger-After-Settle"] == "upload-ended"


def test_status_cell_asks_for_itself_only_while_the_upload_runs(browser, account):
    running = BulkUploadFactory(account=account, applying=True)
    ended = BulkUploadFactory(account=account, succeeded=True)

    assert 'hx-trigger="every 2s"' in text(browser.get(url(running, "status")))
    assert "hx-trigger" not in text(browser.get(url(ended, "status")))


def test_a_waiting_upload_names_the_one_it_waits_for(browser, account):
    running = BulkUploadFactory(account=account, applying=True, has_turn=True)
    waiting = BulkUploadFactory(account=account)

    shown = text(browser.get(url(waiting)))

    assert f'href="{url(running)}">upload {running.pk}</a> ({running.file.name}) to end' in shown


def test_who_gave_the_file_is_named_while_it_is_known(browser, account):
    program = ApiTokenFactory(account=account, name="ERP")
    person = UserFactory(first_name="Priya", last_name="Nair")
    given = BulkUploadFactory(account=account, succeeded=True, created_by=person)
    sent = BulkUploadFactory(account=account, succeeded=True, token=program)
    assert browser.get(url(given)).context["uploader"] == "Priya Nair"
    assert browser.get(url(sent)).context["uploader"] == "ERP (API token)"

    person.delete()

    assert browser.get(url(given)).context["uploader"] == "Command line, or somebody who left"


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({}, "Waiting"),
        ({"applying": True}, "In progress"),
        ({"succeeded": True}, "Success"),
        ({"succeeded": True, "total_rows": 1, "failed_rows": 1}, "Success, some rows failed"),
        ({"failed": True}, "Failure"),
        ({"failed": True, "output": {"code": "cancelled"}}, "Cancelled"),
    ],
)
def test_status_is_a_word_and_not_a_colour_alone(browser, account, fields, word):
    upload = BulkUploadFactory(account=account, **fields)

    assert browser.get(url(upload)).context["badge"].word == word


def test_counts_lead_to_the_rows_and_issues_they_count(browser, account):
    upload = BulkUploadFactory(
        account=account, succeeded=True, total_rows=3, created_rows=2, failed_rows=1, warnings=1
    )
    RowResultFactory(upload=upload, row=2, key="FAN-1")
    RowResultFactory(upload=upload, row=3, key="FAN-2")
    RowResultFactory(upload=upload, row=4, key="FAN-3", outcome=Outcome.FAILED)
    RowIssueFactory(upload=upload, row=4)
    RowIssueFactory(upload=upload, row=2, level=Level.WARNING, code="product_disagrees")

    tiles = {tile.label: tile for tile in browser.get(url(upload)).context["tiles"]}
    failed = browser.get(f"{url(upload)}?{tiles['Failed'].query}")
    warned = browser.get(f"{url(upload)}?{tiles['Warnings'].query}")

    assert {label: tile.count for label, tile in tiles.items()} == {
        "Created": 2,
        "Updated": 0,
        "Unchanged": 0,
        "Failed": 1,
        "Warnings": 1,
    }
    assert [row.key for row in failed.context["rows"]["table"].rows] == ["FAN-3"]
    assert [issue.row for issue in warned.context["issues"]["table"].issues] == [2]
    assert tiles["Updated"].query == ""


def test_cancel_asks_for_the_upload_to_stop(browser, account):
    upload = BulkUploadFactory(account=account, applying=True)

    answer = browser.post(url(upload, "cancel"))

    upload.refresh_from_db()
    assert answer.headers["Location"] == url(upload)
    assert upload.cancel_requested_at is not None
    assert browser.get(url(upload)).context["badge"].word == "Stopping"


def test_cancelling_what_has_ended_says_so_and_changes_nothing(browser, account):
    upload = BulkUploadFactory(account=account, succeeded=True)

    answer = browser.post(url(upload, "cancel"), follow=True)

    upload.refresh_from_db()
    assert "already ended" in text(answer)
    assert upload.cancel_requested_at is None


def test_a_dry_run_is_imported_with_its_file_and_options(browser, account):
    upload = BulkUploadFactory(
        account=account, succeeded=True, options={"dry_run": True, "blank_cells": "clear"}
    )

    answer = browser.post(url(upload, "run"))

    real = BulkUpload.objects.get(parent=upload)
    assert answer.headers["Location"] == url(real)
    assert (real.file, real.options, real.is_dry_run) == (
        upload.file,
        {"blank_cells": "clear"},
        False,
    )
    assert real.created_by == browser.user


def test_running_what_is_no_dry_run_is_refused(browser, account):
    upload = BulkUploadFactory(account=account, succeeded=True)

    answer = browser.post(url(upload, "run"), follow=True)

    assert "Only a dry run" in text(answer)
    assert not BulkUpload.objects.filter(parent=upload).exists()


@pytest.mark.parametrize("action", ["cancel", "run"])
def test_looking_never_does_anything(browser, account, action):
    upload = BulkUploadFactory(account=account, succeeded=True, options={"dry_run": True})
    before = BulkUpload.objects.values().get(pk=upload.pk)

    assert browser.get(url(upload, action)).status_code == 405
    for page in ("change", "progress", "status", "issues", "rows"):
        browser.get(url(upload, page))

    assert BulkUpload.objects.values().get() == before


def test_the_page_itself_takes_no_post(browser, account):
    upload = BulkUploadFactory(account=account)

    assert browser.post(url(upload), {"status": "success"}).status_code == 405
    upload.refresh_from_db()
    assert upload.status == Status.DRAFT


def test_what_the_echo_processor_read_is_shown_as_a_table(browser, account):
    upload = create_upload(
        account=account,
        content=ContentFile(b"SKU,Name\nFAN-1,<b>Zester</b>\n"),
        name="fans.csv",
        content_type="text/csv",
        processor_name="file_content_echo_processor",
    )
    while run_slice(upload.pk):
        pass

    shown = text(browser.get(url(upload)))

    assert '<th scope="col">SKU</th>' in shown
    assert "&lt;b&gt;Zester&lt;/b&gt;" in shown
    assert "<b>Zester</b>" not in shown


def test_options_are_said_in_words(browser, account):
    upload = BulkUploadFactory(
        account=account, options={"on_error": "abort", "mapping": {"Titre": "title"}}
    )

    assert browser.get(url(upload)).context["options"] == [
        "What exists already is updated",
        "All or nothing: one row that cannot be taken stops the upload",
        "A blank cell keeps the stored value",
        "Columns are read by a mapping",
    ]


def test_a_mapping_is_said_column_by_column(browser, account):
    mapping = {"Titre": "title", "Prix": "list_price", "Interne": ""}
    upload = BulkUploadFactory(
        account=account, options={"mapping": mapping}, header=["Titre", "Interne", "Prix"]
    )

    columns = browser.get(url(upload)).context["columns"]

    assert columns.mapped == [("Titre", "Product Name"), ("Prix", "List Price")]
    assert columns.left_out == ["Interne"]


def test_internal_names_stay_in_the_collapsed_section(browser, account):
    upload = BulkUploadFactory(account=account, options={"on_error": "abort"})

    shown = text(browser.get(url(upload)))
    before_detail, _, detail = shown.partition("Technical detail")

    assert str(upload.uuid) in detail
    assert str(upload.uuid) not in before_detail
    for internal in ("catalog_csv_upload_processor", "on_error", "skip_rows"):
        assert internal not in shown
