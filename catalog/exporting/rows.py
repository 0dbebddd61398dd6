"""Reads the rows of an export in batches: constant queries a batch, 16 bytes of memory a row."""

from array import array
from collections.abc import Collection, Iterator

from django.db.models import F

from bulk_uploads.writers import Cell
from catalog.exporting.columns import ExportColumns, ExportedProduct
from catalog.exporting.selection import Selection
from catalog.models import Product
from catalog.reading.definitions import load_definitions
from catalog.reading.media import media_of_variants
from catalog.reading.published_media import published_addresses
from catalog.reading.shelves import collections_of, tags_of
from catalog.reading.variants import variants_by_id

BATCH_ROWS = 500
_IDS_AT_ONCE = 5_000


class ExportRows:
    """One row a variant, by product and then by variant, oldest first. Iterate for batches.

    Which variants, and the columns, are those of the moment it is made: what is created meanwhile
    stays out, what is deleted meanwhile is missing. `len()` is the number of variants. `site` is
    the scheme and host that published pictures are reached at.
    """

    def __init__(
        self, selection: Selection, *, site: str = "", batch_rows: int = BATCH_ROWS
    ) -> None:
        self._batch_rows = batch_rows
        self._account_id, self._site = selection.account_id, site
        self._products, self._variants = _ids(selection)
        definitions = load_definitions(account_id=selection.account_id)
        self._columns = ExportColumns(definitions, with_keys=_any_key(selection))
        self.columns = self._columns.columns

    def __len__(self) -> int:
        return len(self._variants)

    def __iter__(self) -> Iterator[list[list[Cell]]]:
        for start in range(0, len(self), self._batch_rows):
            part = slice(start, start + self._batch_rows)
            yield self._batch(_products(set(self._products[part])), self._variants[part].tolist())

    def _batch(self, products: dict[int, ExportedProduct], ids: list[int]) -> list[list[Cell]]:
        variants = variants_by_id(ids)
        media = media_of_variants(ids)
        cells = self._columns.cells
        found = [variants[pk] for pk in ids if pk in variants]
        elsewhere = {variant.product_id for variant in found} - products.keys()
        if elsewhere:
            # Moved since its id was read.
            products = products | _products(elsewhere)
        published = published_addresses(
            account_id=self._account_id,
            skus=[variant.sku for variant in found],
            site=self._site,
        )
        return [
            cells(
                products[variant.product_id],
                variant,
                media.get(variant.id, {}),
                published.get(variant.sku, ()),
            )
            for variant in found
        ]


def _ids(selection: Selection) -> "tuple[array[int], array[int]]":
    """Product and variant ids, in the order of the rows; one query."""
    products, variants = array("q"), array("q")
    rows = selection.variants.order_by("product_id", "id").values_list("product_id", "id")
    for product_id, variant_id in rows.iterator(chunk_size=_IDS_AT_ONCE):
        products.append(product_id)
        variants.append(variant_id)
    return products, variants


def _any_key(selection: Selection) -> bool:
    """Whether a product of the selection has a key of its own; nearly always none of any has."""
    keyed = Product.objects.for_account(selection.account_id).exclude(key=F("name")).order_by()
    if not keyed.exists():
        return False
    return keyed.filter(pk__in=selection.variants.order_by().values("product_id")).exists()


def _products(ids: Collection[int]) -> dict[int, ExportedProduct]:
    """By id; three queries."""
    tags, collections = tags_of(ids), collections_of(ids)
    rows = Product.objects.filter(pk__in=ids).order_by()
    return {
        pk: ExportedProduct.of(name, key, path, tags.get(pk, []), collections.get(pk, []))
        for pk, name, key, path in rows.values_list("id", "name", "key", "category__path")
    }
