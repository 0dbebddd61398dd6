"""What the floor writes: the difference between two snapshots, cut into an import's batches."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from benchmarks.snapshots import Snapshot, TableRows, Values

BATCH_ROWS = 2_000

#: For each table, the column whose value says with which batch its rows are written, and what
#: that column is: a row that others refer to is there before them or with them. Tables that are
#: not named here (taxonomy, definitions) go with the first batch.
_CUTS = {
    "catalog_product": ("product", "id"),
    "catalog_producttag": ("product", "product_id"),
    "catalog_productcollection": ("product", "product_id"),
    "catalog_variant": ("variant", "id"),
    "catalog_mediaasset": ("asset", "id"),
    "catalog_medialink": ("variant", "variant_id"),
    "catalog_change": ("row", "row"),
    "catalog_productdecision": ("row", "row"),
    "bulk_uploads_rowresult": ("row", "row"),
    "bulk_uploads_rowissue": ("row", "row"),
}
_LAST = float("inf")


@dataclass(frozen=True, slots=True)
class Write:
    """Rows to insert, or, with a `key`, rows to update: its columns come first in each row."""

    table: str
    columns: tuple[str, ...]
    rows: list[Values]
    key: tuple[str, ...] = ()


def batches(before: Snapshot, after: Snapshot) -> list[list[Write]]:
    """Batch by batch what leads from one snapshot to the other."""
    bounds = _bounds(after)
    planned: list[list[Write]] = [[] for _ in bounds["variant"]]
    for table in sorted(after, key=_place):
        for write in filter(_has_rows, _difference(table, before[table], after[table])):
            for batch, part in enumerate(_cut(write, bounds)):
                if _has_rows(part):
                    planned[batch].append(part)
    return planned


def _has_rows(write: Write) -> bool:
    return bool(write.rows)


def _place(table: str) -> int:
    """Tables in the order in which their rows depend on each other, as far as that matters."""
    order = list(_CUTS)
    return order.index(table) if table in order else -1


def _difference(table: str, before: TableRows, after: TableRows) -> Iterator[Write]:
    """One write for the rows that are new, and one for those that differ, in what differs."""
    stood = before.by_key()
    stands = after.by_key()
    if stood.keys() - stands.keys():
        raise ValueError(f"The floor knows no deletions, but rows of {table} are gone.")
    yield Write(table, after.columns, [row for key, row in stands.items() if key not in stood])
    changed = [row for key, row in stands.items() if key in stood and stood[key] != row]
    differing = [
        place
        for place in range(len(after.columns))
        if any(stood[_key(after, row)][place] != row[place] for row in changed)
    ]
    places = (*after.key, *differing)
    yield Write(
        table,
        tuple(after.columns[place] for place in places),
        [tuple(row[place] for place in places) for row in changed],
        key=tuple(after.columns[place] for place in after.key),
    )


def _key(table: TableRows, row: Values) -> Values:
    return tuple(row[place] for place in table.key)


def _bounds(after: Snapshot) -> dict[str, list[float]]:
    """For each batch the highest variant, product, asset and file row that belongs to it."""
    variants = after["catalog_variant"]
    links = after["catalog_medialink"]
    variant_ids = [row[variants.column("id")] for row in variants.rows]
    product_ids = [row[variants.column("product_id")] for row in variants.rows]
    last_places = [*range(BATCH_ROWS, len(variant_ids), BATCH_ROWS), len(variant_ids)]
    variant_bounds = [variant_ids[place - 1] for place in last_places]
    highest_products = list(accumulate(product_ids, max))
    owners = [row[links.column("variant_id")] for row in links.rows]
    highest_assets = list(accumulate((row[links.column("asset_id")] for row in links.rows), max))
    bounds: dict[str, list[float]] = {
        "variant": variant_bounds,
        "product": [highest_products[place - 1] for place in last_places],
        "asset": [highest_assets[bisect_right(owners, last) - 1] for last in variant_bounds],
        # The header is row 1.
        "row": [place + 1 for place in last_places],
    }
    for limits in bounds.values():
        limits[-1] = _LAST
    return bounds


def _cut(write: Write, bounds: dict[str, list[float]]) -> Iterator[Write]:
    if write.table not in _CUTS:
        yield write
        return
    unit, column = _CUTS[write.table]
    if column not in write.columns:
        raise ValueError(f"{write.table} changes without its {column}; the floor cannot place it.")
    place = write.columns.index(column)

    def position(row: Values) -> Any:
        return _LAST if row[place] is None else row[place]

    rows = sorted(write.rows, key=position)
    positions = [position(row) for row in rows]
    start = 0
    for bound in bounds[unit]:
        end = bisect_right(positions, bound)
        yield Write(write.table, write.columns, rows[start:end], write.key)
        start = end
