"""List filters of the bulk uploads page."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import DropdownFilter

from bulk_uploads.models import BulkUpload
from bulk_uploads.processors import registered_processors


class ProcessorFilter(DropdownFilter):
    title = "processor"
    parameter_name = "processor"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [(processor.name, processor.label) for processor in registered_processors()]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[BulkUpload]
    ) -> QuerySet[BulkUpload]:
        chosen = self.value()
        return queryset.filter(processor_name=chosen) if chosen else queryset


class KindFilter(DropdownFilter):
    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [("import", "Imports"), ("dry_run", "Dry runs")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[BulkUpload]
    ) -> QuerySet[BulkUpload]:
        chosen = self.value()
        return queryset.filter(is_dry_run=chosen == "dry_run") if chosen else queryset
