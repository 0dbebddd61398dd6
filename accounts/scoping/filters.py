"""List filters that offer, count and name only what lies in the viewer's accounts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from django import forms
from django.contrib.admin import (
    AllValuesFieldListFilter,
    FieldListFilter,
    ModelAdmin,
    RelatedFieldListFilter,
)
from django.contrib.admin.utils import get_fields_from_path
from django.db.models import Model, Q
from django.http import HttpRequest

from accounts.scoping.reach import Reach


class _ReachingRelation(RelatedFieldListFilter):
    """Mixed into a filter over a relation, Django's or unfold's."""

    def __init__(self, field: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        model_admin = args[2]
        self.reach: Reach = model_admin.reach(request, "view", "change")
        super().__init__(field, request, *args, **kwargs)

    def field_choices(self, field: Any, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Any:
        inherited: Any = super().field_choices
        if inherited.__func__ is not RelatedFieldListFilter.field_choices:
            # Made from the admin's own queryset, or asked for row by row: within reach already.
            return inherited(field, request, model_admin)
        return field.get_choices(
            include_blank=False,
            ordering=self.field_admin_ordering(field, request, model_admin),
            limit_choices_to=self.reach.condition(field.related_model) & _declared_limit(field),
        )

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            # unfold's filters are forms, whose choice of one row would print that row's name.
            form: Any = choice.get("form")
            for offered in form.fields.values() if form is not None else ():
                if isinstance(offered, forms.ModelChoiceField) and offered.queryset is not None:
                    offered.queryset = self.reach.rows(offered.queryset.all())
            yield choice


class _ReachingValues(AllValuesFieldListFilter):
    """Mixed into a filter over the values of a related row's field."""

    def __init__(
        self,
        field: Any,
        request: HttpRequest,
        params: Any,
        model: Any,
        model_admin: ModelAdmin[Any],
        field_path: str,
    ) -> None:
        super().__init__(field, request, params, model, model_admin, field_path)
        seen = model_admin.get_queryset(request).order_by(field_path)
        self.lookup_choices = seen.values_list(field_path, flat=True).distinct()


def within_reach(list_filter: Any, model: type[Model]) -> Any:
    """An entry of `list_filter`, as given or with a filter class that keeps to the accounts."""
    if isinstance(list_filter, type):
        return list_filter
    if isinstance(list_filter, str):
        path, given = list_filter, None
    else:
        path, given = list_filter
    field = get_fields_from_path(model, path)[-1]
    filter_class: Any = given or _default_filter(field)
    if issubclass(filter_class, RelatedFieldListFilter):
        return path, _mixed(_ReachingRelation, filter_class)
    if issubclass(filter_class, AllValuesFieldListFilter) and "__" in path:
        return path, _mixed(_ReachingValues, filter_class)
    return list_filter


def _default_filter(field: Any) -> type[FieldListFilter]:
    registered = FieldListFilter._field_list_filters  # type: ignore[attr-defined]
    chosen: type[FieldListFilter] = next(kind for test, kind in registered if test(field))
    return chosen


def _declared_limit(field: Any) -> Q:
    limit = field.get_limit_choices_to() if hasattr(field, "get_limit_choices_to") else {}
    return limit if isinstance(limit, Q) else Q(**limit)


@cache
def _mixed(mixin: type, filter_class: Any) -> type:
    return type(f"Reaching{filter_class.__name__}", (mixin, filter_class), {})
