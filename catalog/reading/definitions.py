"""What an account's attributes and property sets are called, loaded once for a whole page."""

from collections import defaultdict
from dataclasses import dataclass

from catalog.models import (
    AttributeDefinition,
    PropertySetDefinition,
    SetKind,
    TableEntryDefinition,
)


@dataclass(frozen=True, slots=True)
class AttributeInfo:
    """`header` is the column header it was first seen as, here and below."""

    id: int
    name: str
    unit: str
    header: str


@dataclass(frozen=True, slots=True)
class EntryInfo:
    """One line of a table."""

    id: int
    key: str
    unit: str
    header: str


@dataclass(frozen=True, slots=True)
class SetInfo:
    """`entries` are a table's lines; a list or a gallery has none."""

    id: int
    kind: SetKind
    name: str
    header: str
    entries: tuple[EntryInfo, ...] = ()


@dataclass(frozen=True, slots=True)
class Definitions:
    """In the order people gave them. `media_paths` is the set that stands for that column."""

    attributes: tuple[AttributeInfo, ...]
    property_sets: tuple[SetInfo, ...]
    media_paths: SetInfo | None


def load_definitions(*, account_id: int) -> Definitions:
    """Three queries. Load them after the rows they explain: a file may add some meanwhile."""
    attributes = (
        AttributeDefinition.objects.filter(account_id=account_id)
        .order_by("position", "id")
        .values_list("id", "name", "unit", "header")
    )
    sets = _load_sets(account_id)
    return Definitions(
        attributes=tuple(AttributeInfo(*row) for row in attributes),
        property_sets=tuple(found for found in sets if not _is_media_paths(found)),
        media_paths=next(filter(_is_media_paths, sets), None),
    )


def _load_sets(account_id: int) -> list[SetInfo]:
    entries: defaultdict[int, list[EntryInfo]] = defaultdict(list)
    lines = (
        TableEntryDefinition.objects.filter(property_set__account_id=account_id)
        .order_by("position", "id")
        .values_list("property_set_id", "id", "key", "unit", "header")
    )
    for set_id, entry_id, key, unit, header in lines:
        entries[set_id].append(EntryInfo(entry_id, key, unit, header))
    sets = (
        PropertySetDefinition.objects.filter(account_id=account_id)
        .order_by("position", "id")
        .values_list("id", "kind", "name", "header")
    )
    return [
        SetInfo(set_id, SetKind(kind), name, header, tuple(entries[set_id]))
        for set_id, kind, name, header in sets
    ]


def _is_media_paths(found: SetInfo) -> bool:
    return found.kind is SetKind.MEDIA and not found.name
