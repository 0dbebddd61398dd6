"""Filters of the stock list: by how much there is, and by the upload that wrote it."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import DropdownFilter

from bulk_uploads.admin.upload_filter import UploadFilter
from catalog.models import StockLevel, StockMovement
from catalog.stock.processor import STOCK_PROCESSOR

_CONDITIONS = {
    "below": Q(quantity__lt=0),
    "none": Q(quantity=0),
    "some": Q(quantity__gt=0),
}


class QuantityFilter(DropdownFilter):
    title = "quantity"
    parameter_name = "quantity"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [("below", "Below zero"), ("none", "None left"), ("some", "In stock")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        condition = _CONDITIONS.get(str(self.value()))
        return queryset if condition is None else queryset.filter(condition)


class StockUploadFilter(UploadFilter):
    """Levels that a row of the upload has written."""

    processor_names = (STOCK_PROCESSOR,)

    def rows_of(self, uploads: Any) -> Any:
        written = StockMovement.objects.filter(upload__in=uploads)
        here = written.filter(variant_id=OuterRef("variant_id"), location=OuterRef("location"))
        levels = StockLevel.objects.filter(variant_id__in=written.values("variant_id"))
        return levels.filter(Exists(here)).values("pk")
