"""What a table to be written is made of: columns, and cells as values before any format."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bulk_uploads.errors import BulkUploadError
from bulk_uploads.file_template import CellKind
from bulk_uploads.spreadsheet_text import MARKER_CELL, MARKER_HEADER

#: Numbers are plain text ("1234.5"), a list is one cell; "", None and [] are blank.
Cell = str | bool | list[str] | None
Row = Sequence[Cell]
Batches = Iterable[Sequence[Row]]

_LIST_SEPARATOR = "#;"


class TableTooLarge(BulkUploadError):
    """The table does not fit into the format."""

    code = "table_too_large"
    attribute_name = "format"


@dataclass(frozen=True, slots=True)
class TableColumn:
    """`choices` are what a cell may say; `prompt` is shown to who fills one in."""

    header: str
    kind: CellKind = CellKind.TEXT
    choices: tuple[str, ...] = ()
    prompt: str = ""
    hidden: bool = False


def cell_text(value: Cell) -> str:
    """A cell as the table format writes it."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return _LIST_SEPARATOR.join(value)
    return "" if value is None else "TRUE" if value else "FALSE"


def marked(
    columns: Sequence[TableColumn], batches: Batches
) -> tuple[list[TableColumn], Iterator[list[Row]]]:
    """The table with the marker by which an import knows it as an export of ours."""
    marker = TableColumn(MARKER_HEADER, hidden=True)
    return [*columns, marker], map(_marked, batches)


def _marked(batch: Sequence[Row]) -> list[Row]:
    return [[*row, MARKER_CELL] for row in batch]
