"""Full feeds: variants that no row of the file names are deactivated, within a share of caution."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from bulk_uploads.models import BulkUpload, Level, Outcome, Relation, Status
from bulk_uploads.options import USUAL_ABSENT_SHARE
from bulk_uploads.processors import Conclusion, Issue
from catalog.models import FullFeed
from catalog.writing import variants
from catalog.writing.context import WriteContext
from catalog.writing.drafts import VariantDraft

#: Uploads of a saved mapping, newest first, whose rows make its scope.
MOST_EARLIER_UPLOADS = 50
_STEP = 500
_PARTS = (Relation.CORRECTION, Relation.RETRY, Relation.FIX)
# The ledger's key of a row is the SKU of the variant it is about, also where it names its EAN.
_NAMED = """EXISTS (SELECT 1 FROM bulk_uploads_rowresult r
WHERE r.upload_id {uploads} AND r.is_dry = %s AND r.key = v.sku AND r.outcome <> %s)"""


class Refusal(StrEnum):
    """Why nothing is deactivated."""

    ROWS_FAILED = "absent_rows_failed"
    PART_OF_A_FEED = "absent_part_of_a_feed"
    ABOVE_SHARE = "absent_above_share"


@dataclass(frozen=True, slots=True)
class Walked:
    """A step through the account's variants: where it came to, "" behind the last."""

    to: str
    absent: list[int]


class FeedEnd:
    """What one upload does about the variants that its file does not name.

    Its scope is the account, or with a saved mapping what earlier uploads with that have named;
    what was made after the upload began is no part of it. `most_share` is in percent of the
    variants the file should have named: those it names that were there, and the absent ones.
    """

    def __init__(self, upload: BulkUpload) -> None:
        self._upload = upload
        self._most_share: int = upload.options.get("absent_share", USUAL_ABSENT_SHARE)
        self._since: datetime = upload.started_at or upload.created_at
        self._earlier = _earlier_uploads(upload)

    def step(self, context: WriteContext) -> bool:
        """Count or deactivate some of the absent variants; False when nothing is left to do."""
        if self._refused_at_once() is not None:
            return False
        feed, _ = FullFeed.objects.get_or_create(upload=self._upload)
        if not feed.is_counted:
            walked = self._walk(context, is_dry=False, after=feed.counted_to)
            feed.absent += len(walked.absent)
            feed.counted_to, feed.is_counted = walked.to, not walked.to
        elif self._refusal(feed.absent) is not None or feed.is_done:
            return False
        else:
            walked = self._walk(context, is_dry=False, after=feed.deactivated_to)
            feed.deactivated += _deactivate(context, walked.absent)
            feed.deactivated_to, feed.is_done = walked.to, not walked.to
        feed.save()
        return True

    def conclude(self, context: WriteContext, *, is_dry: bool) -> Conclusion:
        """In a dry run the absent variants are counted here and now."""
        refusal = self._refused_at_once()
        if refusal is not None:
            return self._refused(refusal, absent=None)
        if is_dry:
            absent = deactivated = sum(len(walked.absent) for walked in self._walks(context))
        else:
            feed = FullFeed.objects.get(upload=self._upload)
            absent, deactivated = feed.absent, feed.deactivated
        refusal = self._refusal(absent)
        if refusal is not None:
            return self._refused(refusal, absent=absent)
        return Conclusion(
            output={"deactivated": deactivated},
            remark=_remark(deactivated, is_dry=is_dry),
            changes_something=bool(deactivated),
        )

    def _refused_at_once(self) -> Refusal | None:
        """What needs no counting."""
        if self._upload.relation in _PARTS:
            return Refusal.PART_OF_A_FEED
        return Refusal.ROWS_FAILED if self._counts["failed_rows"] else None

    def _refusal(self, absent: int) -> Refusal | None:
        if absent * 100 > self._most_share * self._should_name(absent):
            return Refusal.ABOVE_SHARE
        return None

    def _should_name(self, absent: int) -> int:
        return absent + self._counts["updated_rows"] + self._counts["unchanged_rows"]

    @cached_property
    def _counts(self) -> dict[str, int]:
        """As the last row has left them: what is known of the upload here is older."""
        columns = ("failed_rows", "updated_rows", "unchanged_rows")
        counts: dict[str, int] = BulkUpload.objects.values(*columns).get(pk=self._upload.pk)
        return counts

    def _refused(self, refusal: Refusal, *, absent: int | None) -> Conclusion:
        text = _REASONS[refusal]
        if absent is not None:
            should = self._should_name(absent)
            text = text.format(
                absent=f"{absent:,}",
                should=f"{should:,}",
                share=f"{absent * 100 / should:.3g}",
                most=self._most_share,
            )
        # What is to be said of the file stands at its header, in front of its rows.
        issue = Issue(self._upload.header_row, "", "", Level.WARNING, refusal.value, text)
        found = {} if absent is None else {"absent": absent}
        return Conclusion(
            output={"deactivated": 0, **found},
            issues=[issue],
            remark=f"No variant is deactivated: {text[0].lower()}{text[1:]}",
        )

    def _walks(self, context: WriteContext) -> Iterator[Walked]:
        after = ""
        while True:
            walked = self._walk(context, is_dry=True, after=after)
            yield walked
            if not walked.to:
                return
            after = walked.to

    def _walk(self, context: WriteContext, *, is_dry: bool, after: str) -> Walked:
        """The next variants by SKU, whether active or not: a step is never long."""
        tables = context.tables
        named = _NAMED.format(uploads="= %s")
        scope, scope_values = "", list[Any]()
        if self._earlier is not None:
            scope = f"AND {_NAMED.format(uploads=tables.in_list)}"
            scope_values = [tables.among(self._earlier), False, int(Outcome.FAILED)]
        rows = tables.select(
            f"SELECT v.sku, v.id, v.active AND v.created_at <= %s AND NOT {named} {scope} "  # noqa: S608 - our own names
            "FROM catalog_variant v WHERE v.account_id = %s AND v.sku > %s "
            f"ORDER BY v.sku LIMIT {_STEP}",
            [
                tables.moment(self._since),
                self._upload.pk,
                is_dry,
                int(Outcome.FAILED),
                *scope_values,
                context.account_id,
                after,
            ],
        )
        absent = [variant_id for _, variant_id, is_absent in rows if is_absent]
        return Walked(rows[-1][0] if len(rows) == _STEP else "", absent)


