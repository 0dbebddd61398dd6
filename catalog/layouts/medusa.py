"""Medusa's product export: every row a variant, with all that its product says.

Columns: https://docs.medusajs.com/user-guide/products/import
"""

import re
from typing import Final

from bulk_uploads.layouts import LaidOutRow
from bulk_uploads.readers.base import RawRow
from catalog.file_format.columns import Field
from catalog.layouts.base import (
    LayoutContext,
    RowDraft,
)
from catalog.layouts.cell_texts import as_list
from catalog.layouts.file_columns import Cell, FileColumns
from catalog.layouts.foreign_file import RowwiseFile

_OPTION: Final = re.compile(r"^Variant Option (\d+) Name$", re.IGNORECASE)
_PRICE_IN: Final = re.compile(r"^Variant Price [A-Z]{3}$", re.IGNORECASE)
_TAG: Final = re.compile(r"^Product Tag \d+$", re.IGNORECASE)
_PICTURE: Final = re.compile(r"^Product Image \d+( Url)?$", re.IGNORECASE)


def is_medusa(columns: FileColumns) -> bool:
    return columns.has("Product Handle", "Product Title", "Variant Title", "Variant Sku")


class MedusaProducts(RowwiseFile):
    name = "medusa_products"
    label = "Medusa products"

    def __init__(self, columns: FileColumns, context: LayoutContext) -> None:
        super().__init__(columns, context)
        self._plain = [
            (Field.PRODUCT_KEY, self.taken("Product Handle", field=Field.PRODUCT_KEY)),
            (Field.SKU, self.taken("Variant Sku", field=Field.SKU)),
            (Field.NAME, self.taken("Product Title", field=Field.NAME)),
            (Field.DISPLAY_NAME, self.taken("Variant Title", field=Field.DISPLAY_NAME)),
            (Field.DESCRIPTION, self.taken("Product Description", field=Field.DESCRIPTION)),
        ]
        # A variant has one price in each currency the shop sells in.
        price = f"Variant Price {context.numbers.currency}"
        self._plain.append((Field.PRICE, self.taken(price, field=Field.PRICE)))
        if not columns.has(price):
            foreign = [name for name in columns.header if _PRICE_IN.match(name)]
            self.file_notes.prices_in_other_currencies(foreign)
        self._tax_numbers = (
            self.taken("Variant Hs Code", field=Field.TAX_NUMBER),
            self.taken("Product Hs Code", field=Field.TAX_NUMBER),
        )
        self._status = self.taken("Product Status", field=Field.ACTIVE)
        self._barcodes = [
            (name, self.taken(name, field=Field.EAN))
            for name in ("Variant Ean", "Variant Barcode", "Variant Upc")
        ]
        self._thumbnail = self.taken("Product Thumbnail", field=Field.MEDIA)
        self._pictures = columns.matching(lambda name: bool(_PICTURE.match(name)))
        self._tags = columns.matching(lambda name: bool(_TAG.match(name)))
        for found, field in ((self._pictures, Field.MEDIA), (self._tags, Field.TAGS)):
            for header, _ in found[:1]:
                self.made.field(field, header)
        self._options = self._option_columns()
        self._attributes: dict[str, str] = {}

    def _option_columns(self) -> list[tuple[Cell, Cell, str]]:
        found = []
        for header in self.file.header:
            if match := _OPTION.match(header):
                value = f"Variant Option {match[1]} Value"
                source = self.file.name_of(value)
                found.append((self.file.cell(header), self.file.cell(value), source))
        return found

    def see(self, row: RawRow) -> None:
        for name, _, source in self._options:
            if (text := name(row.cells)) and text not in self._attributes:
                self._attributes[text] = self.made.attribute(text, source)

    def made_of(self, row: RawRow) -> LaidOutRow:
        return self.laid_out(self._draft(row))

    def _draft(self, row: RawRow) -> RowDraft:
        cells, draft = row.cells, RowDraft(row)
        for field, plain in self._plain:
            draft.put(field, plain(cells))
        draft.put(Field.TAX_NUMBER, next(filter(None, (c(cells) for c in self._tax_numbers)), ""))
        status = self._status(cells).casefold()
        draft.put(Field.ACTIVE, "TRUE" if status == "published" else "FALSE" if status else "")
        draft.put(Field.TAGS, as_list(cell(cells) for _, cell in self._tags))
        for name, barcode in self._barcodes:
            if text := barcode(cells):
                draft.put_barcode(text, self.file.name_of(name))
                break
        pictures = [self._thumbnail(cells), *(cell(cells) for _, cell in self._pictures)]
        column = self.file.name_of("Product Thumbnail", "Product Image 1")
        draft.put(Field.MEDIA, self.file_notes.web_addresses(dict.fromkeys(pictures), column))
        for option, value, _ in self._options:
            if option(cells):
                draft.values[self._attributes[option(cells)]] = value(cells)
        return draft
