"""Asking for pictures of chosen variants: what it would cost first, then the asking."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.contrib.admin import site
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from accounts.access import accounts_for
from accounts.models import Account, User
from bulk_uploads.admin.account_column import AccountColumn
from bulk_uploads.admin.large_lists import LargeListAdmin
from bulk_uploads.admin.row_ids import is_id
from catalog.models import Variant
from imagery.admin.amounts import in_currency
from imagery.admin.generate_form import GenerateForm
from imagery.errors import ImageryError
from imagery.models import ImageBatch, Trigger
from imagery.planning.estimating import ImageEstimate, estimate_images
from imagery.planning.requests import Target, request_images
from imagery.recipes.editing import version_in_force

PERMISSION: Final = "imagery.add_imagebatch"
#: SKUs that are asked for from a page at once; an upload with a recipe takes any number.
MOST_SKUS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Chosen:
    """Variants of one account, in the order of their SKUs."""

    account: Account
    variants: Sequence[Variant]

    @property
    def ids(self) -> str:
        return ",".join(str(variant.pk) for variant in self.variants)

    def targets(self, images: int | None) -> list[Target]:
        return [Target(sku=variant.sku, images=images) for variant in self.variants]


class NotChosen(Exception):
    """What was chosen cannot be asked for together. The text is for the person."""


def chosen_of(request: HttpRequest, variants: QuerySet[Variant]) -> Chosen:
    """Those in accounts where the person may ask for pictures. Raises NotChosen."""
    accounts = accounts_for(request.user, PERMISSION)
    rows = variants.filter(account__in=accounts).order_by("sku").select_related(None)
    found = list(rows.only("pk", "sku", "account_id")[: MOST_SKUS + 1])
    if not found:
        raise NotChosen("Nothing was chosen that your role lets you ask pictures for.")
    if len(found) > MOST_SKUS:
        raise NotChosen(
            f"More than {MOST_SKUS:,} SKUs were chosen. Narrow the list down, or upload a file "
            "with a recipe: that takes any number."
        )
    if len({variant.account_id for variant in found}) > 1:
        raise NotChosen("The chosen rows belong to several accounts: ask for one at a time.")
    return Chosen(accounts.get(pk=found[0].account_id), found)


def generate_page(request: HttpRequest, variants: QuerySet[Variant]) -> HttpResponse | None:
    """The page for what was selected in a list; None, with a message, where there is none."""
    try:
        chosen = chosen_of(request, variants)
    except NotChosen as refusal:
        messages.error(request, str(refusal))
        return None
    form = GenerateForm(None, account=chosen.account, count=len(chosen.variants))
    return _page(request, chosen, form)


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
        data = request.POST if request.method == "POST" else None
        given = (request.GET if data is None else data).get("variants", "")
        try:
            chosen = chosen_of(request, _variants(given))
        except NotChosen as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("admin:catalog_variant_changelist"))
        form = GenerateForm(
            data,
            account=chosen.account,
            count=len(chosen.variants),
            role=(request.GET if data is None else data).get("role", ""),
        )
        if form.is_valid():
            try:
                return _asked(request, chosen, form)
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
        form = GenerateForm(
            request.POST,
            account=chosen.account,
            count=len(chosen.variants),
            role=request.POST.get("role", ""),
        )
        context: dict[str, Any] = {"form": form}
        if form.is_valid():
            version = version_in_force(account=chosen.account, name=form.cleaned_data["recipe"])
            targets = chosen.targets(form.cleaned_data["images"])
            found = estimate_images(
                account=chosen.account, targets=targets, version=version, roles=form.roles
            )
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


def _asked(request: HttpRequest, chosen: Chosen, form: GenerateForm) -> HttpResponse:
    requested = request_images(
        account=chosen.account,
        targets=chosen.targets(form.cleaned_data["images"]),
        version=version_in_force(account=chosen.account, name=form.cleaned_data["recipe"]),
        trigger=Trigger.ADMIN,
        requested_by=request.user if isinstance(request.user, User) else None,
        pilot_size=form.cleaned_data["pilot_size"],
        roles=form.roles,
    )
    return HttpResponseRedirect(_next_page(requested.batch))


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
        "some_skus": [variant.sku for variant in chosen.variants[:8]],
        "more": max(0, count - 8),
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "imagery/generate.html", context, status=status)
