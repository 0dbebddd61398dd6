"""`GET /export`: the catalog as a file."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.scopes import Scope
from tests.api_client import failure, program
from tests.catalog.exporting.files import FORMATS, exported
from tests.factories.accounts import AccountFactory
from tests.imports import counts, import_bytes, import_rows

pytestmark = pytest.mark.django_db

HEADER = ["SKU", "Product Name", "Tags", "Category Path", "Active"]
ROWS = [
    ["A-1", "Fan", "new", "Home/Fans", "TRUE"],
    ["A-2", "Fan", "new", "Home/Fans", "FALSE"],
    ["B-1", "Lamp", "old", "Home", "FALSE"],
]


def body(response):
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content)


def skus(caller, **query):
    sheet = openpyxl.load_workbook(io.BytesIO(body(caller.get("/export", format="xlsx", **query))))
    return [row[2] for row in sheet.active.iter_rows(min_row=2, values_only=True)]


@pytest.mark.parametrize("format", FORMATS)
def test_the_file_is_the_export_of_the_tokens_account(caller, format):
    import_rows(caller.account, HEADER, ROWS)
    import_rows(AccountFactory.create(), HEADER, [["X", "Other", "", "", ""]])

    response = caller.get("/export", format=format.value)

    assert body(response) == exported(caller.account, format)


@pytest.mark.parametrize(
    ("format", "content_type"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("jsonl", "application/jsonl"),
    ],
)
def test_the_answer_is_a_download_that_no_cache_keeps(format, content_type):
    caller = program(AccountFactory.create(slug="demo"))

    response = caller.get("/export", format=format)

    body(response)
    name = response["Content-Disposition"].removeprefix('attachment; filename="catalog-demo-')
    assert name[10:] == f'.{format}"'
    assert response["Content-Type"] == content_type
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["A-1", "A-2", "B-1"]),
        ({"q": "b-1"}, ["B-1"]),
        ({"category": "Home/Fans"}, ["A-1", "A-2"]),
        ({"tag": "old"}, ["B-1"]),
        ({"collection": "none"}, []),
        ({"active": "true"}, ["A-1", "A-2"]),
        ({"active": "false"}, ["B-1"]),
        ({"updated_since": "2999-01-01"}, []),
    ],
    ids=str,
)
def test_filters_are_those_of_the_products(caller, query, expected):
    import_rows(caller.account, HEADER, ROWS)

    assert skus(caller, **query) == expected


def test_a_file_is_imported_again_without_a_change(caller):
    import_rows(caller.account, HEADER, ROWS)

    upload = import_bytes(caller.account, body(caller.get("/export", format="csv")))

    assert counts(upload) == {"unchanged": 3}


def test_rows_are_read_only_as_they_are_sent(caller):
    import_rows(caller.account, HEADER, [[f"S-{n}", f"P-{n}", "", "", ""] for n in range(1_200)])

    with CaptureQueriesContext(connection) as before:
        response = caller.get("/export", format="csv")
        pieces = iter(response.streaming_content)
        first = next(pieces)
    with CaptureQueriesContext(connection) as after:
        rest = list(pieces)

    assert first.startswith(b"\xef\xbb\xbfProduct Name,")
    assert not any("description" in query["sql"] for query in before.captured_queries)
    assert len(rest) == 3
    assert len(after.captured_queries) == 3 * 7


def test_what_no_workbook_holds_is_refused_before_anything_is_sent(caller):
    import_rows(
        caller.account, ["SKU", "Product Name", "Description"], [["A", "Fan", "x" * 40_000]]
    )

    response = caller.get("/export", format="xlsx")

    assert response.status_code == 422
    assert response.json() == failure(
        "format",
        "Cell D2 would have 40,000 characters; a cell of a workbook holds 32,767. "
        "Choose CSV or JSON Lines.",
    )


@pytest.mark.parametrize("query", [{}, {"format": "pdf"}, {"format": "csv", "active": "maybe"}])
def test_a_wrong_query_is_a_failure(caller, query):
    response = caller.get("/export", **query)

    assert response.status_code == 422
    assert response.json()["status"] == "failure"


def test_a_token_that_may_not_read_gets_nothing():
    response = program(None, Scope.UPLOADS).get("/export", format="csv")

    assert response.status_code == 403
    assert not response.streaming
