"""The mixin that makes a model's admin pages show and change only rows of the viewer's accounts."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import IGNORED_PARAMS
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth import get_permission_codename
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import ForeignKey, Model, QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst

from accounts import ownership
from accounts.access import may
from accounts.scoping.filters import within_reach
from accounts.scoping.form import account_form
from accounts.scoping.inline import AccountScopedInline
from accounts.scoping.reach import Reach

#: Digits of the largest number every database holds.
_LONGEST_KEY: Final = 18

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    _Base = ModelAdmin[Any]
else:
    _Base = object


class AccountScopedAdmin(_Base):
    """Put it before unfold's ModelAdmin; say `account_path` if the model has no own `account`.

    Rows, related choices, autocomplete, filters, pop-ups, history and actions then keep to the
    accounts in which the person's role gives the permission in question: somebody may manage one
    account and only review another. A row never changes its account, and never refers to a row of
    a different one. Actions get only the rows their declared permissions cover.
    """

    account_path: str = "account"
    # Relations to models of no account, which everybody may choose from.
    shared_fields: tuple[str, ...] = ()

    def reach(self, request: HttpRequest, *actions: str) -> Reach:
        """The accounts in which the person may do one of `actions` ("view", "change", ...)."""
        permissions = [self._permission(action) for action in actions]
        return Reach.of(request.user, self.admin_site, *permissions)

    def _permission(self, action: str) -> str:
        return f"{self.opts.app_label}.{get_permission_codename(action, self.opts)}"

    def _allows(self, request: HttpRequest, action: str, obj: Any) -> bool:
        permission = self._permission(action)
        if obj is None:
            return request.user.has_perm(permission)
        if not isinstance(obj, Model):
            # unfold's buttons hand over the key from the address instead of the row.
            obj = self.get_object(request, str(obj))
            if obj is None:
                return False
        account_id = ownership.account_id_of(obj, self.account_path)
        return may(request.user, permission, account_id=account_id)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._allows(request, "view", obj) or self._allows(request, "change", obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._allows(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._allows(request, "delete", obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        reach = self.reach(request, "view", "change")
        rows = super().get_queryset(request)
        if reach.accounts is None:
            return rows
        return rows.filter(ownership.owned_by(self.model, self.account_path, reach.accounts))

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[Any]]:
        form = super().get_form(request, obj, change, **kwargs)
        reach = self.reach(request, "change" if change else "add")
        account_id = None if obj is None else ownership.account_id_of(obj, self.account_path)
        scoped: type[forms.ModelForm[Any]] = self._scoped(
            form, reach if account_id is None else reach.within(account_id)
        )
        if self.account_path in scoped.base_fields:
            _preset_only_choice(scoped.base_fields[self.account_path])
        return scoped

    def get_changelist_formset(self, request: HttpRequest, **kwargs: Any) -> Any:
        formset = super().get_changelist_formset(request, **kwargs)
        formset.form = self._scoped(formset.form, self.reach(request, "change"))
        return formset

    def _scoped(self, form: Any, reach: Reach) -> Any:
        return account_form(
            form, reach=reach, account_path=self.account_path, shared_fields=self.shared_fields
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A row's account is chosen when it is made, and stays."""
        declared = [
            name
            for name in super().get_readonly_fields(request, obj)
            if name != self.account_path or obj is not None
        ]
        if obj is not None and self._has_own_account() and self.account_path not in declared:
            declared.append(self.account_path)
        return declared

    def _has_own_account(self) -> bool:
        return self.account_path in {
            field.name for field in self.opts.fields if isinstance(field, ForeignKey)
        }

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        # The form has said so already; this holds for forms that set the account themselves.
        if not self._allows(request, "change" if change else "add", obj):
            raise PermissionDenied
        super().save_model(request, obj, form, change)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Named by what it lists.

        Refuses to filter by what no row can be told by, before a page is drawn with it.
        """
        filters = set(request.GET) - set(IGNORED_PARAMS)
        if any(
            not _may_filter(name, text) for name in filters for text in request.GET.getlist(name)
        ):
            raise IncorrectLookupParameters
        try:
            found = super().get_changelist_instance(request)
        except OverflowError as error:
            # SQLite's answer to a number larger than any key.
            raise IncorrectLookupParameters from error
        found.title = capfirst(str(self.opts.verbose_name_plural))
        return found

    def get_list_filter(self, request: HttpRequest) -> Any:
        declared: Any = super().get_list_filter(request)
        return [within_reach(entry, self.model) for entry in declared]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        declared: Any = super().get_actions(request)
        return {
            name: (_for_permitted_rows(action), name, description)
            for name, (action, _, description) in declared.items()
        }

    def get_inline_instances(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        _refuse_unscoped(self.get_inlines(request, obj))
        return super().get_inline_instances(request, obj)


def _may_filter(name: str, text: str) -> bool:
    """PostgreSQL looks for no NUL, and a drop-down shows the row of its key, if it is one."""
    if "\x00" in text:
        return False
    is_key = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_KEY
    return is_key or not text or not name.endswith("__id__exact")


def _refuse_unscoped(inlines: Iterable[Any]) -> None:
    for inline in inlines:
        if not issubclass(inline, AccountScopedInline):
            raise ImproperlyConfigured(f"{inline.__name__} must be an AccountScopedInline.")
        _refuse_unscoped(getattr(inline, "inlines", ()))


def _for_permitted_rows(action: Callable[..., Any]) -> Callable[..., Any]:
    """The admin action, refused as a whole if a selected row is not covered by its permissions."""
    permissions: Sequence[str] = getattr(action, "allowed_permissions", ())
    if not permissions:
        return action

    @functools.wraps(action)
    def guarded(
        model_admin: AccountScopedAdmin, request: HttpRequest, queryset: QuerySet[Any]
    ) -> Any:
        for permission in permissions:
            reach = model_admin.reach(request, permission)
            covered = reach.condition(model_admin.model)
            if reach.accounts is not None and queryset.exclude(covered).exists():
                model_admin.message_user(
                    request,
                    "Nothing was done: your role does not allow this for every selected row.",
                    messages.ERROR,
                )
                return None
        return action(model_admin, request, queryset)

    return guarded


def _preset_only_choice(field: forms.Field) -> None:
    """Make the account field plain, and fix it where there is but one account to choose."""
    if not isinstance(field, forms.ModelChoiceField) or field.queryset is None:
        return
    if isinstance(field.widget, RelatedFieldWidgetWrapper):
        field.widget = field.widget.widget
    field.queryset = field.queryset  # hands the choices to the widget
    only = list(field.queryset[:2])
    if len(only) == 1:
        field.initial = only[0].pk
        field.disabled = True
