"""The pincode file processor: `bluedart_pincode_csv_upload_processor`."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bulk_sql import tables
from bulk_uploads.file_template import TemplateColumn
from bulk_uploads.models import BulkUpload, Outcome
from bulk_uploads.options import ENGINE_OPTIONS
from bulk_uploads.processors import (
    Batch,
    BatchResult,
    Conclusion,
    HeaderRejected,
    Issue,
    RowOutcome,
)
from bulk_uploads.spool import SpoolRow
from delivery.importing.header import PincodeHeader, parse_pincode_header
from delivery.importing.judging import judge_pincodes
from delivery.importing.preview import notes_of
from delivery.importing.replacing import Replacing
from delivery.importing.rows import PincodeRow, read_row
from delivery.importing.template import template_columns
from delivery.models import Courier
from delivery.undoing import PincodeUndoer
from delivery.writing import PincodeActor, PincodeContext, write_pincodes
from jobs import clock

BLUEDART_PROCESSOR: Final = "bluedart_pincode_csv_upload_processor"
_MANY_ROWS = 1_000


class PincodePlan:
    """One pincode file's way into one account's list of a courier."""

    def __init__(self, *, upload: BulkUpload, header: PincodeHeader, courier: Courier) -> None:
        self._upload = upload
        self._header = header
        self._courier = courier
        wanted = bool(upload.options.get("replace"))
        self._replacing = Replacing(upload, courier) if wanted else None
        self.issues: Sequence[Issue] = header.issues
        self.extradata: Mapping[str, Any] = {"ignored_headers": list(header.ignored)}

    def begin(self, *, is_dry: bool) -> None:
        pass

    def prepare(self, rows: Sequence[SpoolRow]) -> Sequence[PincodeRow]:
        return [read_row(self._header, row) for row in rows]

    def apply(self, batch: Batch) -> BatchResult:
        context = self._context()
        judgement = judge_pincodes(context=context, header=self._header, batch=batch)
        result = judgement.result
        ids = write_pincodes(context, [write for _, write in judgement.writes])
        for (row, write), pincode_id in zip(judgement.writes, ids, strict=True):
            outcome = Outcome.UPDATED if write.stored else Outcome.CREATED
            result.outcomes.append(RowOutcome(row.number, row.key, outcome, pincode_id))
        if batch.is_preview:
            result.notes = notes_of(judgement.writes)
        return result

    def remember(self, batch: Batch) -> None:
        pass

    def forget(self) -> None:
        pass

    def finish_step(self) -> bool:
        if self._replacing is not None and self._replacing.step(self._context()):
            return True
        written = BulkUpload.objects.filter(pk=self._upload.pk, created_rows__gte=_MANY_ROWS)
        if written.exists():
            tables().refresh_statistics(("delivery_serviceablepincode", "delivery_pincodechange"))
        return False

    def conclude(self, *, is_dry: bool) -> Conclusion:
        return self._replacing.conclude(is_dry=is_dry) if self._replacing else Conclusion()

    def summary(self, first_rows: Sequence[Sequence[str]]) -> Mapping[str, Any]:
        return {}

    def _context(self) -> PincodeContext:
        return PincodeContext(
            account_id=self._upload.account_id,
            courier=self._courier,
            actor=PincodeActor(upload_id=self._upload.pk),
            now=clock.now(),
            tables=tables(),
        )


class BluedartPincodeProcessor:
    name = BLUEDART_PROCESSOR
    label = "Blue Dart pincodes"
    description = "Where Blue Dart delivers, one pincode and mode a row."
    options = ENGINE_OPTIONS | {"replace"}

    def plan(self, *, upload: BulkUpload, header: Sequence[str]) -> PincodePlan:
        parsed = parse_pincode_header(header, row=upload.header_row)
        if not parsed.is_usable:
            raise HeaderRejected(parsed.issues)
        return PincodePlan(upload=upload, header=parsed, courier=Courier.BLUEDART)

    def template(self, *, account_id: int) -> Sequence[TemplateColumn]:
        return template_columns()

    def undoer(self, upload: BulkUpload) -> PincodeUndoer:
        return PincodeUndoer(upload, Courier.BLUEDART)
