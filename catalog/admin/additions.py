"""What rooms above add to the admin pages of products and variants, which know none of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from catalog.models import Variant

#: Draws a card beside a variant's form; empty where the person sees nothing of it. It stands
#: inside that form, so that it can hold links but no form of its own.
Panel = Callable[[HttpRequest, Variant], str]


@dataclass(frozen=True, slots=True)
class ListAction:
    """Something to be done with selected variants, offered to who has `permission` somewhere.

    `run` gets the variants of the selection, of whatever accounts the person may see: it is to
    ask for the permission in theirs. It answers with a page, or None to show the list again.
    """

    name: str
    description: str
    permission: str
    run: Callable[[HttpRequest, QuerySet[Variant]], HttpResponseBase | None]


def add_panel(panel: Panel) -> None:
    """Called once, when the application starts."""
    if panel not in _panels:
        _panels.append(panel)


def add_list_action(action: ListAction) -> None:
    """Called once, when the application starts."""
    _actions[action.name] = action


def panels_of(request: HttpRequest, variant: Variant) -> list[str]:
    return [drawn for panel in _panels if (drawn := panel(request, variant))]


def actions_for(
    request: HttpRequest, *, variants_of: Callable[[QuerySet[Any]], QuerySet[Variant]]
) -> dict[str, Any]:
    """As `ModelAdmin.get_actions` gives them; `variants_of` turns the list's rows into variants."""
    return {
        action.name: (_as_admin_action(action, variants_of), action.name, action.description)
        for action in _actions.values()
        if request.user.has_perm(action.permission)
    }


def _as_admin_action(
    action: ListAction, variants_of: Callable[[QuerySet[Any]], QuerySet[Variant]]
) -> Callable[..., HttpResponseBase | None]:
    def run(
        _model_admin: object, request: HttpRequest, queryset: QuerySet[Any]
    ) -> HttpResponseBase | None:
        return action.run(request, variants_of(queryset))

    return run


_panels: list[Panel] = []
_actions: dict[str, ListAction] = {}
