"""Any upload, any edits behind it: undone, all is as before but for what was edited, listed."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from catalog.editing import edit_variant
from catalog.models import Variant
from catalog.writing.context import Actor
from tests.factories.accounts import AccountFactory
from tests.imports import import_rows
from tests.undos import things_of, undo

pytestmark = pytest.mark.django_db

SKUS = [f"S{number}" for number in range(6)]
HEADER = [
    "SKU",
    "Product Name",
    "Price",
    "Tags",
    "Category Path",
    "EAN",
    "Variant #; color",
    "Property Set Table #; size #; width(mm)",
    "Property Set List #; Features",
    "Media Paths",
]
EANS = ["4006381333931", "9780201379624", "8712345678906", ""]


def cell(*choices: str) -> st.SearchStrategy[str]:
    return st.sampled_from(choices)


row = st.tuples(
    cell("Fan", "Lamp", "Chair"),
    cell("", "1", "2", "3"),
    cell("", "new", "new#;old"),
    cell("", "Home", "Home/Light"),
    cell(*EANS),
    cell("", "red", "blue"),
    cell("", "10", "10#;20"),
    cell("", "quiet", "quiet#;light"),
    cell("", "https://a.example/1.png", "https://a.example/2.png#;https://a.example/1.png"),
)
#: Each SKU at most once, in any order.
rows = st.dictionaries(st.sampled_from(SKUS), row, min_size=1).flatmap(
    lambda found: st.permutations([[sku, *cells] for sku, cells in found.items()])
)


@example(
    first=[["S4", "Fan", *[""] * 3, EANS[2], *[""] * 4]],
    second=[
        ["S4", "Fan", *[""] * 3, EANS[1], *[""] * 4],
        ["S2", "Fan", *[""] * 3, EANS[2], *[""] * 4],
    ],
    blank_cells="keep",
    batch_rows=1,
    edited={"S2", "S4"},
)
@example(
    first=[["S1", "Fan", *[""] * 3, EANS[0], *[""] * 4]],
    second=[
        ["S1", "Fan", "1", *[""] * 2, EANS[1], *[""] * 4],
        ["S2", "Fan", *[""] * 3, EANS[0], *[""] * 4],
    ],
    blank_cells="keep",
    batch_rows=1,
    edited={"S1", "S2"},
)
@given(
    first=rows,
    second=rows,
    blank_cells=cell("keep", "clear"),
    batch_rows=st.sampled_from([1, 2, 2000]),
    edited=st.sets(st.sampled_from(SKUS), max_size=3),
)
@settings(max_examples=25, deadline=None)
def test_undone_all_is_as_before_but_for_what_was_edited(
    first: Any, second: Any, blank_cells: str, batch_rows: int, edited: set[str]
) -> None:
    account = AccountFactory.create()
    import_rows(account, HEADER, first)
    before = things_of(account)
    upload = import_rows(account, HEADER, second, batch_rows=batch_rows, blank_cells=blank_cells)
    there = edit_prices(account, edited)

    done = undo(upload)

    after = things_of(account)
    changed = {key for key, column in done.kept_rows.values_list("key", "column")}
    was = {row["sku"]: row for row in before["variants"]}
    held = {row["gtin"]: row["sku"] for row in after["variants"]}
    ean_kept = done.kept_rows.filter(column__contains="EAN").values_list("key", flat=True)
    for now in after["variants"]:
        sku = now["sku"]
        if sku not in was:
            assert sku in there & changed, "a created variant stays only where it was edited"
            continue
        expected = {**was[sku], "price": 77} if sku in there else was[sku]
        if sku in set(ean_kept):
            assert held[expected["gtin"]] in there, "what was edited stays, and keeps its EAN"
            expected = {**expected, "ean": now["ean"], "gtin": now["gtin"]}
        assert now == expected
    assert {row["sku"] for row in after["variants"]} >= set(was)
    if not there:
        assert not changed
        assert after == before


def edit_prices(account: Any, skus: set[str]) -> set[str]:
    """Of those that are there."""
    found = dict(Variant.objects.filter(account=account, sku__in=skus).values_list("sku", "id"))
    for variant_id in found.values():
        edit_variant(
            account_id=account.pk, actor=Actor(), variant_id=variant_id, values={"price": "77"}
        )
    return set(found)
