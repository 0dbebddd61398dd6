"""The recipes of an account: the list of them, and putting one away."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.views.decorators.http import require_POST
from unfold.contrib.filters.admin import BooleanRadioFilter, RelatedDropdownFilter
from unfold.decorators import display

from imagery.admin.recipe_pages import RecipePages
from imagery.models import Recipe, RecipeStep, RecipeVersion, Role
from imagery.recipes.editing import archive


@admin.register(Recipe)
class RecipeAdmin(RecipePages):
    empty_text = "No recipes yet. Every account gets two to begin with within a minute."
    list_display = ("name", "description", "roles", "newest", "state", "in_use_since")
    list_display_links = ("name",)
    list_filter = (("is_archived", BooleanRadioFilter), ("account", RelatedDropdownFilter))
    list_filter_submit = True
    list_select_related = ("account",)
    search_fields = ("name", "description")
    search_help_text = "Find a recipe by its name"
    ordering = ("is_archived", "name")
    actions = None

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/archive/", view(self.archive_view), name="imagery_recipe_archive"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Recipe]:
        rows: QuerySet[Recipe] = super().get_queryset(request).select_related("account")
        newest = RecipeVersion.objects.filter(recipe=OuterRef("pk")).order_by("-number")
        return rows.annotate(
            newest_number=Subquery(newest.values("number")[:1]),
            newest_id=Subquery(newest.values("pk")[:1]),
            used_at=Max("versions__used_at"),
        )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        answer: HttpResponse = super().changelist_view(request, extra_context)
        if isinstance(answer, TemplateResponse) and answer.context_data:
            _note_roles(answer.context_data["cl"].result_list)
        return answer

    @display(description="Delivers")
    def roles(self, recipe: Any) -> str:
        return ", ".join(Role(role).label for role in recipe.delivered) or "-"

    @display(description="Version", ordering="newest_number")
    def newest(self, recipe: Any) -> str:
        return f"{recipe.newest_number}" if recipe.newest_number else "-"

    @display(description="State", ordering="is_archived", label={"Active": "success"})
    def state(self, recipe: Recipe) -> str:
        return "Archived" if recipe.is_archived else "Active"

    @display(description="In use since", ordering="used_at")
    def in_use_since(self, recipe: Any) -> str:
        return date_format(recipe.used_at, "j M Y, H:i") if recipe.used_at else "Not yet"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Recipes stay: pictures are traced back to them. They can be archived."""
        return False

    @method_decorator(require_POST)
    def archive_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Puts it away, or takes it out again."""
        recipe = self.get_object(request, str(pk))
        if not isinstance(recipe, Recipe):
            raise Http404
        if not self.has_change_permission(request, recipe):
            raise PermissionDenied
        archived = request.POST.get("archived") == "1"
        archive(recipe=recipe, archived=archived)
        text = "is archived: nothing new is asked for with it" if archived else "is in use again"
        self.message_user(request, f"{recipe} {text}.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:imagery_recipe_change", args=[recipe.pk]))


def _note_roles(recipes: Any) -> None:
    """The roles that the newest versions deliver: one query for the page."""
    newest = [recipe.newest_id for recipe in recipes]
    steps = RecipeStep.objects.filter(version__in=newest).exclude(role="")
    found: dict[int, list[str]] = {}
    for version, role in steps.order_by("position").values_list("version", "role"):
        found.setdefault(version, []).append(role)
    for recipe in recipes:
        recipe.delivered = found.get(recipe.newest_id, [])
