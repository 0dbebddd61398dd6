"""Filters a list by upload: the rows that its ledger names."""

from typing import Any, ClassVar

from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import DropdownFilter

from accounts.access import accounts_for
from bulk_uploads.admin.row_ids import is_id
from bulk_uploads.models import BulkUpload, RowResult

#: How many of the newest uploads there are to choose from.
OFFERED = 25


class UploadFilter(DropdownFilter):
    """What a row of the upload created, changed or found unchanged.

    `processor_names` are the processors whose ledger names rows of the list.
    """

    title = "upload"
    parameter_name = "upload"
    processor_names: ClassVar[tuple[str, ...]]

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        self.uploads = BulkUpload.objects.filter(
            account__in=accounts_for(request.user, "bulk_uploads.view_bulkupload"),
            processor_name__in=self.processor_names,
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
        return queryset.filter(pk__in=self.rows_of(uploads))

    def rows_of(self, uploads: Any) -> Any:
        """The keys of the list's rows that these uploads (one, or none) are about."""
        return RowResult.objects.filter(
            upload__in=uploads, is_dry=False, object_id__isnull=False
        ).values("object_id")
