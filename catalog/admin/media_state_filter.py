"""The media list's filter by state, which asks for what the database has an index of."""

from typing import Any, Final

from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import DropdownFilter

from catalog.models import AssetState, MediaAsset

#: A state shows in one column alone, each of which has an index of just these rows.
_COLUMNS: Final = {
    AssetState.PENDING.value: "due_at",
    AssetState.FETCHED.value: "file",
    AssetState.FAILED.value: "failed_at",
}


class MediaStateFilter(DropdownFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [(str(value), str(label)) for value, label in AssetState.choices]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[MediaAsset]
    ) -> QuerySet[MediaAsset]:
        column = _COLUMNS.get(self.value() or "")
        return queryset.filter(**{f"{column}__isnull": False}) if column else queryset
