"""What the list of image jobs can be narrowed to besides its own columns."""

from typing import Any, Final

from django.contrib.admin import ModelAdmin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import DropdownFilter

from accounts.access import accounts_for
from bulk_uploads.admin.row_ids import is_id
from bulk_uploads.models import BulkUpload
from imagery.models import OPEN_STATES, ImageJob, JobState, QaStatus, SkuImagery

#: Held jobs wait for a person: nothing about them changes meanwhile.
MOVING: Final = (JobState.WAITING, JobState.RUNNING)
UNDER_WAY: Final = "under_way"
_GROUPS: Final = {
    "open": ("Open: held, waiting or generating", OPEN_STATES),
    UNDER_WAY: ("Under way: waiting or generating", MOVING),
    "succeeded": (
        "Succeeded, at least in part",
        (JobState.DELIVERED, JobState.PARTLY_DELIVERED),
    ),
}
#: How many of the newest uploads with jobs there are to choose from.
OFFERED = 25


class JobStateFilter(DropdownFilter):
    """One state, or several that people count together."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        groups = [(name, label) for name, (label, _) in _GROUPS.items()]
        return [*groups, *JobState.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value() or ""
        if chosen in _GROUPS:
            return queryset.filter(state__in=_GROUPS[chosen][1])
        return queryset.filter(state=chosen) if chosen in JobState.values else queryset


class JobUploadFilter(DropdownFilter):
    """Jobs that rows of an upload asked for."""

    title = "upload"
    parameter_name = "upload"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        self.uploads = BulkUpload.objects.filter(
            account__in=accounts_for(request.user, "bulk_uploads.view_bulkupload")
        )
        asked = Exists(ImageJob.objects.filter(upload=OuterRef("pk")))
        newest = self.uploads.filter(asked).select_related("file").order_by("-id")[:OFFERED]
        return [(str(upload.pk), f"{upload}: {upload.file.name}") for upload in newest]

    def has_output(self) -> bool:
        return bool(self.lookup_choices or self.value())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        if not chosen:
            return queryset
        if not is_id(chosen):
            return queryset.none()
        return queryset.filter(upload__in=self.uploads.filter(pk=int(chosen)).values("pk"))


class JobQaFilter(DropdownFilter):
    """Jobs of SKUs whose set of pictures stands so."""

    title = "QA status"
    parameter_name = "qa"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [*QaStatus.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        if chosen not in QaStatus.values:
            return queryset
        of_sku = SkuImagery.objects.filter(account=OuterRef("account"), sku=OuterRef("sku"))
        if chosen == QaStatus.NOT_REQUESTED:
            return queryset.exclude(Exists(of_sku.exclude(qa_status=chosen)))
        return queryset.filter(Exists(of_sku.filter(qa_status=chosen)))


class JobBatchFilter(DropdownFilter):
    """Jobs of the batch whose page led here; shown only then."""

    title = "batch"
    parameter_name = "batch"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        chosen = request.GET.get(self.parameter_name, "")
        return [(chosen, f"Batch {chosen}")] if is_id(chosen) else []

    def has_output(self) -> bool:
        return bool(self.value())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        if not chosen:
            return queryset
        return queryset.filter(batch=int(chosen)) if is_id(chosen) else queryset.none()
