"""The bulk uploads list: how each upload stands, live while it runs."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.formats import date_format
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from bulk_uploads.admin.account_column import AccountColumn
from bulk_uploads.admin.correction_pages import CorrectionPages
from bulk_uploads.admin.filters import KindFilter, ProcessorFilter
from bulk_uploads.admin.page_context import status_cell
from bulk_uploads.admin.preview_pages import PreviewPages
from bulk_uploads.admin.template_pages import TemplatePages
from bulk_uploads.admin.undo_pages import UndoPages
from bulk_uploads.admin.wording import processor_label, uploader
from bulk_uploads.models import BulkUpload


@admin.register(BulkUpload)
class BulkUploadAdmin(AccountColumn, TemplatePages, PreviewPages, UndoPages, CorrectionPages):
    empty_text = (
        "No file has been uploaded yet. Give a supplier's CSV, XLSX or JSON file; a dry run shows "
        "what it would change before anything is written."
    )
    list_display = ("name", "state", "file_name", "processor", "rows", "who", "given")
    list_display_links = ("name",)
    list_filter = (
        ("status", ChoicesDropdownFilter),
        ProcessorFilter,
        KindFilter,
        ("account", RelatedDropdownFilter),
    )
    list_filter_submit = True
    list_select_related = ("account", "file", "created_by", "token", "undo")
    list_per_page = 50
    search_fields = ("file__name",)
    search_help_text = "Find an upload by its file name"
    ordering = ("-id",)
    actions = None

    @display(description="Upload", ordering="id")
    def name(self, upload: BulkUpload) -> str:
        return f"Upload {upload.pk}" + (" (dry run)" if upload.is_dry_run else "")

    @display(description="Status", ordering="status")
    def state(self, upload: BulkUpload) -> str:
        return render_to_string("bulk_uploads/status_cell.html", status_cell(upload))

    @display(description="File", ordering="file__name")
    def file_name(self, upload: BulkUpload) -> str:
        return upload.file.name

    @display(description="What", ordering="processor_name")
    def processor(self, upload: BulkUpload) -> str:
        return processor_label(upload.processor_name)

    @display(description="Rows", ordering="total_rows")
    def rows(self, upload: BulkUpload) -> str:
        return render_to_string("bulk_uploads/rows_cell.html", {"upload": upload})

    @display(description="By")
    def who(self, upload: BulkUpload) -> str:
        return uploader(upload)

    @display(description="Given", ordering="created_at")
    def given(self, upload: BulkUpload) -> str:
        return date_format(upload.created_at, "j M Y, H:i")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Uploads stay: the change log and the ledger refer to them."""
        return False
