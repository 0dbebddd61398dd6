"""Looking through issues and rows: filters, pages, and what a person sees of each."""

from urllib.parse import parse_qsl

import pytest
from django.urls import reverse

from accounts.roles import Role
from bulk_uploads.admin import issue_table, row_table
from bulk_uploads.models import Level, Outcome
from tests.factories.bulk_uploads import BulkUploadFactory, RowIssueFactory, RowResultFactory
from tests.factories.catalog import VariantFactory
from tests.signing_in import client_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def upload():
    return BulkUploadFactory(applying=True)


@pytest.fixture
def browser(upload):
    return client_as(Role.MERCHANDISER, upload.account)


def part(browser, upload, name, **query):
    url = reverse(f"admin:bulk_uploads_bulkupload_{name}", args=[upload.pk])
    return browser.get(url, query)


def rows_of(answer) -> list[int]:
    table = answer.context["table"]
    if hasattr(table, "issues"):
        return [issue.row for issue in table.issues]
    return [row.number for row in table.rows]


@pytest.fixture
def three_issues(upload):
    RowIssueFactory(upload=upload, row=2, column="Price", value="cheap", code="invalid_number")
    RowIssueFactory(
        upload=upload,
        row=3,
        column="EAN",
        value="4006381333932",
        code="invalid_gtin",
        message="No.",
    )
    RowIssueFactory(
        upload=upload,
        row=4,
        column="Price",
        level=Level.WARNING,
        code="price_jump",
        value="9",
        message="Ten times the price.",
    )


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ({}, [2, 3, 4]),
        ({"level": "error"}, [2, 3]),
        ({"level": "nonsense"}, [2, 3, 4]),
        ({"column": "Price"}, [2, 4]),
        ({"code": "invalid_gtin"}, [3]),
        ({"q": "4006"}, [3]),
        ({"q": "ten times"}, [4]),
        ({"q": "ean"}, [3]),
        ({"q": "\x00", "code": "\x00", "column": "\x00"}, [2, 3, 4]),
        ({"level": "warning", "column": "EAN"}, []),
    ],
)
def test_issues_are_filtered_by_level_column_code_and_text(
    browser, upload, three_issues, query, rows
):
    assert rows_of(part(browser, upload, "issues", **query)) == rows


def test_choices_of_the_filters_are_what_there_is(browser, upload, three_issues):
    table = part(browser, upload, "issues").context["table"]

    assert table.columns == ["EAN", "Price"]
    assert table.codes == ["invalid_gtin", "invalid_number", "price_jump"]


def test_an_issue_says_row_column_value_and_what_was_expected(browser, upload):
    RowIssueFactory(upload=upload, row=1_234, column="Price", value="<cheap>", message="No number.")

    shown = " ".join(part(browser, upload, "issues").content.decode().split())

    assert "1,234" in shown
    assert '<span class="issue-value">&lt;cheap&gt;</span>' in shown
    assert "No number." in shown
    assert "(invalid number)" in shown


def test_an_issue_of_the_whole_file_is_said_to_be_so(browser, upload):
    RowIssueFactory(upload=upload, row=None, column="", value="", message="No rows.")

    assert "File" in part(browser, upload, "issues").content.decode()


def test_issues_come_in_pages(browser, upload, monkeypatch):
    monkeypatch.setattr(issue_table, "PER_PAGE", 2)
    for row in range(2, 7):
        RowIssueFactory(upload=upload, row=row)

    pages = []
    query: dict[str, str] | None = {}
    while query is not None:
        answer = part(browser, upload, "issues", **query)
        pages.append(rows_of(answer))
        following = answer.context["table"].next_query
        query = None if following is None else dict(parse_qsl(following))

    assert pages == [[2, 3], [4, 5], [6]]


def test_the_address_follows_the_filter(browser, upload, three_issues):
    answer = part(browser, upload, "issues", level="error")

    page = reverse("admin:bulk_uploads_bulkupload_change", args=[upload.pk])
    assert answer.headers["HX-Replace-Url"] == f"{page}?level=error"
    assert [
        issue.row for issue in browser.get(f"{page}?level=error").context["issues"]["table"].issues
    ] == [2, 3]


@pytest.mark.parametrize("query", ["processor=%00", "status__exact=%00", "kind=%00"])
def test_a_list_is_not_filtered_by_what_no_column_holds(browser, query):
    address = reverse("admin:bulk_uploads_bulkupload_changelist")

    answer = browser.get(f"{address}?{query}")

    assert (answer.status_code, answer["Location"]) == (302, f"{address}?e=1")
    assert browser.get(f"{address}?q=%00").status_code == 200


@pytest.fixture
def ledger(upload):
    variant = VariantFactory(account=upload.account, sku="FAN-2")
    RowResultFactory(upload=upload, row=2, key="FAN-2", object_id=variant.pk)
    RowResultFactory(upload=upload, row=3, key="FAN-3", outcome=Outcome.UPDATED)
    RowResultFactory(upload=upload, row=4, key=None, outcome=Outcome.FAILED)
    return variant


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ({}, [2, 3, 4]),
        ({"outcome": "failed"}, [4]),
        ({"outcome": "nonsense"}, [2, 3, 4]),
        ({"key": "FAN-3"}, [3]),
        ({"key": "FAN\x00"}, [2, 3, 4]),
        ({"from_row": "3"}, [3, 4]),
        ({"from_row": "-1"}, [2, 3, 4]),
        ({"from_row": "٣"}, [2, 3, 4]),
        ({"outcome": "created", "from_row": "3"}, []),
    ],
)
def test_rows_are_filtered_by_outcome_key_and_number(browser, upload, ledger, query, rows):
    assert rows_of(part(browser, upload, "rows", **query)) == rows


def test_rows_come_in_pages(browser, upload, monkeypatch):
    monkeypatch.setattr(row_table, "PER_PAGE", 2)
    for row in range(2, 7):
        RowResultFactory(upload=upload, row=row)

    first = part(browser, upload, "rows")
    second = part(browser, upload, "rows", **dict(parse_qsl(first.context["table"].next_query)))
    third = part(browser, upload, "rows", **dict(parse_qsl(second.context["table"].next_query)))

    assert [rows_of(first), rows_of(second), rows_of(third)] == [[2, 3], [4, 5], [6]]
    assert third.context["table"].next_query is None


def test_a_row_leads_to_the_variant_it_became(browser, upload, ledger):
    table = part(browser, upload, "rows").context["table"]

    assert [row.url for row in table.rows] == [
        reverse("admin:catalog_variant_change", args=[ledger.pk]),
        None,
        None,
    ]


def test_rows_of_a_dry_run_lead_nowhere_as_nothing_was_written(browser, upload):
    dry = BulkUploadFactory(account=upload.account, succeeded=True, options={"dry_run": True})
    RowResultFactory(upload=dry, row=2, object_id=7)

    assert part(browser, dry, "rows").context["table"].rows[0].url is None
