"""A catalog export as a file of one of the formats that can be imported again."""

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import BinaryIO

import orjson

from bulk_uploads.writers import Cell, Sheet, delimited_chunks, marked, write_workbook
from catalog.exporting.rows import ExportRows
from catalog.exporting.selection import Selection

_SHEET_NAME = "Catalog"


class ExportFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def content_type(self) -> str:
        return _CONTENT_TYPES[self]


_LABELS = {
    ExportFormat.CSV: "CSV",
    ExportFormat.XLSX: "Excel workbook (XLSX)",
    ExportFormat.JSONL: "JSON Lines",
}
_CONTENT_TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.JSONL: "application/jsonl",
}


class CatalogExport:
    """One export, to be written once. `rows` counts the variants written so far; `site` is the
    scheme and host that published pictures are reached at."""

    def __init__(self, selection: Selection, format: ExportFormat, *, site: str) -> None:
        self._selection = selection
        self._site = site
        self.format = format
        self.rows = 0

    def chunks(self) -> Iterator[bytes]:
        """The file in pieces, while it is read. Not for XLSX, which no stream can take back."""
        rows = ExportRows(self._selection, site=self._site)
        if self.format is ExportFormat.JSONL:
            return self._lines(rows)
        columns, batches = marked(rows.columns, self._counted(rows))
        return delimited_chunks(columns, batches)

    def write(self, target: BinaryIO) -> None:
        """The whole file; `target` must be able to seek where it is XLSX. Raises TableTooLarge."""
        if self.format is not ExportFormat.XLSX:
            target.writelines(self.chunks())
            return
        rows = ExportRows(self._selection, site=self._site)
        columns, batches = marked(rows.columns, self._counted(rows))
        write_workbook(target, [Sheet(_SHEET_NAME, columns, batches)])

    def _lines(self, rows: ExportRows) -> Iterator[bytes]:
        """An object a variant, every column in each, so that the header needs no looking ahead."""
        keys = [column.header for column in rows.columns]
        for batch in self._counted(rows):
            yield b"".join(_line(keys, row) for row in batch)

    def _counted(self, rows: ExportRows) -> Iterator[list[list[Cell]]]:
        for batch in rows:
            self.rows += len(batch)
            yield batch


def _line(keys: Sequence[str], row: Sequence[Cell]) -> bytes:
    values = [value if value or value is False else None for value in row]
    return orjson.dumps(dict(zip(keys, values, strict=True)), option=orjson.OPT_APPEND_NEWLINE)


def file_name(*, slug: str, day: date, format: ExportFormat) -> str:
    """A slug is plain text by its field, so that the name is safe in a header."""
    return f"catalog-{slug}-{day.isoformat()}.{format.value}"
