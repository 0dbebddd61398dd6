"""Recognising at once many rows that change nothing: as they stand in the spool, by their digests.

It comes to what judging each of the rows would come to, and gives up where any of them needs that.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import itemgetter

import orjson

from bulk_uploads.models import Outcome
from bulk_uploads.processors import RowOutcome
from catalog.importing.decisions import Decision, Decisions
from catalog.importing.header_plan import HeaderPlan
from catalog.writing.context import WriteContext

# A digest counts only while the change it belongs to is the object's newest.
_VARIANTS = """
SELECT sku, id, product_id, digest FROM catalog_variant
WHERE digest_change_id IS NOT DISTINCT FROM last_change_id AND account_id = %s AND sku """
_PRODUCTS = """
SELECT id, key, CASE WHEN digest_change_id IS NOT DISTINCT FROM last_change_id THEN digest END
FROM catalog_product WHERE id """


@dataclass(frozen=True, slots=True)
class Glance:
    """Columns of rows. `products` are the texts of the product columns as they are spooled."""

    numbers: list[int]
    skus: list[str]
    digests: list[bytes]
    products: list[tuple[bytes, ...]]


def _picking(places: Sequence[int]) -> Callable[[Sequence[bytes]], tuple[bytes, ...]]:
    """Takes the texts at these places, in the order of the places."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda texts: tuple([texts[place] for place in places])


class Recogniser:
    """Of one plan's rows. It takes rows with a SKU alone: an EAN says less of what it is about."""

    def __init__(self, plan: HeaderPlan) -> None:
        if plan.sku is None:
            raise ValueError("rows are recognised by their SKU, and there is no such column")
        self._plan = plan
        self._sku = plan.sku.index
        places = [column.index for column in plan.product_columns]
        self._product_texts = _picking(places)
        self._most_splits = max(self._sku, *places, 0) + 1

    def glance(self, lines: Sequence[bytes]) -> Glance:
        """At lines of a spool that are rows without anything beside their cells."""
        sku, most = self._sku, self._most_splits
        product_texts, digest_of = self._product_texts, self._plan.row_digest
        numbers, skus, digests, products = [], [], [], []
        # All of one line at once, while it is in the processor's cache.
        for line in lines:
            number, _, document = line[:-2].partition(b",")
            if b"\\" in document:
                texts = [text.encode() for text in orjson.loads(document)]
            else:
                # Without an escape `","` stands between cells and nowhere else. So the cells need
                # not be decoded, most of which nobody will look at.
                texts = document[2:-2].split(b'","', most)
            numbers.append(int(number[1:]))
            skus.append(texts[sku].decode().strip())
            digests.append(digest_of(document))
            products.append(product_texts(texts))
        return Glance(numbers, skus, digests, products)

    def recognise(
        self, context: WriteContext, glance: Glance, decisions: Decisions
    ) -> list[RowOutcome] | None:
        """None if not all rows are as they were. What they decide of products is decided."""
        tables = context.tables
        found = tables.select(
            _VARIANTS + tables.in_list, [context.account_id, tables.among(glance.skus)]
        )
        if len(found) != len(glance.skus):
            # One is new, was changed by others since, or comes twice in this batch.
            return None
        stored = {row[0]: row for row in found}
        variants = [stored[sku] for sku in glance.skus]
        if [variant[3] for variant in variants] != glance.digests:
            return None
        if self._plan.product_columns and not self._recognise_products(
            context, glance, [variant[2] for variant in variants], decisions
        ):
            return None
        ids = [variant[1] for variant in variants]
        return list(map(RowOutcome, glance.numbers, glance.skus, repeat(Outcome.UNCHANGED), ids))

    def _recognise_products(
        self,
        context: WriteContext,
        glance: Glance,
        product_ids: Sequence[int],
        decisions: Decisions,
    ) -> bool:
        first_rows: dict[int, tuple[tuple[bytes, ...], int]] = {}
        for product_id, texts, number in zip(
            product_ids, glance.products, glance.numbers, strict=True
        ):
            first = first_rows.get(product_id)
            if first is None:
                first_rows[product_id] = texts, number
            elif first[0] != texts:
                # Rows of one product differ in what they say of it.
                return False
        tables = context.tables
        found = tables.select(_PRODUCTS + tables.in_list, [tables.among(first_rows)])
        if len(found) != len(first_rows):
            # Somebody has deleted one in this moment.
            return False
        products = {product_id: (key, digest) for product_id, key, digest in found}
        decisions.load(context, [key for key, _ in products.values()])
        return all(
            self._recognise_product(*products[product_id], texts, number, decisions)
            for product_id, (texts, number) in first_rows.items()
        )

    def _recognise_product(
        self,
        key: str,
        digest: bytes | None,
        texts: tuple[bytes, ...],
        number: int,
        decisions: Decisions,
    ) -> bool:
        cells = tuple([text.decode().strip() for text in texts])
        stated = self._plan.stated_key(cells)
        if stated is not None and stated != key:
            return False
        decision = decisions.of(key)
        if decision is not None:
            return decision.cells == cells
        if digest is None or digest != self._plan.product_digest(cells):
            return False
        decisions.decide(key, Decision(number, cells))
        return True
