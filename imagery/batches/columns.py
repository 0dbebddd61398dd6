"""The columns of an image batch, under every header that exports have for them."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bulk_uploads.models import Level
from bulk_uploads.processors import Issue
from catalog.file_format.column_names import column_named
from catalog.file_format.columns import Column, Kind
from catalog.file_format.header import Header

SKU: Final = "sku"
TITLE: Final = "title"
IMAGE_URL: Final = "image_url"
BRAND: Final = "brand"
STYLE_TAGS: Final = "style_tags"

#: Squeezed, the usual one first: it is taken where a file has several.
_HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    SKU: ("sku", "variantsku", "itemsku", "productsku", "sellersku", "skuid", "id"),
    TITLE: ("title", "producttitle", "productname", "name", "itemname"),
    IMAGE_URL: (
        "imageurl",
        "imagelink",
        "imagesrc",
        "mainimage",
        "mainimageurl",
        "sourceimage",
        "sourceurl",
        "photo",
        "image",
    ),
    BRAND: ("brand", "brandname", "vendor", "manufacturer"),
    STYLE_TAGS: ("styletags", "style", "styles", "tags"),
}
#: What a new SKU of the catalog is made of.
_CATALOG_HEADERS: Final[Mapping[str, str]] = {
    SKU: "SKU",
    TITLE: "Product Name",
    IMAGE_URL: "Media Paths",
    BRAND: "Variant #; brand",
    STYLE_TAGS: "Variant #; style tags",
}


@dataclass(frozen=True, slots=True)
class BatchHeader:
    """`places` are of the known columns; `catalog` is the header as a catalog file would have it,
    with everything else left out."""

    cells: tuple[str, ...]
    places: Mapping[str, int]
    catalog: Header
    issues: Sequence[Issue]

    @property
    def is_usable(self) -> bool:
        return not any(issue.level is Level.ERROR for issue in self.issues)

    @property
    def ignored(self) -> list[str]:
        taken = set(self.places.values())
        return [cell for place, cell in enumerate(self.cells) if place not in taken]

    def header_of(self, name: str) -> str:
        place = self.places.get(name)
        return name if place is None else self.cells[place]


def read_header(cells: Sequence[str], *, row: int) -> BatchHeader:
    """`row` is the header's number, where its issues stand."""
    names = tuple(cell.strip() for cell in cells)
    squeezed = [_squeeze(name) for name in names]
    places = {
        field: squeezed.index(header)
        for field, headers in _HEADERS.items()
        if (header := next((each for each in headers if each in squeezed), None))
    }
    issues = [*_repeated(names, squeezed, places, row), *_ignored(names, places, row)]
    if SKU not in places:
        issues.append(_missing_sku(names, row))
    by_place = {place: field for field, place in places.items()}
    columns = tuple(
        _catalog_column(place, name, by_place.get(place)) for place, name in enumerate(names)
    )
    return BatchHeader(names, places, Header(columns=columns, problems=()), issues)


def _catalog_column(place: int, name: str, field: str | None) -> Column:
    if field is None:
        return Column(index=place, header=name, kind=Kind.IGNORED)
    return column_named(place, name, _CATALOG_HEADERS[field])


def _repeated(
    names: Sequence[str], squeezed: Sequence[str], places: Mapping[str, int], row: int
) -> list[Issue]:
    """One column twice: which of them is meant, nobody can tell."""
    issues = []
    for first in places.values():
        for place in range(first + 1, len(names)):
            if squeezed[place] == squeezed[first]:
                text = (
                    f"Columns {first + 1} ({names[first]!r}) and {place + 1} ({names[place]!r}) "
                    "are the same; keep one of them."
                )
                issues.append(_issue(row, names[place], Level.ERROR, "repeated_header", text))
    return issues


def _ignored(names: Sequence[str], places: Mapping[str, int], row: int) -> list[Issue]:
    issues = []
    taken = set(places.values())
    for place, name in enumerate(names):
        if place in taken:
            continue
        text = f"Column {name!r} is not known, so it is left out.{_hint(name)}"
        if not name:
            text = f"Column {place + 1} has no header, so it is left out."
        issues.append(_issue(row, name, Level.WARNING, "ignored_header", text))
    return issues


def _missing_sku(names: Sequence[str], row: int) -> Issue:
    found = ", ".join(repr(name) for name in names[:40] if name) or "no headers at all"
    text = f"No column holds the SKUs: a 'sku' column is needed. Found: {found}."
    return _issue(row, SKU, Level.ERROR, "missing_key_column", text)


def _hint(name: str) -> str:
    near = difflib.get_close_matches(_squeeze(name), _CANONICAL, n=1, cutoff=0.7)
    return f" Did you mean {_CANONICAL[near[0]]!r}?" if near else ""


def _squeeze(header: str) -> str:
    return re.sub(r"[\s_-]+", "", header).casefold()


def _issue(row: int, name: str, level: Level, code: str, text: str) -> Issue:
    return Issue(row, name, name, level, code, text)


_CANONICAL: Final = {_squeeze(field): field for field in _HEADERS}
