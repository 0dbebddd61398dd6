"""WooCommerce's product CSV: a parent row says what its variations have in common.

Columns: https://github.com/woocommerce/woocommerce/wiki/Product-CSV-Import-Schema
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bulk_uploads.layouts import LaidOutColumn, LaidOutRow
from bulk_uploads.readers.base import DefectCode, RawRow
from catalog.file_format.columns import Field, squeeze
from catalog.layouts.base import (
    LayoutContext,
    Memory,
    RowDraft,
)
from catalog.layouts.cell_texts import (
    GRAMS,
    MILLIMETRES,
    active,
    as_list,
    category_path,
    comma_addresses,
    comma_items,
    scaled,
    shelves,
)
from catalog.layouts.file_columns import Cell, FileColumns
from catalog.layouts.foreign_file import RowwiseFile
from catalog.layouts.sale_dates import SaleDates

_ATTRIBUTE: Final = re.compile(r"^Attribute (\d+) name$", re.IGNORECASE)
_MEASURE: Final = re.compile(r"^(weight|length|width|height)\s*\((\w+)\)$", re.IGNORECASE)
_FIELDS: Final = {
    "weight": (Field.WEIGHT, GRAMS),
    "length": (Field.LENGTH, MILLIMETRES),
    "width": (Field.WIDTH, MILLIMETRES),
    "height": (Field.HEIGHT, MILLIMETRES),
}


def is_woocommerce(columns: FileColumns) -> bool:
    return columns.has("ID", "Type", "SKU", "Name", "Regular price", "Categories")


@dataclass(frozen=True, slots=True)
class _Parent:
    """What a variable product says for its variations."""

    key: str
    name: str
    description: str
    tags: str
    categories: str
    pictures: str
    published: str
    attributes: tuple[tuple[str, str], ...]


class WooCommerceProducts(RowwiseFile):
    name = "woocommerce_products"
    label = "WooCommerce products"

    def __init__(self, columns: FileColumns, context: LayoutContext) -> None:
        super().__init__(columns, context)
        self._numbers = context.numbers
        self._memory = Memory()
        self._id = columns.cell("ID")
        self._type = columns.cell("Type")
        self._parent = columns.cell("Parent")
        self.made.field(Field.PRODUCT_KEY, columns.name_of("Parent", "SKU"))
        self._sku = self.taken("SKU", field=Field.SKU)
        self._title = self.taken("Name", field=Field.NAME)
        self.made.field(Field.DISPLAY_NAME, columns.name_of("Name"))
        self._long = self.taken("Description", field=Field.DESCRIPTION)
        self._short = self.taken("Short description", field=Field.DESCRIPTION)
        self._tags = self.taken("Tags", field=Field.TAGS)
        self._categories = self.taken("Categories", field=Field.CATEGORY)
        self.made.field(Field.COLLECTIONS, columns.name_of("Categories"))
        self._regular = self.taken("Regular price", field=Field.PRICE)
        self.made.field(Field.LIST_PRICE, columns.name_of("Regular price"))
        self._sale = columns.cell("Sale price")
        self._sale_dates = SaleDates(
            columns,
            now=context.now,
            starts=("Date sale price starts",),
            ends=("Date sale price ends",),
        )
        self._published = self.taken("Published", field=Field.ACTIVE)
        self._barcode = self.taken("GTIN, UPC, EAN, or ISBN", field=Field.EAN)
        self._pictures = self.taken("Images", field=Field.MEDIA)
        self._measures = self._measure_columns()
        self._attributes = self._attribute_columns()
        self._own = self.own_columns()
        self._parents: dict[str, _Parent] = {}
        self._first_variations: dict[str, int] = {}
        # By squeezed name: the name as first written, and the file's column it stood in.
        self._axes: dict[str, tuple[str, str]] = {}
        self._others: dict[str, tuple[str, str]] = {}
        self._headers: dict[str, str] = {}

    def _measure_columns(self) -> list[tuple[Field, Cell, Decimal]]:
        found = []
        for header, cell in self.file.matching(_has_known_unit):
            field, factor = _measure(header)
            self.made.field(field, header)
            found.append((field, cell, factor))
        return found

    def _attribute_columns(self) -> list[tuple[Cell, Cell, str]]:
        """Name, values, and the file's own name of the column of values."""
        found = []
        for header in self.file.header:
            if match := _ATTRIBUTE.match(header):
                values = f"Attribute {match[1]} value(s)"
                source = self.file.name_of(values)
                found.append((self.file.cell(header), self.file.cell(values), source))
        return found

    # The first look

    def see(self, row: RawRow) -> None:
        kind = self._kind(row.cells)
        if kind == "variable":
            self._remember(row.cells)
        names = self._axes if kind == "variation" else self._others
        for name, values, source in self._attributes:
            if (text := name(row.cells)) and values(row.cells):
                names.setdefault(squeeze(text), (text, source))
        if kind == "variation" and (parent := self._parent(row.cells)):
            self._memory.keep(parent)
            self._first_variations.setdefault(parent, row.number)

    def groups_of(self, cells: Sequence[str]) -> Collection[str]:
        """Variations go with their parent, which they name by its SKU or its id."""
        own = {self._sku(cells), f"id:{self._id(cells)}" if self._id(cells) else ""}
        return (own | {self._parent(cells)}) - {""}

    def _kind(self, cells: Sequence[str]) -> str:
        """ "variable", "variation", or "" for what stands for itself."""
        types = [word.strip().casefold() for word in self._type(cells).split(",")]
        if any(word.startswith("variable") for word in types):
            return "variable"
        return "variation" if any(word.endswith("variation") for word in types) else ""

    def _remember(self, cells: Sequence[str]) -> None:
        by_id = f"id:{self._id(cells)}"
        parent = _Parent(
            key=self._sku(cells) or by_id,
            name=self._title(cells),
            description=self._long(cells) or self._short(cells),
            tags=self._tags(cells),
            categories=self._categories(cells),
            pictures=self._pictures(cells),
            published=self._published(cells),
            attributes=tuple(
                (name(cells), values(cells)) for name, values, _ in self._attributes if name(cells)
            ),
        )
        self._memory.keep(parent.description, parent.pictures, parent.categories, parent.name)
        for key in {by_id, self._sku(cells)} - {""}:
            self._parents.setdefault(key, parent)

    def columns(self) -> Sequence[LaidOutColumn]:
        """What tells variations apart is an attribute of variants, the rest stands in the
        details."""
        for key, (name, source) in self._axes.items():
            self._headers[key] = self.made.attribute(name, source)
        for key, (name, source) in self._others.items():
            if key not in self._axes:
                self._headers[key] = self.made.detail(name, source)
        return self.made.columns()

    # The second look

    def made_of(self, row: RawRow) -> LaidOutRow:
        kind = self._kind(row.cells)
        return self._of_parent(row) if kind == "variable" else self.laid_out(self._draft(row, kind))

    def _of_parent(self, row: RawRow) -> LaidOutRow:
        sku, by_id = self._sku(row.cells), f"id:{self._id(row.cells)}"
        children = [self._first_variations.get(key) for key in (sku, by_id) if key]
        into = min((number for number in children if number is not None), default=None)
        if into is not None:
            return self.merged(row, into)
        text = "No row of the file is a variation of this product, so there is nothing to store."
        return self.failed(
            row, self.defect(DefectCode.PARENT_WITHOUT_ROWS, "Type", self._type(row.cells), text)
        )

    def _draft(self, row: RawRow, kind: str) -> RowDraft:
        cells, draft = row.cells, RowDraft(row)
        parent = self._parents.get(self._parent(cells)) if kind == "variation" else None
        self._put_own(draft)
        if kind == "variation":
            self._put_shared(draft, parent)
        else:
            self._put_product(draft, self._tags(cells), self._categories(cells))
            draft.put(Field.NAME, self._title(cells))
            draft.put_nothing(Field.DISPLAY_NAME)
            # Two products of one name are not variants of each other.
            draft.put(Field.PRODUCT_KEY, self._sku(cells))
        self._put_pictures(draft, parent)
        shared = dict(parent.attributes) if parent else {}
        own = {
            name(cells): text
            for name, values, _ in self._attributes
            if (text := values(cells)) and name(cells)
        }
        self._put_attributes(draft, {**shared, **own}, is_variation=kind == "variation", own=own)
        return draft

    def _put_own(self, draft: RowDraft) -> None:
        cells = draft.source.cells
        sale, regular = self._sale(cells), self._regular(cells)
        if sale and not self._sale_dates.holds(draft):
            sale = ""
        draft.put(Field.SKU, self._sku(cells))
        draft.put(Field.DESCRIPTION, self._long(cells) or self._short(cells))
        draft.put(Field.PRICE, sale or regular)
        draft.put(Field.LIST_PRICE, regular if sale else "")
        draft.put(Field.ACTIVE, active(self._published(cells)))
        draft.put_barcode(self._barcode(cells), self.file.name_of("GTIN, UPC, EAN, or ISBN"))
        for field, cell, factor in self._measures:
            draft.put(field, scaled(cell(cells), factor, self._numbers))
        for header, cell in self._own:
            draft.values[header] = cell(cells)

    def _put_product(self, draft: RowDraft, tags: str, categories: str) -> None:
        category, others = shelves(category_path(item) for item in comma_items(categories))
        draft.put(Field.TAGS, as_list(comma_items(tags)))
        draft.put(Field.CATEGORY, category)
        draft.put(Field.COLLECTIONS, others)

    def _put_shared(self, draft: RowDraft, parent: _Parent | None) -> None:
        cells = draft.source.cells
        draft.put(Field.DISPLAY_NAME, self._title(cells))
        if parent is None:
            named = self._parent(cells)
            draft.put(Field.PRODUCT_KEY, "" if named.startswith("id:") else named)
            self.put_parent_missing(draft, column="Parent", parent=named)
            return
        draft.put(Field.PRODUCT_KEY, parent.key)
        draft.put(Field.NAME, parent.name)
        if not (self._long(cells) or self._short(cells)):
            draft.put(Field.DESCRIPTION, parent.description)
        if active(parent.published) == "FALSE":
            draft.put(Field.ACTIVE, "FALSE")
        self._put_product(draft, parent.tags, parent.categories)

    def _put_pictures(self, draft: RowDraft, parent: _Parent | None) -> None:
        """The parent's pictures stand with its first variation, and with those that have none."""
        own = comma_addresses(self._pictures(draft.source.cells))
        shared = comma_addresses(parent.pictures) if parent else []
        is_first = draft.source.number == self._first_variations.get(
            self._parent(draft.source.cells)
        )
        pictures = [*own, *shared] if is_first or not own else own
        column = self.file.name_of("Images")
        draft.put(Field.MEDIA, self.file_notes.web_addresses(pictures, column))

    def _put_attributes(
        self,
        draft: RowDraft,
        attributes: dict[str, str],
        *,
        is_variation: bool,
        own: dict[str, str],
    ) -> None:
        for name, text in attributes.items():
            key = squeeze(name)
            header = self._headers.get(key)
            if header is None or not text:
                continue
            if key not in self._axes:
                draft.values[header] = as_list(comma_items(text))
            elif not is_variation or own.get(name):
                # What a parent has to choose from says nothing of one of its variations.
                draft.values[header] = text


def _has_known_unit(header: str) -> bool:
    match = _MEASURE.match(header)
    return bool(match) and match[2].casefold() in _FIELDS[match[1].casefold()][1]  # type: ignore[index]


def _measure(header: str) -> tuple[Field, Decimal]:
    match = _MEASURE.match(header)
    if match is None:
        raise ValueError(header)
    field, units = _FIELDS[match[1].casefold()]
    return field, units[match[2].casefold()]
