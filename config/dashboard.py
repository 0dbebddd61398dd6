"""The landing page: what there is, what is under way, and what needs somebody."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from accounts.access import accounts_for
from accounts.models import Account
from bulk_uploads.admin.attention import troubled
from bulk_uploads.admin.page_context import status_cell
from bulk_uploads.admin.wording import processor_label, uploader
from bulk_uploads.models import BulkUpload, Level, Status
from catalog.models import Category, Product, Variant
from imagery.admin.job_filters import UNDER_WAY
from imagery.admin.overview import overview
from jobs import clock

RECENT = 8
#: How long a failure stays under "Needs attention".
ATTENTION_FOR = timedelta(days=7)
#: A waiting upload that nothing holds up should have been taken up by then.
TAKEN_UP_WITHIN = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Count:
    label: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Concern:
    """Something to look at; `tone` is "bad" or "warn"."""

    text: str
    url: str
    tone: str


def with_dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What unfold's index page is drawn from, with our part in it."""
    uploads = _visible_uploads(request)
    return {
        **context,
        "title": "Dashboard",
        "accounts": list(accounts_for(request.user)[:50]),
        "counts": _counts(request),
        "images": _images(request),
        "sees_uploads": request.user.has_perm("bulk_uploads.view_bulkupload"),
        "may_upload": request.user.has_perm("bulk_uploads.add_bulkupload"),
        "running": [status_cell(upload) for upload in _unfinished(uploads)],
        "recent": [_recent(upload) for upload in uploads.exclude(ended_at=None)[:RECENT]],
        "concerns": _concerns(uploads),
    }


def _visible_uploads(request: HttpRequest) -> QuerySet[BulkUpload]:
    accounts = accounts_for(request.user, "bulk_uploads.view_bulkupload")
    return (
        BulkUpload.objects.filter(account__in=accounts)
        .select_related("account", "file", "created_by", "token", "undo")
        .order_by("-id")
    )


def _unfinished(uploads: QuerySet[BulkUpload]) -> list[BulkUpload]:
    running = uploads.filter(status__in=(Status.DRAFT, Status.IN_PROGRESS))
    return sorted(running[:20], key=lambda upload: (upload.status != Status.IN_PROGRESS, upload.pk))


def _recent(upload: BulkUpload) -> dict[str, Any]:
    return {
        **status_cell(upload),
        "processor": processor_label(upload.processor_name),
        "uploader": uploader(upload),
    }


def _counts(request: HttpRequest) -> list[Count]:
    """Counted along an index of the account: the only counts that a page of ours waits for."""
    return [
        Count(
            str(model._meta.verbose_name_plural).capitalize(),
            model._default_manager.filter(account__in=accounts).count(),
            reverse(f"admin:catalog_{model._meta.model_name}_changelist"),
        )
        for model in (Product, Variant, Category)
        for accounts in [_ids(request, f"catalog.view_{model._meta.model_name}")]
        if accounts
    ]


def _images(request: HttpRequest) -> list[Count]:
    """Nothing until there is something to tell of the pictures of a person's accounts."""
    accounts = _ids(request, "imagery.view_skuimagery")
    found = overview(accounts) if accounts else None
    if not found:
        return []
    jobs = reverse("admin:imagery_imagejob_changelist")
    reviews = request.user.has_perm("imagery.view_reviewticket")
    queue = reverse("admin:imagery_reviewticket_changelist") if reviews else ""
    return [
        Count("SKUs to review", found.to_review, queue or f"{jobs}?qa=pending_review"),
        Count("Jobs under way", found.generating, f"{jobs}?state={UNDER_WAY}"),
        Count("Missing images", found.missing, reverse("admin:imagery_missingimage_changelist")),
    ]


def _ids(request: HttpRequest, permission: str) -> list[int]:
    accounts: QuerySet[Account] = accounts_for(request.user, permission)
    return list(accounts.order_by().values_list("pk", flat=True))


def _concerns(uploads: QuerySet[BulkUpload]) -> list[Concern]:
    now = clock.now()
    found = []
    # An account whose upload is being taken back is as busy as one that applies one.
    at_work = Q(status=Status.IN_PROGRESS) | Q(has_turn=True)
    busy = BulkUpload.objects.filter(at_work).values("account")
    late = uploads.filter(status=Status.DRAFT, run_after__lte=now - TAKEN_UP_WITHIN)
    for upload in late.exclude(account__in=busy)[:1]:
        found.append(
            Concern(
                f"{upload} has been due for {TAKEN_UP_WITHIN.seconds // 60} minutes and no worker "
                "has taken it up. Ask your operator whether the worker and the dispatcher run.",
                _page(upload),
                "bad",
            )
        )
    return found + [_concern(upload) for upload in troubled(uploads, since=now - ATTENTION_FOR)[:5]]


def _concern(upload: BulkUpload) -> Concern:
    message = (upload.output or {}).get("message", "")
    if settled := getattr(upload, "settled", 0):
        message += f" {settled:,} of its rows were put right since."
    if upload.status == Status.FAILURE:
        return Concern(f"{upload} ({upload.file.name}): {message}", _page(upload), "bad")
    url = f"{_page(upload)}?level={Level.ERROR.value}#issues"
    return Concern(f"{upload} ({upload.file.name}): {message}", url, "warn")


def _page(upload: BulkUpload) -> str:
    return reverse("admin:bulk_uploads_bulkupload_change", args=[upload.pk])
