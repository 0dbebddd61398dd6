"""Shopify's product CSV: rows of one handle are a product, and some of them are only a picture.

Columns: https://help.shopify.com/en/manual/products/import-export/using-csv, the names of 2024 and
those before.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from bulk_uploads.layouts import LaidOutRow
from bulk_uploads.readers.base import DefectCode, RawRow
from catalog.file_format.columns import Field
from catalog.layouts.base import (
    LayoutContext,
    RowDraft,
    is_ragged,
)
from catalog.layouts.cell_texts import active, as_list, category_path, comma_items, scaled
from catalog.layouts.file_columns import Cell, FileColumns
from catalog.layouts.foreign_file import ForeignFile
from catalog.layouts.groups import Group, neighbours

_OPTIONS: Final = (1, 2, 3)
_METAFIELD: Final = re.compile(r"^(?P<name>.+?)\s*\(product\.metafields\.[^()]+\)$")
_NO_OPTION: Final = "title"
_TORN = (
    "Rows of one handle must stand together, below the row that names the product and its options. "
    "Sort the file by its handle."
)
_HEADLESS = (
    "No row beside it names the product of this row, and with blank cells emptying, what is stored "
    "of the product would be lost. Sort the file by its handle, or let blank cells keep what is "
    "stored."
)
_TOO_LARGE = "Too many rows of this handle stand above: this picture is not taken."


def is_shopify(columns: FileColumns) -> bool:
    return columns.has("Handle", "Title", "Option1 Value", "Variant Price") or columns.has(
        "URL handle", "Title", "Option1 value", "Price"
    )


class ShopifyProducts(ForeignFile):
    name = "shopify_products"
    label = "Shopify products"

    def __init__(self, columns: FileColumns, context: LayoutContext) -> None:
        super().__init__(columns, context)
        self._numbers = context.numbers
        self._handle = self.taken("Handle", "URL handle", field=Field.PRODUCT_KEY)
        self._sku = self.taken("Variant SKU", "SKU", field=Field.SKU)
        self._title = self.taken("Title", field=Field.NAME)
        self._description = self.taken("Body (HTML)", "Description", field=Field.DESCRIPTION)
        self._tags = self.taken("Tags", field=Field.TAGS)
        self._category = self.taken("Product Category", field=Field.CATEGORY)
        self._type = self.taken("Type", field=Field.CATEGORY)
        self._price = self.taken("Variant Price", "Price", field=Field.PRICE)
        self._list_price = self.taken(
            "Variant Compare At Price", "Compare-at price", field=Field.LIST_PRICE
        )
        self._barcode = self.taken("Variant Barcode", "Barcode", field=Field.EAN)
        self._grams = self.taken("Variant Grams", "Weight value (grams)", field=Field.WEIGHT)
        self._published = self.taken("Published", "Published on online store", field=Field.ACTIVE)
        self._status = self.taken("Status", field=Field.ACTIVE)
        self._picture = self.taken("Image Src", "Product image URL", field=Field.MEDIA)
        self._shown = columns.name_of("Image Src", "Product image URL")
        self._own_picture = self.taken("Variant Image", "Variant image URL", field=Field.MEDIA)
        self._options = [
            (columns.cell(f"Option{n} Name"), columns.cell(f"Option{n} Value")) for n in _OPTIONS
        ]
        self._details = self._detail_columns()
        self._attributes: dict[str, str] = {}

    def _detail_columns(self) -> list[tuple[str, Cell]]:
        """Vendor, type and the shop's own fields stand in a property set of each variant."""
        found = [
            (self.made.detail(name, self.file.name_of(name)), self.file.cell(name))
            for name in ("Vendor", "Type")
            if self.file.has(name)
        ]
        for header, cell in self.file.matching(lambda name: bool(_METAFIELD.match(name))):
            match = _METAFIELD.match(header)
            found.append((self.made.detail(match["name"] if match else header, header), cell))
        return found + self.own_columns()

    # The first look

    def see(self, row: RawRow) -> None:
        for place, (option, _) in enumerate(self._options):
            name = option(row.cells)
            if name and name.casefold() != _NO_OPTION and name not in self._attributes:
                source = self.file.name_of(f"Option{place + 1} Value")
                self._attributes[name] = self.made.attribute(name, source)

    def groups_of(self, cells: Sequence[str]) -> Collection[str]:
        """All rows of a handle: title, options and pictures may stand in any of them."""
        return [handle] if (handle := self._handle(cells)) else []

    # The second look

    def lay_out(self, rows: Iterable[RawRow]) -> Iterator[LaidOutRow]:
        product: _Product | None = None
        for group in neighbours(rows, lambda row: self._handle(row.cells)):
            if product is None or not group.goes_on:
                product = self._product(group)
            for row in group.rows:
                yield self._row(row, product, group)

    def _product(self, group: Group) -> "_Product":
        """What the rows of a handle say together."""
        readable = [row for row in group.rows if not is_ragged(row)]
        head = next((row for row in readable if self._title(row.cells)), None)
        variant = next((row for row in readable if self._is_variant(row.cells)), None)
        pictures = [self._picture(row.cells) for row in readable]
        return _Product(
            names=[name(head.cells) for name, _ in self._options] if head else [],
            values=self._product_values(group.key, head.cells if head else []),
            first_variant=variant.number if variant else None,
            pictures=[picture for picture in pictures if picture],
        )

    def _product_values(self, handle: str, cells: Sequence[str]) -> dict[Field | str, str]:
        values: dict[Field | str, str] = {Field.PRODUCT_KEY: handle}
        if not cells:
            return values
        values |= {
            Field.NAME: self._title(cells),
            Field.DESCRIPTION: self._description(cells),
            Field.TAGS: as_list(comma_items(self._tags(cells))),
            Field.CATEGORY: category_path(self._category(cells) or self._type(cells)),
            Field.ACTIVE: self._activity(cells),
        }
        return values | {header: cell(cells) for header, cell in self._details}

    def _activity(self, cells: Sequence[str]) -> str:
        """A product is sold where it is both active and published."""
        status, published = self._status(cells).casefold(), active(self._published(cells))
        if status in ("draft", "archived", "unlisted"):
            return "FALSE"
        return published or ("TRUE" if status == "active" else status)

    def _is_variant(self, cells: Sequence[str]) -> bool:
        said = (self._sku, self._price, self._barcode, *(value for _, value in self._options))
        return any(cell(cells) for cell in said) or not self._picture(cells)

    def _row(self, row: RawRow, product: "_Product", group: Group) -> LaidOutRow:
        if is_ragged(row):
            return self.failed(row)
        if self._is_variant(row.cells):
            return self.laid_out(self._variant(row, product))
        picture = self._picture(row.cells)
        if group.goes_on:
            return self.failed(
                row, self.defect(DefectCode.GROUP_TOO_LARGE, self._shown, picture, _TOO_LARGE)
            )
        if product.first_variant is None:
            return self.failed(row, self.defect(DefectCode.GROUP_TORN, self._shown, picture, _TORN))
        return self.merged(row, product.first_variant)

    def _variant(self, row: RawRow, product: "_Product") -> RowDraft:
        cells = row.cells
        draft = RowDraft(row)
        for key, text in product.values.items():
            if isinstance(key, Field):
                draft.put(key, text)
            else:
                draft.values[key] = text
        draft.put(Field.SKU, self._sku(cells))
        draft.put(Field.PRICE, self._price(cells))
        draft.put(Field.LIST_PRICE, self._list_price(cells))
        draft.put(Field.WEIGHT, scaled(self._grams(cells), Decimal(1), self._numbers))
        column = self.file.name_of("Variant Barcode", "Barcode")
        draft.put_barcode(self._barcode(cells), column)
        draft.put(Field.MEDIA, self._pictures(row, product))
        self._put_options(draft, product)
        if self.clears_blanks and not product.names and not draft.defects:
            draft.defects.append(self.defect(DefectCode.GROUP_TORN, "Title", "", _HEADLESS))
        return draft

    def _pictures(self, row: RawRow, product: "_Product") -> str:
        """The variant's own picture; the product's stand with its first variant, and with those
        that have none."""
        own = self._own_picture(row.cells)
        shared = product.pictures if row.number == product.first_variant or not own else []
        return self.file_notes.web_addresses([own, *shared], self._shown)

    def _put_options(self, draft: RowDraft, product: "_Product") -> None:
        for place, (_, value) in enumerate(self._options):
            text = value(draft.source.cells)
            name = product.names[place] if product.names else ""
            if not text or name.casefold() == _NO_OPTION:
                continue
            if name:
                draft.values[self._attributes[name]] = text
            else:
                column = f"Option{place + 1} Value"
                draft.defects.append(self.defect(DefectCode.GROUP_TORN, column, text, _TORN))


class _Product:
    """`values` are by field or header; `names` those of its options, in their places: none where
    no row names the product."""

    __slots__ = ("first_variant", "names", "pictures", "values")

    def __init__(
        self,
        *,
        names: list[str],
        values: dict[Field | str, str],
        first_variant: int | None,
        pictures: list[str],
    ) -> None:
        self.names = names
        self.values = values
        self.first_variant = first_variant
        self.pictures = pictures
