"""A workbook and a JSON file import as the CSV file of the same table does."""

import json

import pytest

from catalog.models import Variant
from tests.api_client import program
from tests.factories.accounts import AccountFactory
from tests.imports import catalog_of, counts, import_bytes, import_rows

from .workbooks import in_another_form, shared_workbook, workbook

HEADER = ["Product Name", "SKU", "EAN", "Price", "Active", "Tags", "Variant #; sweep size(mm)"]
TYPED: list[list[object]] = [
    ["Fan", "1001", 96385074, 14788.5, True, "a#;b", 1200],
    ["Fan", "0002", None, 5, False, "a#;b", None],
    ["Lamp", "x-3", 4006381333931, 0.1 + 0.2, None, None, 7],
]
TEXTS = [
    ["Fan", "1001", "96385074", "14788.5", "TRUE", "a#;b", "1200"],
    ["Fan", "0002", "", "5", "FALSE", "a#;b", ""],
    ["Lamp", "x-3", "4006381333931", "0.3", "", "", "7"],
]


def as_json(rows: list[list[object]]) -> bytes:
    objects = [dict(zip(HEADER, row, strict=True)) for row in rows]
    return json.dumps(objects).replace("0.30000000000000004", "0.3").encode()


def stored(catalog: dict[str, object]) -> dict[str, object]:
    """What was stored, without who wrote it."""
    return {name: value for name, value in catalog.items() if name != "changes"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "content",
    [
        workbook(HEADER, *TYPED),
        shared_workbook(HEADER, *TYPED),
        in_another_form(shared_workbook(HEADER, *TYPED)),
        as_json(TYPED),
    ],
    ids=["inline", "shared", "other xml", "json"],
)
def test_the_same_table_fills_the_same_catalog(content):
    from_csv, other = AccountFactory.create(), AccountFactory.create()
    import_rows(from_csv, HEADER, TEXTS)
    upload = import_bytes(other, content)
    assert counts(upload) == {"created": 3}
    assert stored(catalog_of(other)) == stored(catalog_of(from_csv))
    assert counts(import_rows(other, HEADER, TEXTS)) == {"unchanged": 3}


@pytest.mark.django_db(transaction=True)
def test_an_answer_of_the_api_uploaded_again_changes_nothing():
    caller = program()
    import_rows(caller.account, HEADER, TEXTS)
    products = import_bytes(caller.account, caller.get("/products").content)
    assert counts(products) == {"unchanged": 3}
    variant = import_bytes(caller.account, caller.get("/variants", sku="1001").content)
    assert counts(variant) == {"unchanged": 1}
    assert Variant.objects.count() == 3
