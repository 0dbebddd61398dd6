"""Google Merchant Center's product data: one row an item, items of a group are variants.

Attributes: https://support.google.com/merchants/answer/7052112
"""

import re
from collections.abc import Collection, Sequence
from typing import Final

from bulk_uploads.layouts import LaidOutRow
from bulk_uploads.readers.base import DefectCode, RawRow
from catalog.file_format.columns import Field
from catalog.layouts.base import (
    LayoutContext,
    Memory,
    RowDraft,
)
from catalog.layouts.cell_texts import GRAMS, category_path, comma_addresses, scaled
from catalog.layouts.file_columns import Cell, FileColumns
from catalog.layouts.foreign_file import RowwiseFile
from catalog.layouts.sale_dates import SaleDates

_AXES: Final = ("color", "size", "material", "pattern")
_DETAILS: Final = ("brand", "mpn", "condition", "gender", "age_group")
_PRICE: Final = re.compile(r"^(?P<amount>[\d.,]+)\s*(?P<currency>[A-Z]{3})$")
_WEIGHT: Final = re.compile(r"^(?P<amount>[\d.,]+)\s*(?P<unit>[a-z]+)$", re.IGNORECASE)


def is_google_merchant(columns: FileColumns) -> bool:
    return columns.has("id", "title", "link", "image_link", "price", "availability")


class GoogleMerchantProducts(RowwiseFile):
    name = "google_merchant_products"
    label = "Google Merchant products"

    def __init__(self, columns: FileColumns, context: LayoutContext) -> None:
        super().__init__(columns, context)
        self._numbers = context.numbers
        self._memory = Memory()
        self._id = self.taken("id", field=Field.SKU)
        self._group = columns.cell("item_group_id")
        self.made.field(Field.PRODUCT_KEY, columns.name_of("item_group_id", "id"))
        self._title = self.taken("title", field=Field.NAME)
        self.made.field(Field.DISPLAY_NAME, columns.name_of("title"))
        self._description = self.taken("description", field=Field.DESCRIPTION)
        self._price = self.taken("price", field=Field.PRICE)
        self.made.field(Field.LIST_PRICE, columns.name_of("price"))
        self._sale_price = columns.cell("sale_price")
        self._sale_dates = SaleDates(columns, now=context.now, interval="sale_price_effective_date")
        self._gtin = self.taken("gtin", field=Field.EAN)
        self._picture = self.taken("image_link", field=Field.MEDIA)
        self._pictures = columns.cell("additional_image_link")
        self._product_type = self.taken("product_type", field=Field.CATEGORY)
        self._google_type = self.taken("google_product_category", field=Field.CATEGORY)
        self._weight = self.taken("shipping_weight", "product_weight", field=Field.WEIGHT)
        self._others = self._other_columns()
        self._titles: dict[str, str] = {}

    def _other_columns(self) -> list[tuple[str, Cell]]:
        columns, made = self.file, self.made
        found = [
            (made.attribute(name, columns.name_of(name)), columns.cell(name))
            for name in _AXES
            if columns.has(name)
        ]
        found += [
            (made.detail(name.replace("_", " "), columns.name_of(name)), columns.cell(name))
            for name in _DETAILS
            if columns.has(name)
        ]
        return found + self.own_columns()

    def groups_of(self, cells: Sequence[str]) -> Collection[str]:
        return {self._group(cells)} - {""}

    def see(self, row: RawRow) -> None:
        group = self._group(row.cells)
        if group and group not in self._titles:
            self._titles[group] = self._title(row.cells)
            self._memory.keep(group, self._titles[group])

    def made_of(self, row: RawRow) -> LaidOutRow:
        return self.laid_out(self._draft(row))

    def _draft(self, row: RawRow) -> RowDraft:
        cells, draft = row.cells, RowDraft(row)
        group = self._group(cells)
        draft.put(Field.SKU, self._id(cells))
        draft.put(Field.PRODUCT_KEY, group or self._id(cells))
        # A group has no title of its own: its first item's speaks for the product.
        draft.put(Field.NAME, self._titles.get(group) or self._title(cells))
        if group:
            draft.put(Field.DISPLAY_NAME, self._title(cells))
        else:
            draft.put_nothing(Field.DISPLAY_NAME)
        draft.put(Field.DESCRIPTION, self._description(cells))
        price = self._amount(draft, "price", self._price(cells))
        sale = self._amount(draft, "sale_price", self._sale_price(cells))
        if sale and not self._sale_dates.holds(draft):
            sale = ""
        draft.put(Field.PRICE, sale or price)
        draft.put(Field.LIST_PRICE, price if sale else "")
        draft.put_barcode(self._gtin(cells), self.file.name_of("gtin"))
        pictures = [self._picture(cells), *comma_addresses(self._pictures(cells))]
        column = self.file.name_of("image_link")
        draft.put(Field.MEDIA, self.file_notes.web_addresses(pictures, column))
        self._put_category(draft)
        draft.put(Field.WEIGHT, self._grams(self._weight(cells)))
        draft.values.update({header: cell(cells) for header, cell in self._others})
        return draft

    def _put_category(self, draft: RowDraft) -> None:
        """The shop's own category; of Google's, which may also be a number, only the words."""
        cells = draft.source.cells
        own, googles = self._product_type(cells), self._google_type(cells)
        if not own and googles.isdigit():
            draft.put_nothing(Field.CATEGORY)
        else:
            draft.put(Field.CATEGORY, category_path(own or googles))

    def _amount(self, draft: RowDraft, name: str, text: str) -> str:
        match = _PRICE.match(text)
        if match is None:
            return text
        if match["currency"] != self._numbers.currency:
            message = (
                f"{text!r} is in {match['currency']}, but this account's prices are in "
                f"{self._numbers.currency}."
            )
            draft.defects.append(self.defect(DefectCode.OTHER_CURRENCY, name, text, message))
            return ""
        return match["amount"]

    def _grams(self, text: str) -> str:
        match = _WEIGHT.match(text)
        if match is None or match["unit"].casefold() not in GRAMS:
            return text
        return scaled(match["amount"], GRAMS[match["unit"].casefold()], self._numbers)
