"""What reading found wrong with a row's bytes or shape, as issues of that row."""

from collections.abc import Sequence

from bulk_uploads.models import Level
from bulk_uploads.processors import Issue
from bulk_uploads.readers.base import Defect
from bulk_uploads.spool import SpoolRow


def issues_of_defects(row: SpoolRow, header: Sequence[str]) -> list[Issue]:
    return [_issue(row, defect, header, Level.ERROR) for defect in row.defects]


def issues_of_remarks(row: SpoolRow) -> list[Issue]:
    """Warnings of a row that is applied all the same."""
    return [_issue(row, remark, (), Level.WARNING) for remark in row.remarks]


def _issue(row: SpoolRow, defect: Defect, header: Sequence[str], level: Level) -> Issue:
    return Issue(
        row=row.number,
        column=_column_name(defect.column, header),
        value=defect.value,
        level=level,
        code=defect.code.value,
        message=defect.message,
    )


def _column_name(column: int | str | None, header: Sequence[str]) -> str:
    """The header over the cell, or its place where there is none."""
    if column is None:
        return ""
    if isinstance(column, str):
        return column
    name = header[column - 1] if column <= len(header) else ""
    return name or f"column {column}"
