"""The page of one image job: its timeline, live while it runs, and what a person can do with it."""

import hashlib
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from bulk_uploads.admin.account_column import AccountColumn
from bulk_uploads.admin.large_lists import LargeListAdmin
from catalog.admin.thumbnails import thumbnail_address
from catalog.api.media import picture_path
from catalog.models import Variant
from imagery.admin.job_story import story_of
from imagery.admin.wording import job_badge
from imagery.models import OPEN_STATES, ImageJob

#: Other jobs of the same SKU that are named beside the timeline.
_OTHERS = 5


class JobPages(AccountColumn, LargeListAdmin):
    """Jobs are made and moved by the room's services; no page here saves a model."""

    def get_urls(self) -> list[Any]:
        return [
            self._detail_url("live", self.live_view),
            *super().get_urls(),
        ]

    def _detail_url(self, name: str, view: Any) -> Any:
        return path(
            f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"imagery_imagejob_{name}"
        )

    @method_decorator(require_safe)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        job = self._with_all(request, object_id)
        if job is None:
            gone: HttpResponse = self._get_obj_does_not_exist_redirect(
                request, self.opts, object_id
            )
            return gone
        others = ImageJob.objects.filter(account=job.account_id, sku=job.sku)
        context = {
            **self.admin_site.each_context(request),
            **self._live_context(request, job),
            "opts": self.opts,
            "title": f"Images of {job.sku or job.product_key}",
            "subtitle": f"{job.recipe_version.recipe}, version {job.recipe_version.number}",
            "object": job,
            "photo": _source_photo(job),
            "variant": Variant.objects.filter(account=job.account_id, sku=job.sku or None).first(),
            "others": list(
                others.exclude(pk=job.pk)
                .exclude(sku="")
                .select_related("recipe_version__recipe")[:_OTHERS]
            ),
        }
        return TemplateResponse(request, "imagery/job.html", context)

    @method_decorator(require_safe)
    def live_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The timeline, if it differs from the one that the page has; else nothing to swap."""
        job = self._with_all(request, str(pk))
        if job is None:
            raise Http404
        context = self._live_context(request, job)
        if request.GET.get("seen") == context["seen"]:
            return HttpResponse(status=204)
        return TemplateResponse(request, "imagery/job_live.html", context)

    def _live_context(self, request: HttpRequest, job: ImageJob) -> dict[str, Any]:
        context = {
            "job": job,
            "badge": job_badge(job),
            "is_open": job.state in OPEN_STATES,
            "story": story_of(job),
            **self._may(request, job),
        }
        drawn = render_to_string("imagery/job_timeline.html", context)
        seen = hashlib.sha256(drawn.encode()).hexdigest()[:16]
        return {**context, "timeline": drawn, "seen": seen}

    def _may(self, request: HttpRequest, job: ImageJob) -> dict[str, bool]:
        """What the person can do with the job, by the names that templates know."""
        return {}

    def _with_all(self, request: HttpRequest, object_id: str) -> ImageJob | None:
        job = self.get_object(request, object_id)
        return job if isinstance(job, ImageJob) else None


def _source_photo(job: ImageJob) -> dict[str, str] | None:
    """As `catalog/zoomable.html` draws it; None where the job starts from words alone."""
    if job.reference is None:
        return None
    file = job.reference.file
    return {
        "thumbnail": thumbnail_address(file.uuid if file else None),
        "full": picture_path(file.uuid) if file else "",
        "reason": "Not fetched yet: it is known by its address alone.",
    }


def job_url(job: ImageJob) -> str:
    return reverse("admin:imagery_imagejob_change", args=[job.pk])
