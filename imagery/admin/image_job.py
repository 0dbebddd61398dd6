"""The list of image jobs: how each stands, what it made and cost, live while any is open."""

from typing import Any

from django.contrib import admin
from django.db.models import (
    BigIntegerField,
    Count,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html
from django.views.decorators.http import require_safe
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from bulk_uploads.admin.row_ids import is_id
from imagery.admin.amounts import in_currency
from imagery.admin.job_actions import JobActions
from imagery.admin.job_filters import (
    MOVING,
    JobBatchFilter,
    JobQaFilter,
    JobStateFilter,
    JobUploadFilter,
)
from imagery.admin.wording import job_badge
from imagery.api.content import thumbnail_path
from imagery.models import (
    GeneratedImage,
    ImageJob,
    JobWant,
    ProviderCall,
    WantState,
)


@admin.register(ImageJob)
class ImageJobAdmin(JobActions):
    empty_text = (
        "No pictures were asked for yet. Choose products or variants in their list and "
        "“Generate images”, or upload a file with a recipe."
    )
    list_before_template = "imagery/jobs_live.html"
    list_display = ("picture", "whose", "state_cell", "recipe", "pictures", "cost", "why", "asked")
    list_display_links = ("picture", "whose")
    list_filter = (
        JobStateFilter,
        ("recipe_version__recipe", RelatedDropdownFilter),
        ("trigger", ChoicesDropdownFilter),
        JobUploadFilter,
        JobQaFilter,
        JobBatchFilter,
        ("account", RelatedDropdownFilter),
    )
    list_filter_submit = True
    list_select_related = (
        "account__image_budget",
        "recipe_version__recipe",
        "requested_by",
    )
    search_fields = ("sku",)
    search_help_text = "Find a job by its SKU"
    ordering = ("-id",)
    actions = None

    def get_urls(self) -> list[Any]:
        cells = self.admin_site.admin_view(self.cells_view)
        return [path("cells/", cells, name="imagery_imagejob_cells"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImageJob]:
        rows: QuerySet[ImageJob] = super().get_queryset(request)
        wanted = JobWant.objects.filter(job=OuterRef("pk")).order_by().values("job")
        done = wanted.filter(want__state=WantState.SATISFIED)
        calls = ProviderCall.objects.filter(job=OuterRef("pk")).order_by().values("job")
        made = GeneratedImage.objects.filter(want__job_wants__job=OuterRef("pk"))
        return rows.select_related(
            "account__image_budget", "recipe_version__recipe", "requested_by", "reference__file"
        ).annotate(
            wanted=_counted(wanted),
            done=_counted(done),
            spent=Coalesce(
                Subquery(calls.annotate(sum=Sum(F("settled_micros"))).values("sum")),
                0,
                output_field=BigIntegerField(),
            ),
            newest=Subquery(made.order_by("-id").values("uuid")[:1]),
        )

    @display(description="Picture")
    def picture(self, job: ImageJob) -> str:
        newest = job.newest  # type: ignore[attr-defined]
        context = {
            "url": thumbnail_path(newest) if newest else "",
            "alt": f"Picture of {job.sku or job.product_key}",
        }
        return render_to_string("catalog/thumbnail.html", context)

    @display(description="SKU", ordering="sku")
    def whose(self, job: ImageJob) -> str:
        return job.sku or job.product_key

    @display(description="State", ordering="state")
    def state_cell(self, job: ImageJob) -> str:
        return render_to_string("imagery/job_cell.html", {"job": job, "badge": job_badge(job)})

    @display(description="Recipe", ordering="recipe_version__recipe__name")
    def recipe(self, job: ImageJob) -> str:
        version = job.recipe_version
        return f"{version.recipe.name}, version {version.number}"

    @display(description="Pictures")
    def pictures(self, job: ImageJob) -> str:
        return f"{job.done} of {job.wanted}" if job.wanted else "-"  # type: ignore[attr-defined]

    @display(description="Cost")
    def cost(self, job: ImageJob) -> str:
        budget = getattr(job.account, "image_budget", None)
        currency = budget.currency if budget else job.account.currency
        amount = in_currency(job.spent, currency)  # type: ignore[attr-defined]
        return format_html('<span class="amount">{}</span>', amount)

    @display(description="Asked by", ordering="trigger")
    def why(self, job: ImageJob) -> str:
        return job.get_trigger_display()

    @display(description="Asked", ordering="created_at")
    def asked(self, job: ImageJob) -> str:
        return date_format(job.created_at, "j M Y, H:i")

    @method_decorator(require_safe)
    def cells_view(self, request: HttpRequest) -> HttpResponse:
        """The states of the jobs that a list shows and that had not ended: one question for all."""
        ids = [int(text) for text in request.GET.get("ids", "").split(",") if is_id(text)]
        jobs = list(self.get_queryset(request).filter(pk__in=ids[: self.list_per_page]))
        context = {
            "cells": [{"job": job, "badge": job_badge(job)} for job in jobs],
            "open_ids": open_ids(jobs),
        }
        return TemplateResponse(request, "imagery/jobs_cells.html", context)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        answer: HttpResponse = super().changelist_view(request, extra_context)
        if isinstance(answer, TemplateResponse) and answer.context_data:
            listed = answer.context_data.get("cl")
            answer.context_data["open_ids"] = open_ids(listed.result_list) if listed else ""
        return answer

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Pictures are asked for on the page of a batch."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Jobs stay: what their pictures are traced by refers to them."""
        return False


def open_ids(jobs: Any) -> str:
    return ",".join(str(job.pk) for job in jobs if job.state in MOVING)


def _counted(rows: QuerySet[Any]) -> Coalesce:
    number = rows.annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)
