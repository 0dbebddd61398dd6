"""What one row says beside its SKU: the inputs of its image job."""

from collections.abc import Callable, Mapping
from typing import Final

from bulk_uploads.models import Level
from bulk_uploads.processors import Issue
from catalog.file_format.cells import (
    LONGEST_ITEM,
    CellError,
    parse_product_name,
    parse_text,
    parse_urls,
)
from catalog.importing.rows import FileRow
from imagery.batches.columns import BRAND, IMAGE_URL, STYLE_TAGS, TITLE, BatchHeader

Inputs = Mapping[str, str]


def read_inputs(header: BatchHeader, row: FileRow) -> tuple[Inputs, list[Issue]]:
    """Blank cells are left out; a cell that cannot be taken is an issue instead."""
    inputs: dict[str, str] = {}
    issues = []
    for name, parse in _PARSERS.items():
        place = header.places.get(name)
        text = "" if place is None else row.cells[place].strip()
        if not text:
            continue
        try:
            inputs[name] = parse(text)
        except CellError as error:
            column = header.header_of(name)
            issues.append(Issue(row.number, column, text, Level.ERROR, error.code, error.message))
    return {name: text for name, text in inputs.items() if text}, issues


def _text(text: str) -> str:
    return parse_text(text, longest=LONGEST_ITEM)


def _first_url(text: str) -> str:
    """The others become pictures of a new SKU in the catalog."""
    return next(iter(parse_urls(text)), "")


_PARSERS: Final[Mapping[str, Callable[[str], str]]] = {
    TITLE: parse_product_name,
    IMAGE_URL: _first_url,
    BRAND: _text,
    STYLE_TAGS: _text,
}
