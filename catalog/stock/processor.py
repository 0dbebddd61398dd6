"""The stock file processor: `product_catalog_stock_csv_upload_processor`."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from accounts.models import Account
from bulk_sql import tables
from bulk_uploads.column_targets import MappingProblem, Suggestion, Target, TargetGroup
from bulk_uploads.file_template import TemplateColumn
from bulk_uploads.models import BulkUpload
from bulk_uploads.options import ENGINE_OPTIONS
from bulk_uploads.processors import Batch, BatchResult, HeaderRejected, Issue
from bulk_uploads.readers.base import has_numbers
from bulk_uploads.spool import SpoolRow
from catalog.file_format.cells import NumberFormat
from catalog.importing.header_issues import header_issue
from catalog.models import MovementKind, NewLocation
from catalog.stock.header import StockHeader, parse_stock_header
from catalog.stock.judging import StockJudge
from catalog.stock.levels import write_levels
from catalog.stock.locations import Locations
from catalog.stock.mapping import label_of, mapping_problems, problems_of
from catalog.stock.mapping import suggestions as suggested
from catalog.stock.mapping import targets as stock_targets
from catalog.stock.previewing import notes_of
from catalog.stock.rows import StockReader, StockRow
from catalog.stock.template import template_columns
from catalog.stock.undoing import StockUndoer
from catalog.writing.context import Actor, WriteContext
from jobs import clock

STOCK_PROCESSOR: Final = "product_catalog_stock_csv_upload_processor"
_MANY_ROWS = 1_000
#: New locations that an upload's output names.
_NAMED = 50


class StockPlan:
    """One stock file's way into one account."""

    def __init__(self, *, upload: BulkUpload, header: StockHeader) -> None:
        options = upload.options
        self._upload = upload
        self._header = header
        self._reader = StockReader(
            header,
            kind=MovementKind.ADJUST if options.get("mode") == "adjust" else MovementKind.SET,
            numbers=NumberFormat.of(
                upload.account.currency, options, has_numbers(upload.extradata or {})
            ),
        )
        self._locations = Locations()
        self.issues: Sequence[Issue] = [
            header_issue(problem, upload.header_row) for problem in header.problems
        ]
        self.extradata: Mapping[str, Any] = {"ignored_headers": list(header.ignored)}

    def begin(self, *, is_dry: bool) -> None:
        pass

    def prepare(self, rows: Sequence[SpoolRow]) -> Sequence[StockRow]:
        return self._reader.read(rows)

    def apply(self, batch: Batch) -> BatchResult:
        context = self._context()
        judge = StockJudge(
            context=context, header=self._header, batch=batch, upload_id=self._upload.pk
        )
        judgement = judge.judge()
        self._locations = judge.locations
        self._locations.create(context)
        write_levels(context, judgement.changes, self._locations.ids)
        result = judgement.result
        if batch.is_preview:
            result.notes = notes_of(judgement.changes, result.outcomes, self._locations)
        return result

    def remember(self, batch: Batch) -> None:
        self._locations.remember(self._context(), upload_id=self._upload.pk, is_dry=batch.is_dry)

    def forget(self) -> None:
        pass

    def finish_step(self) -> bool:
        written = BulkUpload.objects.filter(pk=self._upload.pk, created_rows__gte=_MANY_ROWS)
        if written.exists():
            tables().refresh_statistics(("catalog_stocklevel", "catalog_stockmovement"))
        return False

    def summary(self, first_rows: Sequence[Sequence[str]]) -> Mapping[str, Any]:
        made = NewLocation.objects.filter(
            upload_id=self._upload.pk, is_dry=self._upload.is_dry_run
        ).order_by("row", "key")
        names = list(made.values_list("name", flat=True)[:_NAMED])
        return {"new_locations": names} if names else {}

    def _context(self) -> WriteContext:
        return WriteContext(
            account_id=self._upload.account_id,
            actor=Actor(upload_id=self._upload.pk),
            now=clock.now(),
            tables=tables(),
        )


class StockProcessor:
    name = STOCK_PROCESSOR
    label = "Stock"
    description = "How much of each SKU lies at which location."
    options = ENGINE_OPTIONS | {"decimal_comma", "mapping", "mode"}

    def plan(self, *, upload: BulkUpload, header: Sequence[str]) -> StockPlan:
        parsed = parse_stock_header(
            header,
            upload.options.get("mapping"),
            columns_may_miss=upload.saved_mapping_id is not None,
        )
        if not parsed.is_usable:
            raise HeaderRejected(
                [header_issue(problem, upload.header_row) for problem in parsed.problems]
            )
        return StockPlan(upload=upload, header=parsed)

    def mapping_problems(self, mapping: Mapping[str, str]) -> list[str]:
        return mapping_problems(mapping)

    def label_of(self, target: str) -> str:
        return label_of(target)

    def targets(self, *, account: Account) -> list[TargetGroup]:
        return stock_targets()

    def own_targets(self, column: str) -> list[Target]:
        return []

    def suggestions(
        self, *, header: Sequence[str], remembered: Mapping[str, str]
    ) -> list[Suggestion]:
        return suggested(header, remembered)

    def problems_for(
        self, *, header: Sequence[str], mapping: Mapping[str, str]
    ) -> list[MappingProblem]:
        return problems_of(parse_stock_header(header, mapping).problems)

    def template(self, *, account_id: int) -> Sequence[TemplateColumn]:
        return template_columns()

    def undoer(self, upload: BulkUpload) -> StockUndoer:
        return StockUndoer(upload)
