"""Image batches: the list of them, and the page where a pilot is looked at and the rest decided."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html
from django.views.decorators.http import require_POST, require_safe
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from accounts.models import User
from bulk_uploads.admin.entered_text import storable
from imagery.admin.amounts import currency_of, in_currency
from imagery.admin.batch_story import SHOWN, story_of
from imagery.admin.generate_form import offers_of
from imagery.admin.generate_pages import GeneratePages
from imagery.admin.upload_cap import cap_of
from imagery.errors import ImageryError
from imagery.models import BatchState, ImageBatch
from imagery.planning import pilots
from imagery.recipes.editing import version_in_force

_COLOURS = {
    BatchState.PILOT.label: "warning",
    BatchState.RELEASED.label: "success",
    BatchState.DROPPED.label: "default",
}


@admin.register(ImageBatch)
class ImageBatchAdmin(GeneratePages):
    """Batches are made and moved by the room's services; no page here saves a model."""

    empty_text = (
        "No pictures were asked for together yet. Choose products or variants in their list and "
        "“Generate images”."
    )
    list_display = ("name", "state_badge", "recipe", "skus", "expected", "who", "asked")
    list_display_links = ("name",)
    list_filter = (
        ("state", ChoicesDropdownFilter),
        ("recipe_version__recipe", RelatedDropdownFilter),
        ("account", RelatedDropdownFilter),
    )
    list_filter_submit = True
    list_select_related = ("account__image_budget", "recipe_version__recipe", "created_by")
    ordering = ("-id",)
    actions = None

    def get_urls(self) -> list[Any]:
        return [
            self._detail_url("live", self.live_view),
            self._detail_url("decide", self.decide_view),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Without a button to add one: batches are of variants, which are chosen in their list."""
        context = {**(extra_context or {}), "has_add_permission": False}
        answer: HttpResponse = super().changelist_view(request, context)
        return answer

    def _detail_url(self, name: str, view: Any) -> Any:
        return path(
            f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"imagery_imagebatch_{name}"
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImageBatch]:
        rows: QuerySet[ImageBatch] = super().get_queryset(request)
        return rows.select_related(
            "account__image_budget", "recipe_version__recipe", "created_by"
        ).annotate(job_count=Count("jobs"))

    @display(description="Batch", ordering="id")
    def name(self, batch: ImageBatch) -> str:
        return f"Batch {batch.pk}"

    @display(description="State", ordering="state", label=_COLOURS)
    def state_badge(self, batch: ImageBatch) -> str:
        return batch.get_state_display()

    @display(description="Recipe", ordering="recipe_version__recipe__name")
    def recipe(self, batch: ImageBatch) -> str:
        version = batch.recipe_version
        return f"{version.recipe.name}, version {version.number}"

    @display(description="SKUs", ordering="job_count")
    def skus(self, batch: Any) -> str:
        pilot = f", {batch.pilot_size} in the pilot" if batch.pilot_size else ""
        return f"{batch.job_count:,}{pilot}"

    @display(description="Expected cost", ordering="estimated_expected_micros")
    def expected(self, batch: ImageBatch) -> str:
        budget = getattr(batch.account, "image_budget", None)
        currency = budget.currency if budget else batch.account.currency
        amount = in_currency(batch.estimated_expected_micros, currency)
        return format_html('<span class="amount">{}</span>', amount)

    @display(description="By")
    def who(self, batch: ImageBatch) -> str:
        person = batch.created_by
        return (person.get_full_name() or person.get_username()) if person else "-"

    @display(description="Asked", ordering="created_at")
    def asked(self, batch: ImageBatch) -> str:
        return date_format(batch.created_at, "j M Y, H:i")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # One batch

    @method_decorator(require_safe)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        batch = self.get_object(request, object_id)
        if not isinstance(batch, ImageBatch):
            gone: HttpResponse = self._get_obj_does_not_exist_redirect(
                request, self.opts, object_id
            )
            return gone
        version = batch.recipe_version
        context = {
            **self.admin_site.each_context(request),
            **self._live_context(request, batch),
            "opts": self.opts,
            "title": str(batch),
            "subtitle": f"{version.recipe}, version {version.number}",
            "object": batch,
            "offers": offers_of(batch.account) if batch.state == BatchState.PILOT else [],
            "estimates": _estimates(batch),
            "cap": cap_of(request, batch.upload) if batch.upload else None,
        }
        return TemplateResponse(request, "imagery/batch.html", context)

    @method_decorator(require_safe)
    def live_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The part of the page that changes while jobs are under way."""
        batch = self._seen(request, pk)
        context = self._live_context(request, batch)
        answer = TemplateResponse(request, "imagery/batch_live.html", context)
        if "planning" in request.GET and not context["story"].is_being_planned:
            # The page was drawn when nothing could be decided, so it lacks the forms for that.
            answer["HX-Refresh"] = "true"
        return answer

    def _live_context(self, request: HttpRequest, batch: ImageBatch) -> dict[str, Any]:
        story = story_of(batch)
        return {
            "batch": batch,
            "story": story,
            "shown_jobs": SHOWN,
            "may_decide": batch.state == BatchState.PILOT
            and not story.is_being_planned
            and self.has_change_permission(request, batch),
        }

    def _seen(self, request: HttpRequest, pk: int) -> ImageBatch:
        batch = self.get_object(request, str(pk))
        if not isinstance(batch, ImageBatch):
            raise Http404
        return batch

    @method_decorator(require_POST)
    def decide_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Release what is held, go on with another recipe, or drop it."""
        batch = self._seen(request, pk)
        if not self.has_change_permission(request, batch) or not isinstance(request.user, User):
            raise PermissionDenied
        try:
            said = _decide(batch, request.POST, request.user)
        except ImageryError as refusal:
            self.message_user(request, str(refusal), messages.WARNING)
        else:
            self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:imagery_imagebatch_change", args=[batch.pk]))


def _decide(batch: ImageBatch, posted: Any, by: User) -> str:
    """What was done, in words. Raises ImageryError, with nothing done."""
    decision = posted.get("decision", "")
    if decision == "release":
        pilots.release(batch, by)
        return "The rest was released: its pictures are being made."
    if decision == "drop":
        pilots.drop(batch, by)
        return "The rest was dropped: nothing more is asked for. The pilot's pictures stay."
    if decision == "change_recipe":
        version = version_in_force(account=batch.account, name=storable(posted.get("recipe", "")))
        pilots.change_recipe(batch, version, by)
        return f"A new pilot is planned with {version.recipe}, version {version.number}."
    raise ImageryError("Choose what to do with the rest.")


def _estimates(batch: ImageBatch) -> list[tuple[str, str]]:
    """Made before the first call; one line where there is but one amount."""
    currency = currency_of(batch.account)
    least, expected, most = (
        in_currency(micros, currency)
        for micros in (
            batch.estimated_minimum_micros,
            batch.estimated_expected_micros,
            batch.estimated_maximum_micros,
        )
    )
    if least == most:
        return [("Estimated cost", expected)]
    return [
        ("Estimated, at least", least),
        ("Estimated, expected", expected),
        ("Estimated, at most", most),
    ]
