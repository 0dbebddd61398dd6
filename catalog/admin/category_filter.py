"""Filters by category, everything below it included."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from accounts.scoping.reach import Reach
from bulk_uploads.admin.row_ids import is_id
from catalog.models import Category


class CategoryFilter(AutocompleteSelectFilter):
    """For the field `category` of a product, also seen from its variants."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        if not chosen:
            return queryset
        within: Reach = self.model_admin.reach(request, "view", "change")
        known = within.rows(Category.objects.all())
        category = known.filter(pk=chosen).first() if is_id(chosen) else None
        if category is None:
            return queryset.none()
        below = Q(path=category.path) | Q(path__startswith=f"{category.path}/")
        tree = Category.objects.filter(below, account_id=category.account_id)
        return queryset.filter(**{f"{self.field_path}__in": tree.values("pk")})
