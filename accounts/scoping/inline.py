"""Inline rows: they belong to their parent's account, and to what its member may do there."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_permission_codename
from django.db.models import Model
from django.forms import BaseInlineFormSet
from django.http import HttpRequest

from accounts import ownership
from accounts.access import may
from accounts.scoping.form import account_form
from accounts.scoping.reach import Reach

if TYPE_CHECKING:
    from django.contrib.admin.options import InlineModelAdmin

    _Base = InlineModelAdmin[Any, Any]
    _FormSetBase = BaseInlineFormSet[Any, Any, Any]
else:
    _Base = object
    _FormSetBase = object


class AccountScopedInline(_Base):
    """Put it before unfold's TabularInline or StackedInline.

    Permissions are those of the person's role in the parent's account; choices and posted values
    stay in that account. A row with an own `account` gets its parent's.
    """

    shared_fields: tuple[str, ...] = ()

    def _parent_account_id(self, parent: Model) -> int | None:
        path = Reach(self.admin_site, None).path_of(self.parent_model)
        return ownership.account_id_of(parent, path)

    def _allows(self, request: HttpRequest, action: str, parent: Any) -> bool:
        opts = self.opts
        if opts.auto_created:
            # The rows of a plain many-to-many are part of the parent itself.
            opts, action = self.parent_model._meta, "view" if action == "view" else "change"
        permission = f"{opts.app_label}.{get_permission_codename(action, opts)}"
        if parent is None:
            return request.user.has_perm(permission)
        return may(request.user, permission, account_id=self._parent_account_id(parent))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._allows(request, "add", obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._allows(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._allows(request, "delete", obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._allows(request, "view", obj) or self._allows(request, "change", obj)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        given = kwargs.pop("formset", self.formset)
        formset = type(given.__name__, (_ParentAccountFormSet, given), {})
        built: Any = super().get_formset(request, obj, formset=formset, **kwargs)
        reach = Reach.of(request.user, self.admin_site)
        account_id = None if obj is None else self._parent_account_id(obj)
        built.form = account_form(
            built.form,
            reach=reach if account_id is None else reach.within(account_id),
            account_path="account",
            shared_fields=self.shared_fields,
        )
        built.parent_path = reach.path_of(self.parent_model)
        return built


class _ParentAccountFormSet(_FormSetBase):
    """Tells each row's form how to learn the account of the parent, which may itself be new."""

    parent_path: str

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        form.parent_account_id = lambda: ownership.account_id_of(self.instance, self.parent_path)
        return form
