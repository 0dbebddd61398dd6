"""What an upload left, against what an undisturbed one of the same rows left in another account."""

from dataclasses import replace
from typing import Any

from django.db.models import F, Q

from bulk_uploads.models import BulkUpload
from bulk_uploads.preview_notes import PreviewNotes
from bulk_uploads.previews import notes_of
from bulk_uploads.state_machine import ENDED_FOLLOW_UP
from catalog.models import Departure, FullFeed, GtinClaim, ProductDecision, Variant
from jobs.models import FollowUp
from tests.imports import catalog_of, judgement_of


def assert_same(upload: BulkUpload, undisturbed: BulkUpload) -> None:
    """Same end, counts, ledger, issues and catalog; and exactly one word of its end."""
    assert judgement_of(upload) == judgement_of(undisturbed)
    assert catalog_of(upload.account) == catalog_of(undisturbed.account)
    assert _memory_of(upload) == _memory_of(undisturbed)
    ended = FollowUp.objects.filter(kind=ENDED_FOLLOW_UP, payload={"upload_id": upload.pk})
    assert ended.count() == 1


def _memory_of(upload: BulkUpload) -> dict[str, Any]:
    """What is kept beside ledger and catalog, so that later rows are judged rightly."""
    decisions = ProductDecision.objects.filter(upload=upload)
    lapsed = ~Q(digest_change_id=F("last_change_id")) & Q(last_change_id__isnull=False)
    digests = Variant.objects.filter(account=upload.account).exclude(lapsed).order_by("sku")
    return {
        "digests": [
            (sku, digest and bytes(digest)) for sku, digest in digests.values_list("sku", "digest")
        ],
        "decisions": sorted(decisions.values_list("is_dry", "product_key", "row"), key=str),
        "texts": sorted(map(str, decisions.values_list("cells", flat=True))),
        "claims": sorted(GtinClaim.objects.filter(upload=upload).values_list("gtin", "row", "sku")),
        "departures": Departure.objects.filter(upload=upload).count(),
        "dry rows": upload.row_results.filter(is_dry=True).count(),
        "dry issues": upload.issues.filter(is_dry=True).count(),
        "feed": list(FullFeed.objects.filter(upload=upload).values(*_FEED)),
        "preview": _without_ids(notes_of(upload)),
    }


_FEED = ("is_counted", "absent", "is_done", "deactivated")


def _without_ids(notes: PreviewNotes) -> PreviewNotes:
    return replace(
        notes,
        sample=[change._replace(object_id=None) for change in notes.sample],
        jumps=[jump._replace(object_id=None) for jump in notes.jumps],
    )
