"""Files of Magento, Bagisto and UnoPim: configurable rows and translations are merged."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bulk_uploads.layouts import LaidOutColumn, LaidOutRow
from bulk_uploads.readers.base import DefectCode, RawRow
from catalog.file_format.columns import Field, squeeze
from catalog.layouts.attribute_systems import (
    AttributeSystem,
    pairs,
    place_in_shop,
    variations,
)
from catalog.layouts.base import LayoutContext, Memory, RowDraft
from catalog.layouts.cell_texts import active, as_list, comma_addresses
from catalog.layouts.file_columns import FileColumns
from catalog.layouts.foreign_file import RowwiseFile
from catalog.layouts.sale_dates import SaleDates

_PRICED: Final = re.compile(r"\([A-Z]{3}\)$")
_PRICE_IN: Final = re.compile(r"^price \([A-Z]{3}\)$", re.IGNORECASE)
_SEVERAL: Final = re.compile(r"[\n|]")


@dataclass(frozen=True, slots=True)
class _Parent:
    """What a configurable row says for its variants."""

    name: str
    description: str
    categories: str
    pictures: tuple[str, ...]


class AttributeSystemProducts(RowwiseFile):
    def __init__(
        self, columns: FileColumns, context: LayoutContext, system: AttributeSystem
    ) -> None:
        super().__init__(columns, context)
        self.name, self.label = system.name, system.label
        self._system = system
        self._memory = Memory()
        self._sku = self.taken("sku", field=Field.SKU)
        self.made.field(Field.PRODUCT_KEY, columns.name_of(system.parent, "sku"))
        self._title = self.taken("name", field=Field.NAME)
        self.made.field(Field.DISPLAY_NAME, columns.name_of("name"))
        self._long = self.taken("description", field=Field.DESCRIPTION)
        self._short = self.taken("short_description", field=Field.DESCRIPTION)
        self._categories = self.taken(system.categories, "category", field=Field.CATEGORY)
        self.made.field(Field.COLLECTIONS, columns.name_of(system.categories, "category"))
        currency = context.numbers.currency
        priced = [name.format(currency=currency) for name in system.price]
        self._price = self.taken(*priced, field=Field.PRICE)
        if not columns.name_of(*priced):
            foreign = [name for name in columns.header if _PRICE_IN.match(name)]
            self.file_notes.prices_in_other_currencies(foreign)
        specials = (f"special_price ({currency})", "special_price")
        self._special = columns.cell(*specials)
        self._special_dates = SaleDates(
            columns, now=context.now, starts=system.special_from, ends=system.special_to
        )
        if columns.name_of(*specials):
            self.made.field(Field.LIST_PRICE, columns.name_of(*priced))
        self._active = self.taken(system.active, field=Field.ACTIVE)
        self._pictures = [self.taken(name, field=Field.MEDIA) for name in system.pictures]
        self._type = columns.cell(system.type)
        self._parent_sku = columns.cell(system.parent)
        self._variations = columns.cell(system.variations)
        self._axes_of = columns.cell(system.axes)
        self._packed = columns.cell(system.packed_attributes)
        self._scopes = [columns.cell(name) for name in system.scopes]
        self._own = self.own_columns()
        self._loose = columns.matching(self._is_attribute)
        # The row that speaks for each SKU, and its scope; parents by SKU; parent and axes by child.
        self._rows: dict[str, tuple[int, tuple[str, ...]]] = {}
        self._parents: dict[str, _Parent] = {}
        self._has_own_rows = False
        self._parent_of: dict[str, str] = {}
        self._values_of: dict[str, Mapping[str, str]] = {}
        self._first_child: dict[str, int] = {}
        self._axes: dict[str, str] = {}
        self._packed_names: dict[str, str] = {}
        self._headers: dict[str, str] = {}

    def _is_attribute(self, name: str) -> bool:
        return squeeze(name) not in self._system.system_columns and not _PRICED.search(name)

    # The first look

    def see(self, row: RawRow) -> None:
        cells, sku = row.cells, self._sku(row.cells)
        if not sku or not self._speaks_for(sku, cells):
            return
        self._memory.keep(sku)
        self._rows[sku] = (row.number, self._scope(cells))
        self._has_own_rows |= self._system.scopes_are_translations and not any(self._scope(cells))
        for name in pairs(self._packed(cells)):
            self._packed_names.setdefault(squeeze(name), name)
        for name in self._axes_of(cells).split(","):
            if name.strip():
                self._axes.setdefault(squeeze(name), name.strip())
        if self._is_configurable(cells):
            self._remember(sku, cells)
        elif parent := self._parent_sku(cells):
            self._parent_of[sku] = parent

    def groups_of(self, cells: Sequence[str]) -> Collection[str]:
        """Translations go with their SKU, variants with the configurable row that names them."""
        sku, parent = self._sku(cells), self._parent_sku(cells)
        return {sku, parent, *variations(self._variations(cells))} - {""}

    def _remember(self, sku: str, cells: Sequence[str]) -> None:
        parent = _Parent(
            name=self._title(cells),
            description=self._long(cells) or self._short(cells),
            categories=self._categories(cells),
            pictures=tuple(self._addresses(cells)),
        )
        self._memory.keep(parent.name, parent.description, parent.categories, *parent.pictures)
        self._parents[sku] = parent
        for child, values in variations(self._variations(cells)).items():
            self._memory.keep(child, *values, *values.values())
            self._parent_of[child] = sku
            self._values_of[child] = values
            for name in values:
                self._axes.setdefault(squeeze(name), name)

    def _speaks_for(self, sku: str, cells: Sequence[str]) -> bool:
        """The first row of a SKU does, but for a translation above the row of no scope."""
        known = self._rows.get(sku)
        return known is None or (any(known[1]) and not any(self._scope(cells)))

    def _is_only_translated(self, sku: str) -> bool:
        """Whether its own row is missing, or cannot be read, in a file that has such rows."""
        return self._has_own_rows and any(self._rows.get(sku, (0, ()))[1])

    def _scope(self, cells: Sequence[str]) -> tuple[str, ...]:
        return tuple(cell(cells) for cell in self._scopes)

    def _is_configurable(self, cells: Sequence[str]) -> bool:
        return self._type(cells).casefold() == "configurable"

    def _addresses(self, cells: Sequence[str]) -> list[str]:
        return [address for cell in self._pictures for address in comma_addresses(cell(cells))]

    def columns(self) -> Sequence[LaidOutColumn]:
        """What tells variants apart is an attribute of theirs, the rest stands in the details."""
        file = self.file
        loose = {squeeze(name): name for name, _ in self._loose}
        variants = file.name_of(self._system.variations, self._system.axes)
        for key, name in self._axes.items():
            self._headers[key] = self.made.attribute(name, loose.get(key, variants))
        packed = file.name_of(self._system.packed_attributes)
        for key, name in {**self._packed_names, **loose}.items():
            if key not in self._axes:
                self._headers[key] = self.made.detail(
                    name.replace("_", " "), loose.get(key, packed)
                )
        for child, parent in self._parent_of.items():
            if child in self._rows:
                number = self._rows[child][0]
                self._first_child[parent] = min(number, self._first_child.get(parent, number))
        return self.made.columns()

    # The second look

    def made_of(self, row: RawRow) -> LaidOutRow:
        cells, sku = row.cells, self._sku(row.cells)
        first, scope = self._rows.get(sku, (row.number, ()))
        if first != row.number and scope != self._scope(cells):
            # The same in another language or for another shop.
            return self.merged(row, first)
        if self._is_only_translated(sku):
            return self._translation(row, sku)
        if self._is_configurable(cells):
            return self._of_parent(row, sku)
        kind, known = self._type(cells), self._system.types
        if known is not None and kind.casefold() not in known:
            types = ", ".join(sorted({*known, "configurable"}))
            text = f"{kind!r} is no type of product. Expected one of: {types}."
            return self.failed(
                row, self.defect(DefectCode.UNKNOWN_ROW_TYPE, self._system.type, kind, text)
            )
        return self.laid_out(self._draft(row, sku))

    def _translation(self, row: RawRow, sku: str) -> LaidOutRow:
        column, given = self._system.scopes[0], ", ".join(self._scope(row.cells))
        text = (
            f"This is a translation of {sku!r}, and the file has no row of the product itself that "
            "can be read. Add it, with a blank cell here."
        )
        return self.failed(row, self.defect(DefectCode.PARENT_MISSING, column, given, text))

    def _of_parent(self, row: RawRow, sku: str) -> LaidOutRow:
        if into := self._first_child.get(sku):
            return self.merged(row, into)
        text = "No row of the file is a variant of this product, so there is nothing to store."
        kind = self._type(row.cells)
        return self.failed(
            row, self.defect(DefectCode.PARENT_WITHOUT_ROWS, self._system.type, kind, text)
        )

    def _draft(self, row: RawRow, sku: str) -> RowDraft:
        cells, draft = row.cells, RowDraft(row)
        parent_sku = self._parent_of.get(sku, "")
        is_translation = self._is_only_translated(parent_sku)
        parent = None if is_translation else self._parents.get(parent_sku)
        special, price = self._special(cells), self._price(cells)
        if special and not self._special_dates.holds(draft):
            special = ""
        draft.put(Field.SKU, sku)
        draft.put(Field.PRODUCT_KEY, parent_sku or sku)
        if parent_sku:
            draft.put(Field.DISPLAY_NAME, self._title(cells))
        else:
            draft.put_nothing(Field.DISPLAY_NAME)
        draft.put(Field.PRICE, special or price)
        draft.put(Field.LIST_PRICE, price if special else "")
        draft.put(Field.ACTIVE, active(self._active(cells)))
        self._put_product(draft, parent_sku, parent)
        own, shared = self._addresses(cells), parent.pictures if parent else ()
        is_first = row.number == self._first_child.get(parent_sku)
        pictures = [*own, *shared] if is_first or not own else own
        column = self.file.name_of(*self._system.pictures)
        draft.put(Field.MEDIA, self.file_notes.web_addresses(pictures, column))
        self._put_attributes(draft, sku)
        return draft

    def _put_product(self, draft: RowDraft, parent_sku: str, parent: _Parent | None) -> None:
        cells = draft.source.cells
        description = self._long(cells) or self._short(cells)
        if parent is not None:
            category, others = place_in_shop(parent.categories or self._categories(cells))
            draft.put(Field.NAME, parent.name)
            draft.put(Field.DESCRIPTION, description or parent.description)
        else:
            category, others = place_in_shop(self._categories(cells))
            draft.put(Field.NAME, "" if parent_sku else self._title(cells))
            draft.put(Field.DESCRIPTION, description)
            if parent_sku:
                column = self._system.parent or "sku"
                self.put_parent_missing(draft, column=column, parent=parent_sku)
        draft.put(Field.CATEGORY, category)
        draft.put(Field.COLLECTIONS, others)

    def _put_attributes(self, draft: RowDraft, sku: str) -> None:
        cells = draft.source.cells
        said = pairs(self._packed(cells))
        said |= {name: cell(cells) for name, cell in self._loose}
        said |= self._values_of.get(sku, {})
        for name, text in said.items():
            key = squeeze(name)
            if text and (header := self._headers.get(key)):
                several = key not in self._axes and _SEVERAL.search(text)
                items = (item.strip() for item in _SEVERAL.split(text))
                draft.values[header] = as_list(items) if several else text
        draft.values.update({header: cell(cells) for header, cell in self._own})
