"""What the prompts of a recipe come to for one SKU, while it is being edited."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe

from accounts.access import accounts_for
from accounts.models import Account
from accounts.scoping import AccountScopedAdmin
from bulk_uploads.admin.entered_text import storable
from bulk_uploads.admin.large_lists import LargeListAdmin
from bulk_uploads.admin.row_ids import is_id
from catalog.admin.shown_pictures import ShownPicture, pictures_of
from catalog.models import Variant
from imagery.admin.recipe_entry import RecipeEntry
from imagery.recipes.templates import TemplateProblem, check_template, fill
from imagery.recipes.variant_facts import recipe_facts

#: SKUs offered while one is typed.
_OFFERED = 15
_LONGEST_SKU = 200


@dataclass(frozen=True, slots=True)
class ExamplePrompt:
    """`problem` is what keeps the template from being filled."""

    step: str
    prompt: str
    problem: str


class ExamplePages(AccountScopedAdmin, LargeListAdmin):
    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("example/", view(self.example_view), name="imagery_recipe_example"),
            path("skus/", view(self.skus_view), name="imagery_recipe_skus"),
            *super().get_urls(),
        ]

    @method_decorator(require_safe)
    def skus_view(self, request: HttpRequest) -> HttpResponse:
        """Of one account, by how they begin: what the input offers."""
        account = self._account(request, request.GET.get("account", ""))
        begin = storable(request.GET.get("example_sku", "")).strip()[:_LONGEST_SKU]
        variants = Variant.objects.filter(account=account, sku__istartswith=begin)
        rows = variants.order_by("sku").values("sku", "display_name")[:_OFFERED]
        return TemplateResponse(request, "imagery/sku_options.html", {"variants": list(rows)})

    @method_decorator(require_POST)
    def example_view(self, request: HttpRequest) -> HttpResponse:
        """Nothing is saved: what is entered is filled as it stands."""
        account = self._account(request, request.POST.get("account", ""))
        sku = request.POST.get("example_sku", "").strip()[:_LONGEST_SKU]
        variants = Variant.objects.filter(account=account).select_related("product")
        variant = (
            variants.filter(sku=storable(sku)).first() if sku else variants.order_by("-id").first()
        )
        context: dict[str, Any] = {"sku": sku, "variant": variant}
        if variant is not None:
            facts = recipe_facts(variant)
            entry = RecipeEntry.posted(request.POST)
            context["prompts"] = [
                _example(step.name, step.prompt_template, facts)
                for step in entry.steps
                if step.prompt_template.strip()
            ]
            context["photo"] = _photo(variant)
        return TemplateResponse(request, "imagery/recipe_example.html", context)

    def _account(self, request: HttpRequest, given: str) -> Account:
        accounts = accounts_for(request.user, "imagery.view_recipe")
        account = accounts.filter(pk=given).first() if is_id(given) else None
        if account is None:
            raise Http404
        return account


def _example(name: str, template: str, facts: Any) -> ExamplePrompt:
    try:
        check_template(template)
        return ExamplePrompt(name, fill(template, facts), "")
    except TemplateProblem as problem:
        return ExamplePrompt(name, "", str(problem))


def _photo(variant: Variant) -> ShownPicture | None:
    return next((shown for shown in pictures_of(variant).values() if shown.thumbnail), None)
