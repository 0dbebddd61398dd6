"""The header an account's own columns are exported under: as they came, if that still reads so."""

from bulk_uploads.readers.cells import examine_cells, plain_header
from catalog.file_format.columns import Kind
from catalog.file_format.header import parse_header
from catalog.models import SetKind
from catalog.reading.definitions import AttributeInfo, EntryInfo, SetInfo

_LONGEST = 1_000
_WORDS = {
    SetKind.TABLE: "Property Set Table",
    SetKind.LIST: "Property Set List",
    SetKind.MEDIA: "Property Set Media",
}
_KINDS = {SetKind.TABLE: Kind.TABLE, SetKind.LIST: Kind.LIST, SetKind.MEDIA: Kind.MEDIA}


def attribute_header(info: AttributeInfo) -> str:
    identity = (Kind.ATTRIBUTE, info.name, "", info.unit)
    return _header(info.header, identity, "Variant", _with_unit(info.name, info.unit))


def entry_header(found: SetInfo, entry: EntryInfo) -> str:
    identity = (Kind.TABLE, found.name, entry.key, entry.unit)
    words = (_WORDS[found.kind], found.name, _with_unit(entry.key, entry.unit))
    return _header(entry.header, identity, *words)


def set_header(found: SetInfo) -> str:
    """Of a list or a gallery, which are one column."""
    identity = (_KINDS[found.kind], found.name, "", "")
    return _header(found.header, identity, _WORDS[found.kind], found.name)


def _header(stored: str, identity: tuple[str, ...], *words: str) -> str:
    return stored if _read(stored) == identity else " #; ".join(words)


def _read(header: str) -> tuple[str, ...] | None:
    """What an import would make of the header; None if any reader would change or refuse it."""
    if plain_header(header) != header or examine_cells([header], max_chars=_LONGEST) != (
        [header],
        [],
    ):
        return None
    column = parse_header([header]).columns[0]
    return None if column.kind is Kind.IGNORED else column.identity


def _with_unit(name: str, unit: str) -> str:
    return f"{name}({unit})" if unit else name
