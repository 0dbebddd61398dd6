"""Saved mappings: the list of them, changing one, and deleting it with what that means."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display

from bulk_uploads.admin.account_column import AccountColumn
from bulk_uploads.admin.mapping_columns import AS_IT_IS, MappingTable, mapping_table
from bulk_uploads.admin.wording import processor_label
from bulk_uploads.column_targets import LEAVE_OUT, OffersTargets
from bulk_uploads.errors import BulkUploadError
from bulk_uploads.mappings import change_mapping, delete_mapping
from bulk_uploads.models import SavedMapping
from bulk_uploads.models.saved_mapping import LONGEST_NAME
from bulk_uploads.processors import Processor, processor_named


@admin.register(SavedMapping)
class SavedMappingAdmin(AccountColumn, ModelAdmin):
    """They are made where a file's columns are mapped; here they are looked at and changed."""

    list_display = ("name", "what", "columns", "uploads", "last_used", "changed")
    list_display_links = ("name",)
    list_filter = (("account", RelatedDropdownFilter),)
    list_filter_submit = True
    list_select_related = ("account",)
    list_per_page = 50
    search_fields = ("name",)
    search_help_text = "Find a mapping by its name"
    ordering = ("name_key",)
    actions = None
    change_list_template = "bulk_uploads/saved_mappings.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[SavedMapping]:
        rows: QuerySet[SavedMapping] = super().get_queryset(request)
        return rows.annotate(
            upload_count=Count("bulk_uploads"), newest_upload=Max("bulk_uploads__created_at")
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @display(description="What")
    def what(self, saved: SavedMapping) -> str:
        return processor_label(saved.processor_name)

    @display(description="Columns")
    def columns(self, saved: SavedMapping) -> str:
        left_out = sum(1 for target in saved.mapping.values() if target == LEAVE_OUT)
        taken = len(saved.mapping) - left_out
        return f"{taken} mapped, {left_out} left out" if left_out else f"{taken} mapped"

    @display(description="Uploads", ordering="upload_count")
    def uploads(self, saved: SavedMapping) -> int:
        return int(getattr(saved, "upload_count", 0))

    @display(description="Last used", ordering="newest_upload")
    def last_used(self, saved: SavedMapping) -> str:
        newest = getattr(saved, "newest_upload", None)
        return date_format(newest, "j M Y, H:i") if newest else "Never"

    @display(description="Changed", ordering="updated_at")
    def changed(self, saved: SavedMapping) -> str:
        return date_format(saved.updated_at, "j M Y, H:i")

    # One of them

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        saved = self.get_object(request, object_id)
        if saved is None:
            return self._gone(request, object_id)
        may_change = self.has_change_permission(request, saved)
        if request.method != "POST":
            return self._page(request, saved, _table(saved))
        if not may_change:
            raise PermissionDenied
        table = _table(saved, request.POST.dict())
        try:
            changed = change_mapping(
                saved=saved,
                name=request.POST.get("name", ""),
                processor=processor_named(saved.processor_name),
                mapping=table.mapping if table else {},
            )
        except BulkUploadError as error:
            return self._page(request, saved, table, errors=error.messages)
        self.message_user(request, f"{changed} was saved.", messages.SUCCESS)
        return HttpResponseRedirect(_list_url())

    def _page(
        self,
        request: HttpRequest,
        saved: SavedMapping,
        table: MappingTable | None,
        *,
        errors: list[str] | None = None,
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": saved.name,
            "subtitle": processor_label(saved.processor_name),
            "saved": saved,
            "name": request.POST.get("name", saved.name),
            "longest_name": LONGEST_NAME,
            "table": table,
            "errors": errors or [],
            "may_change": self.has_change_permission(request, saved),
            "may_delete": self.has_delete_permission(request, saved),
            "uploads": list(saved.bulk_uploads.select_related("file").order_by("-id")[:5]),
        }
        return TemplateResponse(
            request, "bulk_uploads/saved_mapping.html", context, status=422 if errors else 200
        )

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        saved = self.get_object(request, object_id)
        if saved is None:
            return self._gone(request, object_id)
        if not self.has_delete_permission(request, saved):
            raise PermissionDenied
        refusals: list[str] = []
        if request.method == "POST":
            try:
                delete_mapping(saved=saved)
            except BulkUploadError as error:
                refusals = error.messages
            else:
                self.message_user(request, f"{saved} was deleted.", messages.SUCCESS)
                return HttpResponseRedirect(_list_url())
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Delete {saved}?",
            "page_url": reverse("admin:bulk_uploads_savedmapping_change", args=[saved.pk]),
            "uploads": saved.bulk_uploads.count(),
            "refusals": refusals,
        }
        return TemplateResponse(
            request,
            "bulk_uploads/delete_saved_mapping.html",
            context,
            status=409 if refusals else 200,
        )

    def _gone(self, request: HttpRequest, object_id: str) -> HttpResponse:
        gone: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return gone


def _table(saved: SavedMapping, posted: dict[str, str] | None = None) -> MappingTable | None:
    """The columns of its file, then others it names; None where nobody takes such files."""
    try:
        processor: Processor = processor_named(saved.processor_name)
    except BulkUploadError:
        return None
    if not isinstance(processor, OffersTargets):
        return None
    # The file's order: a mapping's own is not kept by every database.
    header = list(dict.fromkeys([*(name for name in saved.header or () if name), *saved.mapping]))
    return mapping_table(
        account=saved.account,
        processor=processor,
        header=header,
        rows=[],
        remembered=saved.mapping,
        posted=posted
        or {
            f"target-{place}": saved.mapping.get(name, AS_IT_IS)
            for place, name in enumerate(header)
        },
    )


def _list_url() -> str:
    return reverse("admin:bulk_uploads_savedmapping_changelist")
