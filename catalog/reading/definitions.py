"""What an account's attributes and property sets are called, loaded once for a whole page."""

from collections import defaultdict
from dataclasses import dataclass

from bulk_sql import tables
from catalog.models import SetKind

_ATTRIBUTES = """
SELECT id, name, unit, header FROM catalog_attributedefinition
WHERE account_id = %s ORDER BY position, id"""
_SETS = """
SELECT id, kind, name, header FROM catalog_propertysetdefinition
WHERE account_id = %s ORDER BY position, id"""
_ENTRIES = """
SELECT e.property_set_id, e.id, e.key, e.unit, e.header FROM catalog_tableentrydefinition e
JOIN catalog_propertysetdefinition s ON s.id = e.property_set_id
WHERE s.account_id = %s ORDER BY e.position, e.id"""


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
    attributes = tables().select(_ATTRIBUTES, [account_id])
    sets = _load_sets(account_id)
    return Definitions(
        attributes=tuple(AttributeInfo(*row) for row in attributes),
        property_sets=tuple(found for found in sets if not _is_media_paths(found)),
        media_paths=next(filter(_is_media_paths, sets), None),
    )


def _load_sets(account_id: int) -> list[SetInfo]:
    entries: defaultdict[int, list[EntryInfo]] = defaultdict(list)
    for set_id, entry_id, key, unit, header in tables().select(_ENTRIES, [account_id]):
        entries[set_id].append(EntryInfo(entry_id, key, unit, header))
    return [
        SetInfo(set_id, SetKind(kind), name, header, tuple(entries[set_id]))
        for set_id, kind, name, header in tables().select(_SETS, [account_id])
    ]


def _is_media_paths(found: SetInfo) -> bool:
    return found.kind is SetKind.MEDIA and not found.name
