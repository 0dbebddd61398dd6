"""Filters the catalog by upload: what its row ledger names."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import DropdownFilter

from accounts.access import accounts_for
from bulk_uploads.models import BulkUpload, RowResult
from catalog.admin.row_ids import is_id
from catalog.models import Variant

#: Processors whose ledger names variants.
UPLOADS_OF_VARIANTS = ("catalog_csv_upload_processor",)
#: How many of the newest uploads there are to choose from.
OFFERED = 25


class UploadFilter(DropdownFilter):
    """Variants that a row of the upload created, changed or found unchanged."""

    title = "upload"
    parameter_name = "upload"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        self.uploads = BulkUpload.objects.filter(
            account__in=accounts_for(request.user, "bulk_uploads.view_bulkupload"),
            processor_name__in=UPLOADS_OF_VARIANTS,
            is_dry_run=False,
        )
        newest = self.uploads.select_related("file").order_by("-id")[:OFFERED]
        return [(str(upload.pk), f"{upload}: {upload.file.name}") for upload in newest]

    def has_output(self) -> bool:
        return bool(self.lookup_choices or self.value())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        if not chosen:
            return queryset
        if not is_id(chosen):
            return queryset.none()
        # Also for an older upload than those offered, but never for another account's.
        uploads = self.uploads.filter(pk=int(chosen)).values("pk")
        rows = RowResult.objects.filter(
            upload__in=uploads, is_dry=False, object_id__isnull=False
        ).values("object_id")
        return queryset.filter(pk__in=self.wanted(rows))

    def wanted(self, variant_ids: Any) -> Any:
        return variant_ids


class ProductUploadFilter(UploadFilter):
    """Products with a variant that a row of the upload names."""

    def wanted(self, variant_ids: Any) -> Any:
        return Variant.objects.filter(pk__in=variant_ids).values("product_id")