_REASONS = {
    Refusal.ROWS_FAILED: (
        "Some rows failed, so it is not known what the whole file names. Correct them and upload "
        "the whole file again."
    ),
    Refusal.PART_OF_A_FEED: (
        "This upload holds only a part of its file's rows. Upload the whole file again."
    ),
    Refusal.ABOVE_SHARE: (
        "The file does not name {absent} of {should} variants that it should ({share} %), more "
        "than the {most} % that may be deactivated. If it is complete, allow a larger share."
    ),
}


def _earlier_uploads(upload: BulkUpload) -> list[int] | None:
    """Those whose rows make the scope; None where that is the whole account."""
    if upload.saved_mapping_id is None:
        return None
    earlier = BulkUpload.objects.for_account(upload.account_id).filter(
        saved_mapping_id=upload.saved_mapping_id,
        status=Status.SUCCESS,
        is_dry_run=False,
        pk__lt=upload.pk,
    )
    return list(earlier.order_by("-pk").values_list("pk", flat=True)[:MOST_EARLIER_UPLOADS])


def _deactivate(context: WriteContext, variant_ids: list[int]) -> int:
    stored = variants.load_variants(context, sorted(variant_ids), with_media=False)
    updates = [
        # Without a digest: the next row that names it is read, and may activate it again.
        variants.compare(
            variant,
            VariantDraft(variant.sku, {"active": False}),
            product=(variant.product_id, "", ""),
        )
        for variant in stored.values()
    ]
    variants.update_variants(context, updates)
    return sum(1 for update in updates if update.fields)


def _remark(deactivated: int, *, is_dry: bool) -> str:
    if not deactivated:
        return ""
    is_one = deactivated == 1
    verb = "would be" if is_dry else "was" if is_one else "were"
    return (
        f"{deactivated:,} {'variant' if is_one else 'variants'} that the file does not name {verb} "
        "deactivated."
    )
