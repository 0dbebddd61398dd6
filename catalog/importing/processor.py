"""The catalog file processor: `catalog_csv_upload_processor`."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.conf import settings

from accounts.models import Account
from bulk_sql import tables
from bulk_uploads.column_targets import MappingProblem, Suggestion, Target, TargetGroup
from bulk_uploads.corrections.line import others_in_line
from bulk_uploads.file_template import TemplateColumn
from bulk_uploads.layouts import Layout
from bulk_uploads.models import BulkUpload
from bulk_uploads.options import ENGINE_OPTIONS
from bulk_uploads.processors import Batch, BatchResult, Conclusion, HeaderRejected, Issue
from bulk_uploads.readers.base import has_numbers
from bulk_uploads.spool import SpoolRow
from catalog.file_format.cells import NumberFormat
from catalog.file_format.columns import Field
from catalog.file_format.header import Header, parse_header
from catalog.file_format.mapping import header_of_target, mapping_problems
from catalog.importing import column_targets
from catalog.importing.applying import BatchApplier
from catalog.importing.decisions import Decisions, decided_in_line
from catalog.importing.finishing import settle_emptied_products
from catalog.importing.foreseeing import Foreseen, Foreseer
from catalog.importing.full_feeds import FeedEnd
from catalog.importing.gtins import GtinOwners
from catalog.importing.header_issues import header_issue
from catalog.importing.header_plan import HeaderPlan, ImportOptions
from catalog.importing.judging import Judge
from catalog.importing.looking_up import LookUp
from catalog.importing.presuming import Presumption
from catalog.importing.previewing import Previewer
from catalog.importing.recognising import Glance, Recogniser
from catalog.importing.row_reading import RowReader
from catalog.importing.rows import FileRow
from catalog.importing.template import template_columns
from catalog.layouts import LayoutContext, recognise
from catalog.models import Variant
from catalog.reading.definitions import load_definitions
from catalog.reading.published_media import published_mark
from catalog.undoing.leftovers import note_start
from catalog.undoing.undoer import CatalogUndoer
from catalog.writing.context import Actor, WriteContext
from catalog.writing.definitions import define_columns
from catalog.writing.taxonomy import Taxonomy
from jobs import clock

_MANY_ROWS = 1_000
_WRITTEN_TABLES = (
    "catalog_product",
    "catalog_producttag",
    "catalog_productcollection",
    "catalog_variant",
    "catalog_mediaasset",
    "catalog_medialink",
)


class PreparedRows(NamedTuple):
    rows: Sequence[FileRow]
    foreseen: Foreseen | None = None


class CatalogPlan:
    """One catalog file's way into one account.

    `presumes`: rows may be taken for new until the database says otherwise. It needs `apply` to be
    given all the rows that were prepared.
    """

    def __init__(
        self,
        *,
        upload: BulkUpload,
        header: Header,
        use_digests: bool,
        jump_factor: int,
        presumes: bool = True,
    ) -> None:
        options, found = upload.options, upload.extradata or {}
        self._upload_id = upload.pk
        self._account_id = upload.account_id
        self._use_digests = use_digests
        self._may_be_taken_back = upload.is_all_or_nothing
        self._plan = HeaderPlan(
            header.columns,
            ImportOptions(
                numbers=NumberFormat.of(upload.account.currency, options, has_numbers(found)),
                update_existing=options.get("update_existing", True),
                clear_blanks=options.get("blank_cells") == "clear",
                exact_keys=_has_exact_keys(upload),
                published_mark=published_mark(upload.account),
            ),
        )
        self._reader = RowReader(self._plan)
        self._taxonomy = Taxonomy()
        self._gtins: GtinOwners | None = None
        self._recogniser = self._recogniser_of(use_digests)
        self._expects_nothing_new = False
        self._feed_end = FeedEnd(upload) if options.get("absent") == "deactivate" else None
        self._jump_factor = jump_factor
        self._previewer: Previewer | None = None
        self._expects_changes = False
        others = others_in_line(upload)
        self._line = decided_in_line(others)
        self._look_up = LookUp(self._plan, upload.pk, {upload.pk, *others})
        self._presumption = Presumption(
            Foreseer(self._plan, self._reader, upload.pk, use_digests),
            self._look_up,
            is_allowed=presumes,
        )
        self._decisions = Decisions(self._plan, upload.pk, is_dry=False)
        self.issues: Sequence[Issue] = [
            header_issue(problem, upload.header_row) for problem in header.problems
        ]
        self.extradata: Mapping[str, Any] = {"ignored_headers": list(header.ignored)}

    def begin(self, *, is_dry: bool) -> None:
        if self._may_be_taken_back and not is_dry:
            note_start(upload_id=self._upload_id)
        ids = define_columns(
            account_id=self._account_id, columns=self._plan.columns, create=not is_dry
        )
        self._reader.bind(ids)
        self._previewer = Previewer(self._plan.columns, ids, jump_factor=self._jump_factor)
        # Into an empty catalog all rows are new.
        is_empty = not Variant.objects.for_account(self._account_id).exists()
        self._expects_nothing_new = not is_empty
        self._presumption.begin(is_likely=is_empty and not is_dry)

    def glance(self, lines: Sequence[bytes]) -> Glance | None:
        if self._recogniser is None or not self._expects_nothing_new:
            return None
        return self._recogniser.glance(lines)

    def recognise(self, batch: Batch) -> BatchResult | None:
        if self._recogniser is None:
            return None
        context = self._context()
        self._gtins = None
        self._presumption.unlikely()
        self._decisions = Decisions(self._plan, self._upload_id, is_dry=batch.is_dry)
        outcomes = self._recogniser.recognise(context, batch.prepared, self._decisions)
        self._expects_nothing_new = outcomes is not None
        if outcomes is None:
            return None
        result = BatchResult(outcomes)
        if batch.is_preview and self._previewer is not None:
            result.notes = self._previewer.notes(self._applier(context), [])
        return result

    def prepare(self, rows: Sequence[SpoolRow]) -> PreparedRows:
        glanced = self._reader.glance(rows)
        foreseen = self._presumption.foresee(glanced)
        if foreseen is None and self._expects_changes:
            # Reading is done before the batch takes its lock, where it is likely to be needed.
            self._reader.read([row for row in glanced if not row.read and not row.source.defects])
        return PreparedRows(glanced, foreseen)

    def apply(self, batch: Batch) -> BatchResult:
        context = self._context()
        applier = self._applier(context)
        rows, foreseen = batch.prepared
        foreseen = self._presumption.relied_on(context, foreseen, batch, self._decisions)
        if foreseen is None:
            return self._judge(context, applier, batch, rows)
        self._decisions, self._gtins = foreseen.decisions, None
        result = applier.apply_foreseen(foreseen, self._presumption.product_ids)
        self._presumption.product_ids = applier.product_ids
        return result

    def _judge(
        self,
        context: WriteContext,
        applier: BatchApplier,
        batch: Batch,
        rows: Sequence[FileRow],
    ) -> BatchResult:
        known = self._look_up.known(context, batch, rows)
        self._gtins = known.gtins
        self._decisions = Decisions(
            self._plan, self._upload_id, is_dry=batch.is_dry, line=self._line
        )
        self._decisions.load(context, self._look_up.product_keys(known, rows))
        judgement = Judge(
            plan=self._plan,
            reader=self._reader,
            rows=rows,
            known=known,
            decisions=self._decisions,
            use_digests=self._use_digests,
        ).judge()
        self._expects_changes = len(judgement.accepted) * 2 > len(batch.rows)
        self._expects_nothing_new = not (judgement.accepted or judgement.result.issues)
        known.gtins.release_given_up(context)
        applier.apply(judgement.accepted, judgement.result)
        self._presumption.learn(batch, judgement.accepted, applier)
        if batch.is_preview and self._previewer is not None:
            judgement.result.notes = self._previewer.notes(applier, judgement.accepted)
        return judgement.result

    def remember(self, batch: Batch) -> None:
        context = self._context()
        self._decisions.write(context)
        if batch.is_dry and self._gtins is not None:
            self._gtins.write_claims(context)

    def forget(self) -> None:
        self._taxonomy.forget()
        self._presumption.forget()

    def doubt(self) -> bool:
        return self._presumption.doubt()

    def settle_step(self) -> bool:
        return settle_emptied_products(self._context(), self._taxonomy, upload_id=self._upload_id)

    def finish_step(self) -> bool:
        context = self._context()
        if self.settle_step():
            return True
        if self._feed_end is not None and self._feed_end.step(context):
            return True
        if self._created_many():
            context.tables.refresh_statistics(_WRITTEN_TABLES)
        return False

    def _created_many(self) -> bool:
        """Whether this upload has changed what the database's planner should expect."""
        return BulkUpload.objects.filter(pk=self._upload_id, created_rows__gte=_MANY_ROWS).exists()

    def conclude(self, *, is_dry: bool) -> Conclusion:
        if self._feed_end is None:
            return Conclusion()
        return self._feed_end.conclude(self._context(), is_dry=is_dry)

    def summary(self, first_rows: Sequence[Sequence[str]]) -> Mapping[str, Any]:
        return {}

    def _recogniser_of(self, use_digests: bool) -> Recogniser | None:
        may_recognise = use_digests and self._plan.options.update_existing
        return Recogniser(self._plan) if may_recognise and self._plan.sku else None

    def _applier(self, context: WriteContext) -> BatchApplier:
        return BatchApplier(context, self._plan, self._taxonomy, self._upload_id, self._use_digests)

    def _context(self) -> WriteContext:
        return WriteContext(
            account_id=self._account_id,
            actor=Actor(upload_id=self._upload_id),
            now=clock.now(),
            tables=tables(),
        )


