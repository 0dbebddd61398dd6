"""The empty file of a processor: its header, and in a workbook what each column means."""

import io
from collections.abc import Sequence
from enum import StrEnum

from bulk_uploads.file_template import CellKind, TemplateColumn
from bulk_uploads.writers import Sheet, TableColumn, delimited_chunks, write_workbook

_EXPLAINED = (
    TableColumn("Column"),
    TableColumn("Needed"),
    TableColumn("Meaning", CellKind.LONG_TEXT),
    TableColumn("Example", CellKind.LONG_TEXT),
)


class TemplateFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"

    @property
    def content_type(self) -> str:
        return _CONTENT_TYPES[self]


_CONTENT_TYPES = {
    TemplateFormat.CSV: "text/csv; charset=utf-8",
    TemplateFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def template_file(columns: Sequence[TemplateColumn], format: TemplateFormat) -> bytes:
    table = [
        TableColumn(column.header, column.kind, column.choices, prompt=column.meaning)
        for column in columns
    ]
    if format is TemplateFormat.CSV:
        return b"".join(delimited_chunks(table, ()))
    meanings = [
        [column.header, "Yes" if column.needed else "", column.meaning, column.example]
        for column in columns
    ]
    target = io.BytesIO()
    write_workbook(
        target,
        [
            Sheet("To fill in", table, (), is_filtered=False),
            Sheet("What the columns mean", _EXPLAINED, [meanings], is_filtered=False),
        ],
    )
    return target.getvalue()
