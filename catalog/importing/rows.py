"""One row of a catalog file as its plan understands it, before the database is asked anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_uploads.processors import Issue
from bulk_uploads.spool import SpoolRow
from catalog.writing.drafts import ProductDraft, VariantDraft

if TYPE_CHECKING:
    from catalog.importing.reading import Reading


@dataclass(slots=True)
class ReadRow:
    """What a row says: a place in the columns it was read with, and drafts only once asked for.

    `sku` is the key the row is about, also where its EAN is what identifies it. `digest` is None
    where the row has issues: those must come again. A row with an error is not to be applied.
    """

    reading: Reading
    place: int
    sku: str
    issues: list[Issue]
    digest: bytes | None
    sets_gtin: bool
    ean: str
    gtin: str | None
    _product: ProductDraft | None = None

    @property
    def product(self) -> ProductDraft:
        """The same draft at each call."""
        if self._product is None:
            self._product = self.reading.product_draft(self.place)
        return self._product

    @property
    def product_name(self) -> str | None:
        return self.reading.product_name(self.place)

    @property
    def product_key(self) -> str:
        return self.reading.product_key(self.place)

    def variant_draft(self) -> VariantDraft:
        """What becomes of a variant that exists already."""
        draft = self.reading.variant_draft(self.place)
        draft.sku, draft.digest = self.sku, self.digest
        if self.sets_gtin:
            draft.values["ean"] = self.ean
            draft.values["gtin"] = self.gtin
        return draft


@dataclass(slots=True)
class FileRow:
    """What every row needs at once; the rest (`read`) only where something may have changed.

    `sku` is empty where the EAN is the key. `product_cells` are the raw texts of the product
    columns, in the order of the plan's `product_columns`.
    """

    source: SpoolRow
    cells: list[str]
    digest: bytes
    sku: str
    product_cells: tuple[str, ...]
    ean: str = ""
    gtin: str | None = None
    key_issues: list[Issue] | None = None
    read: ReadRow | None = None

    @property
    def number(self) -> int:
        return self.source.number
