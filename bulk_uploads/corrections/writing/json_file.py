"""A correction file as a JSON array or as JSON Lines: a flat object for each row."""

from dataclasses import dataclass
from typing import BinaryIO

import orjson

from bulk_uploads.corrections.failed_rows import FailedRow
from bulk_uploads.corrections.writing.table import CorrectionTable, messages

_SPACE = b" \t\r\n\xef\xbb\xbf"
_HEAD = 4096
#: An array of objects, or the object around one, begins so; JSON Lines begins with a row.
_ARRAYS = (b"[", b'{"data":[')


@dataclass(frozen=True, slots=True)
class JsonWriter:
    """Columns are keys and cells are texts, which is what they are once they are read again."""

    is_array: bool

    @property
    def content_type(self) -> str:
        return "application/json" if self.is_array else "application/x-ndjson"

    @property
    def ending(self) -> str:
        return ".json" if self.is_array else ".jsonl"

    def write(self, table: CorrectionTable, target: BinaryIO) -> None:
        separator = b"[\n" if self.is_array else b""
        for row in table.rows:
            target.write(separator + orjson.dumps(_document(table, row)))
            separator = b",\n" if self.is_array else b"\n"
        target.write(b"\n]\n" if self.is_array else b"\n")


def _document(table: CorrectionTable, row: FailedRow) -> dict[str, str | int]:
    document: dict[str, str | int] = dict(zip(table.header, table.own_cells(row), strict=True))
    document[table.errors_header] = messages(row)
    said = table.number_cell(row)
    document[table.number_header] = str(said) if said.marks else said.row
    return document


def holds_array(stream: BinaryIO) -> bool:
    """Whether a JSON file is one value, not objects one after another."""
    stream.seek(0)
    plain = bytes(byte for byte in stream.read(_HEAD) if byte not in _SPACE and byte)
    return plain.startswith(_ARRAYS)
