"""Filters of the pincodes list: by state and mode as the lists spell them, and by upload."""

from typing import Any, ClassVar

from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import DropdownFilter

from bulk_uploads.admin.upload_filter import UploadFilter
from delivery.importing.processor import BLUEDART_PROCESSOR

#: Spellings that a filter reads at most.
_MOST_VALUES = 500


class _ValueFilter(DropdownFilter):
    """The values that there are in the person's accounts, whatever their case."""

    field: ClassVar[str]
    unsaid: ClassVar[str]

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        seen = model_admin.get_queryset(request).order_by(self.field)
        values = seen.values_list(self.field, flat=True).distinct()[:_MOST_VALUES]
        by_key = {value.casefold(): value for value in values if value}
        return [*sorted(by_key.items()), ("-", self.unsaid)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        if not chosen:
            return queryset
        if chosen == "-":
            return queryset.filter(**{self.field: ""})
        return queryset.filter(**{f"{self.field}__iexact": chosen})


class StateFilter(_ValueFilter):
    title = "state"
    parameter_name = "state"
    field = "state"
    unsaid = "No state given"


class ModeFilter(_ValueFilter):
    title = "mode"
    parameter_name = "mode"
    field = "mode"
    unsaid = "No mode given"


class PincodeUploadFilter(UploadFilter):
    processor_names = (BLUEDART_PROCESSOR,)
