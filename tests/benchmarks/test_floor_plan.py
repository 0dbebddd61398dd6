"""What the floor writes: each new row once, no sooner than what it refers to, and each change."""

import pytest

from benchmarks.floor_plan import BATCH_ROWS, batches
from benchmarks.snapshots import Snapshot, TableRows

VARIANTS = 2 * BATCH_ROWS + 1


def snapshot(*, price: int | None = None) -> Snapshot:
    """Two variants a product and one picture each; without a price, no rows at all."""
    count = VARIANTS if price is not None else 0
    return {
        "catalog_tag": TableRows(("id",), (0,), [(1,)] if count else []),
        "catalog_medialink": TableRows(
            ("variant_id", "property_set_id", "position", "asset_id"),
            (0, 1, 2),
            [(variant, 1, 0, variant) for variant in range(1, count + 1)],
        ),
        "catalog_mediaasset": TableRows(("id",), (0,), [(n,) for n in range(1, count + 1)]),
        "catalog_product": TableRows(("id",), (0,), [(n,) for n in range(1, (count + 3) // 2)]),
        "catalog_variant": TableRows(
            ("id", "product_id", "price"),
            (0,),
            [(n, (n + 1) // 2, price) for n in range(1, count + 1)],
        ),
    }


def test_every_new_row_is_written_once():
    after = snapshot(price=5)
    written = {table: [] for table in after}
    for batch in batches(snapshot(), after):
        for write in batch:
            assert write.key == ()
            written[write.table] += write.rows
    assert written == {table: stored.rows for table, stored in after.items()}


def test_no_row_is_written_before_the_ones_it_refers_to():
    products, assets, variants = set(), set(), set()
    for batch in batches(snapshot(), snapshot(price=5)):
        rows = {write.table: write.rows for write in batch}
        products |= {row[0] for row in rows.get("catalog_product", [])}
        assets |= {row[0] for row in rows.get("catalog_mediaasset", [])}
        variants |= {row[0] for row in rows["catalog_variant"]}
        assert {row[1] for row in rows["catalog_variant"]} <= products
        assert {row[0] for row in rows["catalog_medialink"]} <= variants
        assert {row[3] for row in rows["catalog_medialink"]} <= assets


def test_batches_hold_as_many_variants_as_an_import_takes():
    sizes = [
        len(write.rows)
        for batch in batches(snapshot(), snapshot(price=5))
        for write in batch
        if write.table == "catalog_variant"
    ]
    assert sizes == [BATCH_ROWS, BATCH_ROWS, 1]


def test_changed_rows_are_updated_in_the_columns_that_differ():
    planned = [write for batch in batches(snapshot(price=5), snapshot(price=6)) for write in batch]
    assert {write.table for write in planned} == {"catalog_variant"}
    assert {(write.key, write.columns) for write in planned} == {(("id",), ("id", "price"))}
    assert [row for write in planned for row in write.rows] == [
        (n, 6) for n in range(1, VARIANTS + 1)
    ]


def test_nothing_is_written_where_nothing_differs():
    assert [batch for batch in batches(snapshot(price=5), snapshot(price=5)) if batch] == []


def test_rows_that_are_gone_are_refused():
    with pytest.raises(ValueError, match="rows of catalog_tag are gone"):
        batches(
            {**snapshot(price=5), "catalog_tag": TableRows(("id",), (0,), [(1,), (2,)])},
            snapshot(price=5),
        )
