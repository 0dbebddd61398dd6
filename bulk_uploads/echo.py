"""The echo processor: writes nothing and hands back what it was given, to prove a connection."""

from collections.abc import Mapping, Sequence
from typing import Any

from bulk_uploads.file_template import TemplateColumn
from bulk_uploads.models import BulkUpload, Outcome
from bulk_uploads.options import READING_OPTIONS
from bulk_uploads.processors import Batch, BatchResult, Conclusion, Issue, RowOutcome
from bulk_uploads.row_defects import issues_of_defects
from bulk_uploads.spool import SpoolRow

_LONGEST_CELL = 200


class EchoPlan:
    issues: Sequence[Issue] = ()
    extradata: Mapping[str, Any] = {}

    def __init__(self, upload: BulkUpload, header: Sequence[str]) -> None:
        self._upload = upload
        self._header = list(header)

    def begin(self, *, is_dry: bool) -> None:
        pass

    def prepare(self, rows: Sequence[SpoolRow]) -> Sequence[Any]:
        return rows

    def apply(self, batch: Batch) -> BatchResult:
        result = BatchResult()
        for row in batch.rows:
            outcome = Outcome.FAILED if row.defects else Outcome.UNCHANGED
            result.outcomes.append(RowOutcome(row.number, None, outcome, None))
            result.issues += issues_of_defects(row, self._header)
        return result

    def remember(self, batch: Batch) -> None:
        pass

    def forget(self) -> None:
        pass

    def finish_step(self) -> bool:
        return False

    def conclude(self, *, is_dry: bool) -> Conclusion:
        rows = self._upload.total_rows
        return Conclusion(
            if_unchanged=f"{rows:,} row{'' if rows == 1 else 's'} read; nothing is written."
        )

    def summary(self, first_rows: Sequence[Sequence[str]]) -> Mapping[str, Any]:
        rows = [[cell[:_LONGEST_CELL] for cell in row] for row in first_rows]
        return {"header": self._header, "first_rows": rows}


class EchoProcessor:
    name = "file_content_echo_processor"
    label = "Echo (writes nothing)"
    description = "Reads the file and hands back its header, row count and first rows."
    options: frozenset[str] = READING_OPTIONS | {"dry_run"}

    def plan(self, *, upload: BulkUpload, header: Sequence[str]) -> EchoPlan:
        return EchoPlan(upload, header)

    def template(self, *, account_id: int) -> Sequence[TemplateColumn]:
        return ()
