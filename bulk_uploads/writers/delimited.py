"""Writes CSV as spreadsheets expect it: UTF-8 that says so, commas, CRLF (RFC 4180)."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final

from bulk_uploads.file_template import CellKind
from bulk_uploads.spreadsheet_text import neutralise
from bulk_uploads.writers.table import Batches, Row, TableColumn, cell_text

#: Without it Excel takes a file for the code page of its country; readers drop it.
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_PLAIN = frozenset((CellKind.NUMBER, CellKind.TRUTH))


def delimited_chunks(columns: Sequence[TableColumn], batches: Batches) -> Iterator[bytes]:
    """The file in pieces: its header, then a piece for each batch."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([neutralise(column.header) for column in columns])
    yield BYTE_ORDER_MARK + _taken(text)
    runs = [column.kind not in _PLAIN for column in columns]
    for batch in batches:
        writer.writerows(_harmless(row, runs) for row in batch)
        yield _taken(text)


def _harmless(row: Row, runs: Sequence[bool]) -> list[str]:
    """The cells' texts; in columns of text nothing a spreadsheet would run."""
    texts = [value if type(value) is str else cell_text(value) for value in row]
    return [
        neutralise(text) if is_text else text for text, is_text in zip(texts, runs, strict=True)
    ]


def _taken(text: io.StringIO) -> bytes:
    content = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return content
