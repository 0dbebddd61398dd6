"""What many rows say, column by column: drafts for rows that change, columns for rows that are new.

A new variant's documents are put together from fragments of JSON, which repeat as cells do.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any, NamedTuple

import orjson

from catalog.file_format.columns import Field
from catalog.importing.column_reading import ColumnReader, RepeatingColumn
from catalog.importing.rows import FileRow
from catalog.writing.drafts import DEFAULTS, NewVariants, ProductDraft, VariantDraft

_EAN, _GTIN = list(DEFAULTS).index("ean"), list(DEFAULTS).index("gtin")


@dataclass(frozen=True, slots=True)
class ColumnRole:
    """What a column fills: `key` is its name in a draft. `blank` is what a blank cell leaves where
    blanks clear; `clears` whether it does at all. `fragments` are `"key":value` by text."""

    index: int
    reader: ColumnReader
    key: Any
    blank: Any
    clears: bool = True
    fragments: RepeatingColumn | None = None


class ReadColumn(NamedTuple):
    """Texts and their values, row by row; a blank text's value is "" and says nothing."""

    role: ColumnRole
    texts: Sequence[str]
    values: Sequence[Any]


def fragment(key: str, value: Any) -> str:
    """`"key":value` in JSON, or "" for what is not there."""
    return f'"{key}":{orjson.dumps(value).decode()}' if value else ""


@dataclass(slots=True)
class Reading:
    """Rows that were read together. `tables` are columns by their property set's key, `silent` the
    blank cells that clear nothing, by place and column.

    It knows the rows' numbers and not the rows: they point here, and a circle would outlive them.
    """

    numbers: Sequence[int]
    clear: bool
    silent: frozenset[tuple[int, int]] = frozenset()
    values: list[ReadColumn] = field(default_factory=list)
    attributes: list[ReadColumn] = field(default_factory=list)
    tables: dict[str, list[ReadColumn]] = field(default_factory=dict)
    lists: list[ReadColumn] = field(default_factory=list)
    media: list[ReadColumn] = field(default_factory=list)
    product: dict[Field, ReadColumn] = field(default_factory=dict)

    # One row, for what exists already

    def product_name(self, place: int) -> str | None:
        column = self.product.get(Field.NAME)
        return column.values[place] or None if column else None

    def product_key(self, place: int) -> str:
        column = self.product.get(Field.PRODUCT_KEY)
        return column.values[place] if column else ""

    def product_draft(self, place: int) -> ProductDraft:
        said = self._said([*self.product.values()], place)
        return ProductDraft(
            key=said.get(Field.PRODUCT_KEY, ""),
            name=said.get(Field.NAME),
            category=said.get(Field.CATEGORY),
            tags=said.get(Field.TAGS),
            collections=said.get(Field.COLLECTIONS),
            row=self.numbers[place],
        )

    def variant_draft(self, place: int) -> VariantDraft:
        draft = VariantDraft("", self._said(self.values, place), row=self.numbers[place])
        draft.attributes = self._said(self.attributes, place)
        draft.lists = self._said(self.lists, place)
        draft.media = self._said(self.media, place)
        for key, columns in self.tables.items():
            if entries := self._said(columns, place):
                draft.tables[key] = entries
        return draft

    def _said(self, columns: Sequence[ReadColumn], place: int) -> dict[Any, Any]:
        """What the cells say: blank ones are left out, unless they clear."""
        said = {}
        for role, texts, values in columns:
            if texts[place]:
                value = values[place]
                # A list of nothing but separators has no items to store.
                said[role.key] = role.blank if value == [] else value
            elif self.clear and role.clears and (place, role.index) not in self.silent:
                said[role.key] = role.blank
        return said

    # Many rows, for what is new

    def new_variants(self, new: Sequence[FileRow]) -> NewVariants:
        """These rows of the reading as variants that do not exist yet, of products yet to be told;
        blanks are empty."""
        reads = [row.read for row in new if row.read is not None]
        places = [read.place for read in reads]
        columns = {column.role.key: column for column in self.values}
        values = [
            self._new_column(columns[name], places, default)
            if name in columns
            else list(repeat(default, len(places)))
            for name, default in DEFAULTS.items()
        ]
        values[_EAN] = [row.ean for row in new]
        values[_GTIN] = [row.gtin for row in new]
        return NewVariants(
            skus=[read.sku for read in reads],
            values=values,
            attributes=self._objects([self._fragments(c, places) for c in self.attributes], places),
            property_sets=self._property_sets(places),
            media=[
                (at, column.role.key, column.values[place])
                for column in self.media
                for at, place in enumerate(places)
                if column.values[place]
            ],
            digests=[read.digest for read in reads],
        )

    def _new_column(self, column: ReadColumn, places: Sequence[int], default: Any) -> Sequence[Any]:
        values = self._at(column.values, places)
        if default == "" or "" not in values:
            return values
        return [default if value == "" else value for value in values]

    def _property_sets(self, places: Sequence[int]) -> list[str]:
        parts: list[Sequence[str]] = []
        for key, columns in self.tables.items():
            entries = [self._fragments(column, places) for column in columns]
            joined = [",".join(filter(None, row)) for row in zip(*entries, strict=True)]
            parts.append([f'"{key}":{{{entry}}}' if entry else "" for entry in joined])
        parts += [self._fragments(column, places) for column in self.lists]
        return self._objects(parts, places)

    def _fragments(self, column: ReadColumn, places: Sequence[int]) -> Sequence[str]:
        role, texts, values = column
        if role.fragments is not None:
            return role.fragments.read(self._at(texts, places))
        return [fragment(role.key, value) for value in self._at(values, places)]

    def _objects(self, parts: Sequence[Sequence[str]], places: Sequence[int]) -> list[str]:
        if not parts:
            return list(repeat("{}", len(places)))
        return ["{" + ",".join(filter(None, row)) + "}" for row in zip(*parts, strict=True)]

    def _at(self, values: Sequence[Any], places: Sequence[int]) -> Sequence[Any]:
        if len(places) == len(self.numbers):
            return values
        return [values[place] for place in places]
