"""Attribute and property set definitions, looked up or made, first seen first."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max

from catalog.file_format.columns import Column, Field, Kind
from catalog.models import (
    AttributeDefinition,
    PropertySetDefinition,
    SetKind,
    TableEntryDefinition,
)

#: The definition behind the column Media Paths: every media link has a definition.
MEDIA_PATHS_NAME = ""
_MEDIA_PATHS_HEADER = "Media Paths"


@dataclass(frozen=True, slots=True)
class ColumnIds:
    """Definition ids of one column. Negative ones stand for what a dry run does not make."""

    definition: int
    entry: int | None = None


def define_columns(
    *, account_id: int, columns: Sequence[Column], create: bool
) -> dict[int, ColumnIds]:
    """Ids by column index, for the attribute, property set and media columns of a file."""
    definer = _Definer(account_id, create=create)
    found = {}
    for column in columns:
        if column.kind is Kind.ATTRIBUTE:
            found[column.index] = ColumnIds(definer.attribute(column))
        elif column.kind is Kind.TABLE:
            set_id = definer.property_set(SetKind.TABLE, column.name, _set_header(column))
            found[column.index] = ColumnIds(set_id, definer.entry(set_id, column))
        elif column.kind is Kind.LIST:
            found[column.index] = ColumnIds(
                definer.property_set(SetKind.LIST, column.name, column.known_header)
            )
        elif column.kind is Kind.MEDIA:
            found[column.index] = ColumnIds(
                definer.property_set(SetKind.MEDIA, column.name, column.known_header)
            )
        elif column.field is Field.MEDIA:
            found[column.index] = ColumnIds(
                definer.property_set(SetKind.MEDIA, MEDIA_PATHS_NAME, _MEDIA_PATHS_HEADER)
            )
    return found


def _set_header(column: Column) -> str:
    return column.known_header.rpartition("#;")[0].strip() or column.known_header


class _Definer:
    """Knows an account's definitions by name; invents a negative id where it may not create."""

    def __init__(self, account_id: int, *, create: bool) -> None:
        self._account_id = account_id
        self._create = create
        self._invented = 0
        self._attributes = {
            (name, unit): pk
            for pk, name, unit in AttributeDefinition.objects.filter(
                account_id=account_id
            ).values_list("id", "name", "unit")
        }
        self._sets = {
            (kind, name): pk
            for pk, kind, name in PropertySetDefinition.objects.filter(
                account_id=account_id
            ).values_list("id", "kind", "name")
        }
        self._entries = {
            (set_id, key, unit): pk
            for pk, set_id, key, unit in TableEntryDefinition.objects.filter(
                property_set__account_id=account_id
            ).values_list("id", "property_set_id", "key", "unit")
        }

    def attribute(self, column: Column) -> int:
        key = (column.name, column.unit)
        if key not in self._attributes:
            self._attributes[key] = self._new_attribute(column)
        return self._attributes[key]

    def property_set(self, kind: SetKind, name: str, header: str) -> int:
        key = (kind.value, name)
        if key not in self._sets:
            self._sets[key] = self._new_set(kind, name, header)
        return self._sets[key]

    def entry(self, set_id: int, column: Column) -> int:
        key = (set_id, column.entry, column.unit)
        if key not in self._entries:
            self._entries[key] = self._new_entry(set_id, column)
        return self._entries[key]

    def _new_attribute(self, column: Column) -> int:
        if not self._create:
            return self._invent()
        mine = AttributeDefinition.objects.filter(account_id=self._account_id)
        made, _ = mine.get_or_create(
            account_id=self._account_id,
            name=column.name,
            unit=column.unit,
            defaults={
                "position": _next(mine.aggregate(last=Max("position"))["last"]),
                "header": column.known_header,
            },
        )
        return made.pk

    def _new_set(self, kind: SetKind, name: str, header: str) -> int:
        if not self._create:
            return self._invent()
        mine = PropertySetDefinition.objects.filter(account_id=self._account_id)
        made, _ = mine.get_or_create(
            account_id=self._account_id,
            kind=kind,
            name=name,
            defaults={
                "position": _next(mine.aggregate(last=Max("position"))["last"]),
                "header": header,
            },
        )
        return made.pk

    def _new_entry(self, set_id: int, column: Column) -> int:
        if not self._create:
            return self._invent()
        siblings = TableEntryDefinition.objects.filter(property_set_id=set_id)
        made, _ = siblings.get_or_create(
            property_set_id=set_id,
            key=column.entry,
            unit=column.unit,
            defaults={
                "position": _next(siblings.aggregate(last=Max("position"))["last"]),
                "header": column.known_header,
            },
        )
        return made.pk

    def _invent(self) -> int:
        self._invented -= 1
        return self._invented


def _next(last: int | None) -> int:
    return 0 if last is None else last + 1
