"""The image batch processor: `image_batch_csv_upload_processor`."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.conf import settings

from bulk_uploads.file_template import TemplateColumn
from bulk_uploads.models import BulkUpload, Level, Outcome
from bulk_uploads.options import ENGINE_OPTIONS
from bulk_uploads.preview_notes import PreviewNotes
from bulk_uploads.processors import Batch, BatchResult, Conclusion, HeaderRejected, Issue
from bulk_uploads.spool import SpoolRow
from catalog.importing.processor import CatalogPlan
from catalog.importing.rows import FileRow
from imagery.batches.columns import BatchHeader, read_header
from imagery.batches.judging import Judgement, judge
from imagery.batches.options import IMAGE_BATCH_PROCESSOR
from imagery.batches.template import template_columns
from imagery.batches.undoing import BatchUndoer
from imagery.batches.upload_jobs import UploadJobs, jobs_in_words
from imagery.following.foretelling import ImageForeteller, sums_of
from imagery.planning.looking_up import count_wanted
from imagery.planning.recipe_plan import load_plan
from imagery.planning.requests import Target
from imagery.recipes.drafts import UnknownRecipe

_GOOD: Final = frozenset({Outcome.CREATED, Outcome.UNCHANGED})


class ImageBatchPlan:
    """One file's way to image jobs. New SKUs go the catalog's own way into the catalog."""

    def __init__(self, *, upload: BulkUpload, header: BatchHeader) -> None:
        self._upload = upload
        self._header = header
        self._catalog = CatalogPlan(
            upload=upload,
            header=header.catalog,
            use_digests=False,
            jump_factor=settings.PRICE_JUMP_FACTOR,
            presumes=False,
        )
        self._jobs = UploadJobs(upload)
        self.issues: Sequence[Issue] = header.issues
        self.extradata: Mapping[str, Any] = {"ignored_headers": header.ignored}

    def require_recipe(self) -> None:
        """It was there when the file was given. Raises HeaderRejected."""
        try:
            self._jobs.version()
        except UnknownRecipe as refusal:
            issue = Issue(None, "", "", Level.ERROR, "unknown_recipe", str(refusal))
            raise HeaderRejected([issue]) from refusal

    def begin(self, *, is_dry: bool) -> None:
        self._catalog.begin(is_dry=is_dry)

    def prepare(self, rows: Sequence[SpoolRow]) -> Sequence[FileRow]:
        return self._catalog.prepare(rows).rows

    def apply(self, batch: Batch) -> BatchResult:
        judgement = judge(account_id=self._upload.account_id, header=self._header, batch=batch)
        new = self._catalog.apply(judgement.batch_of_new(batch))
        result = judgement.result
        result.outcomes += new.outcomes
        result.issues += new.issues
        result.notes = new.notes
        targets = self._targets(judgement)
        if not batch.is_dry:
            self._jobs.request(targets)
        elif batch.is_preview:
            result.notes = (new.notes or PreviewNotes()) + self._foretold(targets)
        return result

    def _foretold(self, targets: Sequence[Target]) -> PreviewNotes:
        """What the images of these rows will take, while the new SKUs are there to be read."""
        plan = load_plan(self._jobs.version())
        count = count_wanted(plan=plan, targets=targets)
        return PreviewNotes(sums={ImageForeteller.name: sums_of(count)})

    def _targets(self, judgement: Judgement) -> list[Target]:
        good = [each for each in judgement.result.outcomes if each.outcome in _GOOD and each.key]
        return [
            Target(
                sku=each.key or "",
                inputs=judgement.inputs.get(each.row, {}),
                images=self._upload.options.get("variants"),
                upload_row=each.row,
            )
            for each in sorted(good)
        ]

    def remember(self, batch: Batch) -> None:
        self._catalog.remember(batch)

    def forget(self) -> None:
        self._catalog.forget()

    def settle_step(self) -> bool:
        return self._catalog.settle_step() or self._jobs.begin_pilot()

    def finish_step(self) -> bool:
        return self._catalog.finish_step() or self._jobs.begin_pilot()

    def conclude(self, *, is_dry: bool) -> Conclusion:
        if is_dry:
            return Conclusion()
        counts = self._jobs.counts()
        return Conclusion(output=counts.as_output(), remark=jobs_in_words(counts))

    def summary(self, first_rows: Sequence[Sequence[str]]) -> Mapping[str, Any]:
        return {}


class ImageBatchProcessor:
    name = IMAGE_BATCH_PROCESSOR
    label = "Image batch"
    description = "Images for one SKU a row: from a title, a photo's address, a brand and a style."
    # The rest is added where its meaning is known: see `batches.options` and `following`.
    options = ENGINE_OPTIONS

    def plan(self, *, upload: BulkUpload, header: Sequence[str]) -> ImageBatchPlan:
        parsed = read_header(header, row=upload.header_row)
        if not parsed.is_usable:
            raise HeaderRejected(parsed.issues)
        plan = ImageBatchPlan(upload=upload, header=parsed)
        plan.require_recipe()
        return plan

    def template(self, *, account_id: int) -> Sequence[TemplateColumn]:
        return template_columns()

    def undoer(self, upload: BulkUpload) -> BatchUndoer:
        return BatchUndoer.of(upload)