class CatalogProcessor:
    name = "catalog_csv_upload_processor"
    label = "Catalog"
    description = "Products, variants and property sets, one variant a row."
    options = ENGINE_OPTIONS | {
        "absent",
        "absent_share",
        "blank_cells",
        "decimal_comma",
        "layout",
        "mapping",
        "update_existing",
    }

    def __init__(self, *, use_digests: bool = True, presumes: bool = True) -> None:
        self._use_digests = use_digests
        self._presumes = presumes

    def layout_for(
        self,
        *,
        account: Account,
        header: Sequence[str],
        options: Mapping[str, Any],
        has_numbers: bool,
    ) -> Layout | None:
        numbers = NumberFormat.of(account.currency, options, has_numbers)
        clears_blanks = options.get("blank_cells") == "clear"
        return recognise(header, LayoutContext(numbers, clock.now(), clears_blanks))

    def mapping_problems(self, mapping: Mapping[str, str]) -> list[str]:
        return mapping_problems(mapping)

    def label_of(self, target: str) -> str:
        return header_of_target(target)

    def targets(self, *, account: Account) -> list[TargetGroup]:
        return column_targets.targets(account)

    def own_targets(self, column: str) -> list[Target]:
        return column_targets.own_targets(column)

    def suggestions(
        self, *, header: Sequence[str], remembered: Mapping[str, str]
    ) -> list[Suggestion]:
        return column_targets.suggestions(header, remembered)

    def problems_for(
        self, *, header: Sequence[str], mapping: Mapping[str, str]
    ) -> list[MappingProblem]:
        return column_targets.problems_for(header, mapping)

    def plan(self, *, upload: BulkUpload, header: Sequence[str]) -> CatalogPlan:
        parsed = parse_header(
            header,
            upload.options.get("mapping"),
            sources=upload.column_sources,
            columns_may_miss=upload.saved_mapping_id is not None,
        )
        if not parsed.is_usable:
            raise HeaderRejected(
                [header_issue(problem, upload.header_row) for problem in parsed.problems]
            )
        return CatalogPlan(
            upload=upload,
            header=parsed,
            use_digests=self._use_digests,
            jump_factor=settings.PRICE_JUMP_FACTOR,
            presumes=self._presumes,
        )

    def undoer(self, upload: BulkUpload) -> CatalogUndoer:
        return CatalogUndoer(upload_id=upload.pk, account_id=upload.account_id)

    def key_columns(self, *, header: Sequence[str], options: Mapping[str, Any]) -> Sequence[int]:
        """The EAN's columns, then the SKU's."""
        columns = parse_header(header, options.get("mapping")).columns
        return [
            column.index
            for field in (Field.EAN, Field.SKU)
            for column in columns
            if column.field is field
        ]

    def template(self, *, account_id: int) -> Sequence[TemplateColumn]:
        return template_columns(load_definitions(account_id=account_id))


def _has_exact_keys(upload: BulkUpload) -> bool:
    """Rows that come back, in whatever file, have the keys that their first file gave them."""
    found = [each.extradata or {} for each in (upload, upload.root) if each is not None]
    return any(each.get("format") == "json" or "is_export" in each for each in found)
