"""Asking for pictures of chosen variants: what it would cost first, then the asking."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import site
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from accounts.models import Account, User
from bulk_uploads.admin.account_column import AccountColumn
from bulk_uploads.admin.large_lists import LargeListAdmin
from bulk_uploads.admin.row_ids import is_id
from catalog.models import Variant
from imagery.admin.amounts import in_currency
from imagery.admin.asking import MOST_SKUS, Chosen, NotChosen, ask, chosen_of, estimate_of
from imagery.admin.generate_form import GenerateForm
from imagery.errors import ImageryError
from imagery.models import ImageBatch
from imagery.planning.estimating import ImageEstimate


def generate_page(request: HttpRequest, variants: QuerySet[Variant]) -> HttpResponse | None:
    """The page for what was selected in a list; None, with a message, where there is none."""
    try:
        chosen = chosen_of(request, variants)
    except NotChosen as refusal:
        messages.error(request, str(refusal))
        return None
    return _page(request, chosen, _form(None, chosen))


class GeneratePages(AccountColumn, LargeListAdmin):
    """Stands on the admin of batches, which it makes."""

    def get_urls(self) -> list[Any]:
        estimate = self.admin_site.admin_view(self.estimate_view)
        return [
            path("estimate/", estimate, name="imagery_imagebatch_estimate"),
            *super().get_urls(),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        posted = request.POST if request.method == "POST" else None
        given = posted if posted is not None else request.GET
        try:
            chosen = chosen_of(request, _variants(given.get("variants", "")))
        except NotChosen as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("admin:catalog_variant_changelist"))
        form = _form(posted, chosen, role=given.get("role", ""))
        if form.is_valid():
            person = request.user if isinstance(request.user, User) else None
            try:
                return HttpResponseRedirect(_next_page(ask(chosen, form, by=person)))
            except ImageryError as refusal:
                form.add_error(None, str(refusal))
        return _page(request, chosen, form)

    @method_decorator(require_POST)
    def estimate_view(self, request: HttpRequest) -> HttpResponse:
        """What the form as it stands would cost. Nothing is asked for."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        try:
            chosen = chosen_of(request, _variants(request.POST.get("variants", "")))
        except NotChosen:
            raise Http404 from None
        form = _form(request.POST, chosen, role=request.POST.get("role", ""))
        context: dict[str, Any] = {"form": form}
        if form.is_valid():
            found = estimate_of(chosen, form)
            context["is_nothing_missing"] = found is None
            if found is not None:
                context.update(estimate_in_words(found, chosen.account))
        return TemplateResponse(request, "imagery/estimate.html", context)


def estimate_in_words(estimate: ImageEstimate, account: Account) -> dict[str, Any]:
    """For `imagery/estimate.html`."""
    currency = estimate.currency or account.currency
    return {
        "estimate": estimate,
        "is_free": not estimate.maximum and not estimate.unpriced,
        "amounts": [
            ("At least", in_currency(estimate.minimum, currency)),
            ("Expected", in_currency(estimate.expected, currency)),
            ("At most", in_currency(estimate.maximum, currency)),
        ],
    }


def _variants(given: str) -> QuerySet[Variant]:
    ids = [int(text) for text in given.split(",")[: MOST_SKUS + 1] if is_id(text)]
    return Variant.objects.filter(pk__in=ids)


def _form(posted: QueryDict | None, chosen: Chosen, *, role: str = "") -> GenerateForm:
    return GenerateForm(posted, account=chosen.account, count=len(chosen.variants), role=role)


def _next_page(batch: ImageBatch) -> str:
    """The job itself where there is but one."""
    jobs = list(batch.jobs.values_list("pk", flat=True)[:2])
    if len(jobs) == 1:
        return reverse("admin:imagery_imagejob_change", args=[jobs[0]])
    return reverse("admin:imagery_imagebatch_change", args=[batch.pk])


def _page(request: HttpRequest, chosen: Chosen, form: GenerateForm) -> HttpResponse:
    count = len(chosen.variants)
    context = {
        **site.each_context(request),
        "opts": ImageBatch._meta,
        "title": "Generate images",
        "subtitle": chosen.variants[0].sku if count == 1 else f"{count:,} SKUs",
        "chosen": chosen,
        "count": count,
        "some_skus": chosen.skus[:8],
        "more": max(0, count - 8),
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "imagery/generate.html", context, status=status)
