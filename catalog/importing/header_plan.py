"""A header compiled once: where each value stands, how it is read, and what keys the digests."""

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from hashlib import blake2b
from typing import Any

import orjson

from catalog.file_format import cells
from catalog.file_format.cells import NumberFormat
from catalog.file_format.columns import PRODUCT_FIELDS, Column, Field, Kind
from catalog.importing.column_reading import (
    ColumnReader,
    NumberColumn,
    RepeatingColumn,
    TextColumn,
)

_PRICE = {"max_digits": 14, "places": 4, "money": True}
_MEASURE = {"max_digits": 13, "places": 3}
_TEXT_FIELDS = {
    Field.DISPLAY_NAME: ("display_name", 500),
    Field.DESCRIPTION: ("description", 1_000_000),
    Field.TAX_NUMBER: ("tax_number", 100),
    Field.TAX_RATE: ("tax_rate", 100),
}
_DECIMAL_FIELDS: dict[Field, tuple[str, dict[str, Any]]] = {
    Field.PRICE: ("price", _PRICE),
    Field.LIST_PRICE: ("list_price", _PRICE),
    Field.LENGTH: ("length_mm", _MEASURE),
    Field.WIDTH: ("width_mm", _MEASURE),
    Field.HEIGHT: ("height_mm", _MEASURE),
    Field.WEIGHT: ("weight_g", _MEASURE),
}


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """The options of an upload that bear on its rows.

    `exact_keys`: no spreadsheet has written the file, so two keys that differ by leading zeros
    are two keys. `published_mark` is part of addresses that an export adds to a variant's own.
    """

    numbers: NumberFormat
    update_existing: bool = True
    clear_blanks: bool = False
    exact_keys: bool = False
    published_mark: str = ""


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """A column that fills one column of the variant's table; `blank` is what "empty" stores."""

    column: Column
    name: str
    reader: ColumnReader
    blank: str | None
    clears: bool = True


class HeaderPlan:
    """Positions and readers by kind of column. Definition ids are bound where a pass begins."""

    def __init__(self, columns: Sequence[Column], options: ImportOptions) -> None:
        self.columns = tuple(columns)
        self.options = options
        by_field = {column.field: column for column in columns if column.kind is Kind.FIELD}
        self.sku = by_field.get(Field.SKU)
        self.eans = tuple(column for column in columns if column.field is Field.EAN)
        self.product_columns = tuple(by_field[f] for f in PRODUCT_FIELDS if f in by_field)
        self.product_fields = tuple(column.field for column in self.product_columns)
        self.values = tuple(_value_columns(by_field, options.numbers))
        self.attributes = self._of_kind(Kind.ATTRIBUTE)
        self.tables = self._of_kind(Kind.TABLE)
        self.lists = self._of_kind(Kind.LIST)
        stating = (self.product_place(Field.PRODUCT_KEY), self.product_place(Field.NAME))
        self._stating_places = tuple(place for place in stating if place is not None)
        self.media_paths = by_field.get(Field.MEDIA)
        self.galleries = tuple(
            column for column in columns if column.kind is Kind.MEDIA or column.field is Field.MEDIA
        )
        #: Of a row's cells as they are spooled.
        self.row_digest = self._digest_of("variant", columns)
        self._product_digest = self._digest_of("product", self.product_columns)

    def product_place(self, field: Field) -> int | None:
        """Where a product column's text stands in `FileRow.product_cells`."""
        return self.product_fields.index(field) if field in self.product_fields else None

    def stated_key(self, product_cells: Sequence[str]) -> str | None:
        """The product key as a row's cells say it, the stored product left aside."""
        for place in self._stating_places:
            if text := product_cells[place]:
                return cells.normal_key(text)
        return None

    def product_digest(self, product_cells: Sequence[str]) -> bytes:
        return self._product_digest("\x1f".join(product_cells).encode())

    def _of_kind(self, kind: Kind) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.kind is kind)

    def _digest_of(self, room: str, columns: Sequence[Column]) -> Callable[[bytes], bytes]:
        """Whatever makes the same cells mean something else makes another digest."""
        meaning = [
            cells.PARSER_VERSION,
            room,
            [(column.index, *column.identity) for column in columns],
            self.options.clear_blanks,
            astuple(self.options.numbers),
        ]
        key = blake2b(orjson.dumps(meaning), digest_size=32).digest()
        # A copy costs less than a key that is taken in anew.
        keyed_anew = blake2b(digest_size=16, key=key).copy

        def digest_of(content: bytes) -> bytes:
            digest = keyed_anew()
            digest.update(content)
            return digest.digest()

        return digest_of


def _value_columns(
    by_field: dict[Field | None, Column], numbers: NumberFormat
) -> list[ValueColumn]:
    found = [
        ValueColumn(by_field[field], name, TextColumn(longest), "")
        for field, (name, longest) in _TEXT_FIELDS.items()
        if field in by_field
    ]
    found += [
        ValueColumn(
            by_field[field],
            name,
            NumberColumn(
                partial(cells.parse_decimal, numbers=numbers, **limits),
                decimal_comma=numbers.decimal_comma,
            ),
            None,
        )
        for field, (name, limits) in _DECIMAL_FIELDS.items()
        if field in by_field
    ]
    if Field.ACTIVE in by_field:
        # A blank keeps what is stored, whatever the option: a boolean has no empty.
        active = RepeatingColumn(cells.parse_active)
        found.append(ValueColumn(by_field[Field.ACTIVE], "active", active, None, clears=False))
    return found
