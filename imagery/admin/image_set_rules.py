"""The rules page of image sets: which pictures the SKUs of a category need."""

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts.access import accounts_for, may
from accounts.models import Account
from accounts.scoping import AccountScopedAdmin
from bulk_uploads.admin.entered_text import storable
from bulk_uploads.admin.large_lists import LargeListAdmin
from bulk_uploads.admin.row_ids import is_id
from catalog.models import Category
from imagery.admin.posted_account import posted_account
from imagery.errors import InvalidRequest
from imagery.image_sets.rules import rules_of, set_rules
from imagery.models import ImageSetRule, Role

_VIEW: Final = "imagery.view_imagesetrule"
_CHANGE: Final = "imagery.change_imagesetrule"
_PAGE: Final = "admin:imagery_imagesetrule_changelist"
_MOST_ACCOUNTS: Final = 20
#: Categories that are offered as somebody types; any other can be typed in full.
_OFFERED: Final = 200


@dataclass(frozen=True, slots=True)
class RuleLine:
    """`path` None: what no category covers. Each role with whether it is needed."""

    path: str | None
    roles: list[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True)
class RulesCard:
    account: Account
    lines: list[RuleLine]
    categories: list[str]
    may_change: bool


@admin.register(ImageSetRule)
class ImageSetRuleAdmin(AccountScopedAdmin, LargeListAdmin):
    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._set(request)
        accounts = accounts_for(request.user, _VIEW)
        chosen = request.GET.get("account", "")
        if is_id(chosen):
            accounts = accounts.filter(pk=chosen)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "What SKUs need",
            "cards": [_card(request, one) for one in accounts[:_MOST_ACCOUNTS]],
            "roles": Role.choices,
        }
        return TemplateResponse(request, "imagery/image_set_rules.html", context)

    def _set(self, request: HttpRequest) -> HttpResponse:
        account = posted_account(request, view=_VIEW, change=_CHANGE)
        path = request.POST.get("category", "").strip()[:1000]
        category = None
        if path:
            category = Category.objects.filter(account=account, path=storable(path)).first()
        if path and category is None:
            self.message_user(request, f"There is no category {path}.", messages.ERROR)
            return HttpResponseRedirect(reverse(_PAGE))
        try:
            set_rules(account=account, category=category, roles=request.POST.getlist("role"))
        except InvalidRequest as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            text = "The rule was set. How SKUs stand is computed anew in the background."
            self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(reverse(_PAGE))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """All of it is on one page."""
        return HttpResponseRedirect(reverse(_PAGE))


def _card(request: HttpRequest, account: Account) -> RulesCard:
    rules = rules_of(account_id=account.pk)
    lines = [_line(None, rules.default)]
    lines += [_line(path, rules.by_path[path]) for path in sorted(rules.by_path)]
    categories = Category.objects.filter(account=account).order_by("path")
    return RulesCard(
        account=account,
        lines=lines,
        categories=list(categories.values_list("path", flat=True)[:_OFFERED]),
        may_change=may(request.user, _CHANGE, account_id=account.pk),
    )


def _line(path: str | None, needed: tuple[str, ...]) -> RuleLine:
    return RuleLine(path, [(role.value, role.label, role.value in needed) for role in Role])
