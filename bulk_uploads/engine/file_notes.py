"""What an upload keeps of the reading of its file, and what is said of the file as a whole."""

from dataclasses import dataclass
from typing import Any

from bulk_uploads.corrections.adoption import token_warnings
from bulk_uploads.engine.reading import ReadFile
from bulk_uploads.header_drift import drift_of, issues_of
from bulk_uploads.ledger import count_warnings
from bulk_uploads.models import BulkUpload, Level, Relation
from bulk_uploads.processors import Issue


@dataclass(frozen=True, slots=True)
class Noted:
    """Columns of the upload to fill, and warnings that stand at the header of its file."""

    fields: dict[str, Any]
    issues: list[Issue]


def of_reading(upload: BulkUpload, read: ReadFile) -> Noted:
    layout = read.laid_out.layout if read.laid_out else ""
    drift = None
    if read.adopted.get("relation", upload.relation) in ("", Relation.RUN):
        # The file of any other was made from its parent's.
        drift = drift_of(upload, header=read.header, layout=layout)
    issues = _said_of_file(read) + issues_of(drift, header_row=read.header_row)
    fields = _fields(read) | {"warnings": count_warnings(issues)}
    if drift is not None:
        fields["extradata"] = {**fields["extradata"], "header_drift": drift.as_extradata()}
    return Noted(fields, issues)


def _fields(read: ReadFile) -> dict[str, Any]:
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


def _said_of_file(read: ReadFile) -> list[Issue]:
    """What the file's layout has to say, and a token nobody knows."""
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
