"""What rows of things that do not exist yet come to, before anything of it is written."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from catalog.importing.header_plan import HeaderPlan
from catalog.importing.judging import Accepted
from catalog.writing.drafts import NewVariants, ProductDraft


class NewRows(NamedTuple):
    """Rows and the variants they make, in the same order."""

    items: Sequence[Accepted]
    columns: NewVariants


def new_product(plan: HeaderPlan, item: Accepted, *, use_digests: bool) -> ProductDraft:
    """The product that a row makes, where no other product's values go with it."""
    said = item.read.product
    return ProductDraft(
        key=item.product_key,
        name=said.name,
        category=said.category,
        tags=said.tags,
        collections=said.collections,
        # One that inherits is more than its row says.
        digest=None if item.head else product_digest(plan, item, use_digests=use_digests),
        row=item.row.number,
    )


def product_digest(plan: HeaderPlan, item: Accepted, *, use_digests: bool) -> bytes | None:
    if not use_digests or item.read.digest is None:
        return None
    return plan.product_digest(item.row.product_cells)


def new_variants(new: Sequence[Accepted], *, use_digests: bool) -> Iterator[NewRows]:
    # Rows that were read together stand in the same columns; mostly that is all of them.
    for _, group in groupby(new, key=lambda item: id(item.read.reading)):
        items = list(group)
        columns = items[0].read.reading.new_variants([item.row for item in items])
        if not use_digests:
            columns.digests = [None] * len(items)
        yield NewRows(items, columns)
