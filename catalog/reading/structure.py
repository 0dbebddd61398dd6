"""From a variant's stored ids to its attributes and property sets by name, in order."""

from collections.abc import Mapping
from typing import Literal, TypedDict

from catalog.reading.definitions import Definitions, load_definitions
from catalog.reading.media import MediaItem, VariantMedia

#: As stored on a variant: {"<attribute id>": value}
StoredAttributes = Mapping[str, str]
#: As stored on a variant: {"<set id>": items, or for a table {"<entry id>": values}}
StoredSets = Mapping[str, list[str] | dict[str, list[str]]]


class AttributeValue(TypedDict):
    name: str
    unit: str | None
    value: str


class TableEntry(TypedDict):
    key: str
    unit: str | None
    values: list[str]


class TableSet(TypedDict):
    kind: Literal["table"]
    name: str
    entries: list[TableEntry]


class ListSet(TypedDict):
    kind: Literal["list"]
    name: str
    items: list[str]


class MediaSet(TypedDict):
    kind: Literal["media"]
    name: str
    items: list[MediaItem]


PropertySet = TableSet | ListSet | MediaSet


class Structure:
    """The definitions of an account, made ready for reading many variants.

    Only what a variant has is named: a set without entries, items or pictures is left out.
    """

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
        self._attributes = {str(info.id): info for info in definitions.attributes}
        self._attribute_order = {key: place for place, key in enumerate(self._attributes)}
        self._entries = {
            info.id: [(str(entry.id), entry) for entry in info.entries]
            for info in definitions.property_sets
        }
        self._sets = {info.id: info for info in definitions.property_sets}
        self._set_order = {set_id: place for place, set_id in enumerate(self._sets)}

    @classmethod
    def load(cls, *, account_id: int) -> "Structure":
        """Three queries; to be called after the variants were read."""
        return cls(load_definitions(account_id=account_id))

    def attributes(self, stored: StoredAttributes) -> list[AttributeValue]:
        order = self._attribute_order
        known = sorted((key for key in stored if key in order), key=order.__getitem__)
        infos = self._attributes
        return [
            {"name": infos[key].name, "unit": infos[key].unit or None, "value": stored[key]}
            for key in known
        ]

    def property_sets(self, stored: StoredSets, media: VariantMedia) -> list[PropertySet]:
        contents = {int(key): content for key, content in stored.items() if content}
        order = self._set_order
        known = sorted((key for key in {*contents, *media} if key in order), key=order.__getitem__)
        return [
            self._pictures(key, media[key]) if key in media else self._written(key, contents[key])
            for key in known
        ]

    def media_paths(self, media: VariantMedia) -> list[MediaItem]:
        paths = self.definitions.media_paths
        return media.get(paths.id, []) if paths else []

    def _pictures(self, set_id: int, items: list[MediaItem]) -> MediaSet:
        return {"kind": "media", "name": self._sets[set_id].name, "items": items}

    def _written(
        self, set_id: int, content: list[str] | dict[str, list[str]]
    ) -> TableSet | ListSet:
        name = self._sets[set_id].name
        if isinstance(content, dict):
            return {"kind": "table", "name": name, "entries": self._lines(set_id, content)}
        return {"kind": "list", "name": name, "items": content}

    def _lines(self, set_id: int, content: dict[str, list[str]]) -> list[TableEntry]:
        return [
            {"key": entry.key, "unit": entry.unit or None, "values": content[key]}
            for key, entry in self._entries[set_id]
            if key in content
        ]
