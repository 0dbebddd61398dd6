"""What the reader found wrong with a row's bytes or shape, as issues of that row."""

from collections.abc import Sequence

from bulk_uploads.models import Level
from bulk_uploads.processors import Issue
from bulk_uploads.spool import SpoolRow


def issues_of_defects(row: SpoolRow, header: Sequence[str]) -> list[Issue]:
    return [
        Issue(
            row=row.number,
            column=_column_name(defect.column, header),
            value=defect.value,
            level=Level.ERROR,
            code=defect.code.value,
            message=defect.message,
        )
        for defect in row.defects
    ]


def _column_name(column: int | None, header: Sequence[str]) -> str:
    """The header over the cell, or its place where there is none."""
    if column is None:
        return ""
    name = header[column - 1] if column <= len(header) else ""
    return name or f"column {column}"
