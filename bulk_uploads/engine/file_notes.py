"""What an upload keeps of the reading of its file, and what is said of the file as a whole."""

from typing import Any

from bulk_uploads.corrections.adoption import token_warnings
from bulk_uploads.engine.reading import ReadFile
from bulk_uploads.models import Level
from bulk_uploads.processors import Issue


def fields_of_reading(read: ReadFile) -> dict[str, Any]:
    """The upload's columns that the reading of its file fills."""
    fields: dict[str, Any] = {
        "header": read.header,
        "header_row": read.header_row,
        "spool_path": read.spool_path,
        "spool_bytes": read.spool_bytes,
        "total_rows": read.rows,
        "blank_rows": read.blank_rows,
        "extradata": read.extradata,
    }
    if laid_out := read.laid_out:
        fields |= {
            "header": [column.header for column in laid_out.columns],
            "column_sources": [column.source for column in laid_out.columns],
            "file_header": read.header,
            "layout": laid_out.layout,
            "extradata": {
                **read.extradata,
                "layout": laid_out.layout,
                "left_out_columns": list(laid_out.left_out),
            },
        }
    return fields | dict(read.adopted)


def of_reading(read: ReadFile) -> list[Issue]:
    """What the file's layout has to say, and a token nobody knows: warnings at the header."""
    notes = read.laid_out.notes if read.laid_out else ()
    return token_warnings(read.header, header_row=read.header_row) + [
        Issue(
            row=read.header_row,
            column=note.column,
            value=note.value,
            level=Level.WARNING,
            code=note.code,
            message=note.message,
        )
        for note in notes
    ]
