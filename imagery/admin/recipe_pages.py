"""The editor of a recipe: a new one, a copy, the version in force, and older ones as they were."""

import hashlib
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts.access import accounts_for, may
from accounts.models import Account, User
from bulk_uploads.admin.account_column import AccountColumn
from bulk_uploads.admin.row_ids import is_id
from imagery.admin.recipe_choices import recipe_choices
from imagery.admin.recipe_entry import RecipeEntry, RungEntry, StepEntry
from imagery.admin.recipe_example import ExamplePages
from imagery.models import Recipe, RecipeVersion
from imagery.recipes.drafts import InvalidRecipe
from imagery.recipes.editing import drafts_of, save_recipe

#: Versions named beside the editor.
_VERSIONS = 30
#: What the browser makes new cards of, with tokens of its own.
_BLANK_RUNG = RungEntry("__rung__", provider="studio")
_BLANK_STEP = StepEntry("__step__", rungs=[_BLANK_RUNG])


class RecipePages(AccountColumn, ExamplePages):
    # A new recipe

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        accounts = list(accounts_for(request.user, "imagery.add_recipe")[:100])
        if request.method != "POST":
            copied = self._copied(request)
            entry = copied[1] if copied else RecipeEntry.empty()
            chosen = copied[0] if copied else (accounts[0] if len(accounts) == 1 else None)
            return self._page(request, entry, account=chosen, accounts=accounts)
        given = request.POST.get("account", "")
        account = next((each for each in accounts if str(each.pk) == given), None)
        entry = RecipeEntry.posted(request.POST)
        if account is None:
            entry.errors["account"] = ["Choose an account."]
        elif Recipe.objects.filter(account=account, name=entry.name).exists():
            entry.errors["name"] = ["This account already has a recipe of this name."]
        elif (version := self._saved(request, account, entry)) is not None:
            return self._after_saving(request, version)
        return self._page(request, entry, account=account, accounts=accounts, status=422)

    def _copied(self, request: HttpRequest) -> tuple[Account, RecipeEntry] | None:
        given = request.GET.get("from", "")
        recipe = self.get_object(request, given) if is_id(given) else None
        version = _newest(recipe) if isinstance(recipe, Recipe) else None
        if not isinstance(recipe, Recipe) or version is None:
            return None
        if not may(request.user, "imagery.add_recipe", account_id=recipe.account_id):
            return None
        name = f"{recipe.name[:55]}-copy"
        return recipe.account, RecipeEntry.of(name, recipe.description, drafts_of(version))

    # One recipe

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        recipe = self.get_object(request, object_id)
        version = _newest(recipe) if isinstance(recipe, Recipe) else None
        if not isinstance(recipe, Recipe) or version is None:
            gone: HttpResponse = self._get_obj_does_not_exist_redirect(
                request, self.opts, object_id
            )
            return gone
        if request.method == "POST":
            return self._save(request, recipe, version)
        shown = self._older(request, recipe) or version
        entry = RecipeEntry.of(recipe.name, recipe.description, drafts_of(shown))
        return self._page(request, entry, account=recipe.account, recipe=recipe, shown=shown)

    def _older(self, request: HttpRequest, recipe: Recipe) -> RecipeVersion | None:
        number = request.GET.get("version", "")
        return recipe.versions.filter(number=number).first() if is_id(number) else None

    def _save(self, request: HttpRequest, recipe: Recipe, version: RecipeVersion) -> HttpResponse:
        if not self.has_change_permission(request, recipe):
            raise PermissionDenied
        entry = RecipeEntry.posted(request.POST)
        entry.name = recipe.name
        status = 422
        if request.POST.get("seen") != _seen(version):
            status = 409
            entry.errors["meanwhile"] = [
                f"Somebody else has saved version {version.number} meanwhile. Look at it in "
                "another window; saving here again replaces its steps with these."
            ]
        else:
            saved = self._saved(request, recipe.account, entry)
            if saved is not None:
                return self._after_saving(request, saved, before=version.pk)
        return self._page(
            request, entry, account=recipe.account, recipe=recipe, shown=version, status=status
        )

    def _saved(
        self, request: HttpRequest, account: Account, entry: RecipeEntry
    ) -> RecipeVersion | None:
        """None, with the entry marked, where it could not be followed."""
        try:
            return save_recipe(
                account=account,
                name=entry.name,
                description=entry.description,
                steps=entry.drafts(),
                by=request.user if isinstance(request.user, User) else None,
                note=entry.note,
            )
        except InvalidRecipe as refused:
            entry.mark(refused.problems)
            return None

    def _after_saving(
        self, request: HttpRequest, version: RecipeVersion, before: int | None = None
    ) -> HttpResponse:
        made = "was saved" if version.pk == before else "is in force from now on"
        text = f"Version {version.number} of {version.recipe} {made}."
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(
            reverse("admin:imagery_recipe_change", args=[version.recipe_id])
        )

    def _page(
        self,
        request: HttpRequest,
        entry: RecipeEntry,
        *,
        account: Account | None,
        accounts: list[Account] | None = None,
        recipe: Recipe | None = None,
        shown: RecipeVersion | None = None,
        status: int = 200,
    ) -> HttpResponse:
        versions = _versions(recipe) if recipe else []
        newest = versions[0] if versions else None
        is_newest = shown is None or newest is None or shown.pk == newest.pk
        may_change = recipe is None or self.has_change_permission(request, recipe)
        context = {
            **self.admin_site.each_context(request),
            **recipe_choices(),
            "opts": self.opts,
            "title": recipe.name if recipe else "New recipe",
            "subtitle": f"Version {shown.number}" if shown else None,
            "object": recipe,
            "entry": entry,
            "blank_step": _BLANK_STEP,
            "blank_rung": _BLANK_RUNG,
            "account": account,
            "accounts": accounts or [],
            "shown": shown,
            "is_newest": is_newest,
            "versions": versions,
            "next_number": _next_number(newest),
            "seen": _seen(shown) if shown and is_newest else "",
            "may_change": may_change and is_newest,
            "may_archive": recipe is not None and may_change,
            "may_copy": recipe is not None
            and may(request.user, "imagery.add_recipe", account_id=recipe.account_id),
        }
        return TemplateResponse(request, "imagery/recipe.html", context, status=status)


def _newest(recipe: Recipe) -> RecipeVersion | None:
    return recipe.versions.order_by("-number").first()


def _versions(recipe: Recipe) -> list[RecipeVersion]:
    """Each with the number of its jobs; newest first."""
    rows = recipe.versions.select_related("created_by").annotate(job_count=Count("jobs"))
    return list(rows.order_by("-number")[:_VERSIONS])


def _next_number(newest: RecipeVersion | None) -> int:
    """Of the version that saving makes: a version nobody has used yet is edited itself."""
    if newest is None:
        return 1
    return newest.number + 1 if newest.used_at else newest.number


def _seen(version: RecipeVersion) -> str:
    """What the person saw when the page was drawn; an unused version may be edited in place."""
    return hashlib.sha256(f"{version.pk} {drafts_of(version)}".encode()).hexdigest()[:16]
