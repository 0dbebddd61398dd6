"""The filter of the review queue: what is mine, anybody's, or another's."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest

from imagery.models import ReviewTicket


class AssignmentFilter(SimpleListFilter):
    title = "assigned to"
    parameter_name = "assigned"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return (("me", "Me"), ("nobody", "Nobody"), ("others", "Others"))

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[ReviewTicket]
    ) -> QuerySet[ReviewTicket]:
        match self.value():
            case "me":
                return queryset.filter(assigned_to=request.user.pk)
            case "nobody":
                return queryset.filter(assigned_to=None)
            case "others":
                return queryset.exclude(assigned_to=None).exclude(assigned_to=request.user.pk)
        return queryset
