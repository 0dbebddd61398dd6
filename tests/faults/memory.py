"""What an upload remembers beside its ledger, for comparing one with another."""

from typing import Any

from django.db.models import F, Q

from bulk_uploads.models import BulkUpload
from catalog.models import Departure, GtinClaim, ProductDecision, Variant


def memory_of(upload: BulkUpload) -> dict[str, Any]:
    decisions = ProductDecision.objects.filter(upload=upload)
    lapsed = ~Q(digest_change_id=F("last_change_id")) & Q(last_change_id__isnull=False)
    digests = Variant.objects.filter(account=upload.account).exclude(lapsed)
    return {
        "digests": [
            (sku, digest and bytes(digest))
            for sku, digest in digests.order_by("sku").values_list("sku", "digest")
        ],
        "decisions": sorted(decisions.values_list("is_dry", "product_key", "row"), key=str),
        "texts": sorted(map(str, decisions.values_list("cells", flat=True))),
        "claims": sorted(GtinClaim.objects.filter(upload=upload).values_list("gtin", "row", "sku")),
        "departures": Departure.objects.filter(upload=upload).count(),
        "dry rows": upload.row_results.filter(is_dry=True).count(),
        "dry issues": upload.issues.filter(is_dry=True).count(),
    }
