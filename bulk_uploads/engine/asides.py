"""What reading already settled of rows: those merged into others, and remarks beside them."""

from collections.abc import Sequence

from bulk_uploads.models import Outcome
from bulk_uploads.processors import BatchResult, RowOutcome
from bulk_uploads.row_defects import issues_of_remarks
from bulk_uploads.spool import SpoolRow


def rows_to_apply(rows: list[SpoolRow]) -> list[SpoolRow]:
    """The rows a processor is to see: all but those that another row of the file speaks for."""
    if all(row.merged_into is None for row in rows):
        return rows
    return [row for row in rows if row.merged_into is None]


def add_asides(rows: Sequence[SpoolRow], result: BatchResult) -> None:
    for row in rows:
        if row.merged_into is not None:
            result.outcomes.append(RowOutcome(row.number, None, Outcome.MERGED, None))
        elif row.remarks:
            result.issues += issues_of_remarks(row)
