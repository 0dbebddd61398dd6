"""Forms whose choices, and whose posted values, stay inside one account."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.contrib.admin.widgets import ForeignKeyRawIdWidget
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

from accounts import ownership
from accounts.scoping.reach import Reach
from accounts.scoping.widgets import ReachingRawIdWidget

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Any]
else:
    _ModelForm = forms.ModelForm

OTHER_ACCOUNT = "This belongs to another account. Choose one of the same account as the row."
NOT_YOURS = "You may not do this in the chosen account."


class AccountForm(_ModelForm):
    """A model form that refuses a foreign account, however the value came to be posted."""

    reach: ClassVar[Reach]
    account_path: ClassVar[str]
    shared_fields: ClassVar[tuple[str, ...]] = ()
    # Of an inline row: the account of the object it is part of. Asked only when the row is
    # checked, for a new parent knows its account no sooner.
    parent_account_id: Callable[[], int | None] | None = None

    def owner_id(self) -> int | None:
        parents = self.parent_account_id() if self.parent_account_id is not None else None
        return parents or ownership.account_id_of(self.instance, self.account_path)

    def _get_validation_exclusions(self) -> set[str]:
        # An account that is preset or read-only is no field of the form, yet "unique in its
        # account" must still be checked here rather than end as an error of the database.
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        if getattr(self.instance, f"{self.account_path}_id", None) is not None:
            excluded.discard(self.account_path)
        return excluded

    def _post_clean(self) -> None:
        if self.parent_account_id is not None and self._may_inherit_account():
            self.instance.account_id = self.parent_account_id()
        super()._post_clean()  # type: ignore[misc]
        owner_id = self.owner_id()
        if owner_id is None:
            return
        if not self.reach.includes(owner_id):
            field = self.account_path if self.account_path in self.fields else None
            self.add_error(field, ValidationError(NOT_YOURS, code="account"))
            return
        for name, chosen in self._chosen_rows():
            path = self.reach.path_of(chosen.model)
            elsewhere = chosen.exclude(ownership.owned_by(chosen.model, path, [owner_id]))
            if elsewhere.exists():
                self.add_error(name, ValidationError(OTHER_ACCOUNT, code="other_account"))

    def _may_inherit_account(self) -> bool:
        own = [field for field in self.instance._meta.fields if field.name == "account"]
        return bool(own) and "account" not in self.fields

    def _chosen_rows(self) -> Iterator[tuple[str, QuerySet[Model]]]:
        """What each field refers to, but for the account itself."""
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if not value or name in self.shared_fields or name == self.account_path:
                continue
            if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
                several = isinstance(field, forms.ModelMultipleChoiceField)
                pks = [row.pk for row in (value if several else [value])]
                yield name, field.queryset.model._default_manager.filter(pk__in=pks)


def account_form(
    form: type[forms.BaseModelForm[Any]],
    *,
    reach: Reach,
    account_path: str,
    shared_fields: tuple[str, ...] = (),
) -> type[forms.BaseModelForm[Any]]:
    """`form` made an AccountForm, its choices narrowed to `reach`."""
    attributes = {"reach": reach, "account_path": account_path, "shared_fields": shared_fields}
    scoped = cast(type[AccountForm], type(form.__name__, (AccountForm, form), attributes))
    for name, field in scoped.base_fields.items():
        if isinstance(field, forms.ModelChoiceField) and name not in shared_fields:
            scoped.base_fields[name] = _narrowed(field, reach)
    return scoped


def _narrowed(field: forms.ModelChoiceField[Any], reach: Reach) -> forms.ModelChoiceField[Any]:
    # A declared field is one object for all requests: narrow a copy.
    narrowed = copy.deepcopy(field)
    if narrowed.queryset is not None:
        narrowed.queryset = reach.rows(narrowed.queryset)
        if isinstance(narrowed.widget, ForeignKeyRawIdWidget):
            narrowed.widget = ReachingRawIdWidget.instead_of(narrowed.widget, narrowed.queryset)
    return narrowed
