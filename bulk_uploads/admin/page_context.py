"""What the pages of an upload show, gathered for their templates."""

from typing import Any

from django.http import HttpRequest

from bulk_uploads.admin.columns_card import columns_card
from bulk_uploads.admin.issue_table import IssueFilter, issue_table
from bulk_uploads.admin.next_steps import children_of, how_it_came, next_steps
from bulk_uploads.admin.object_pages import pages_for
from bulk_uploads.admin.preview_card import difference_table, imported_since, preview_card
from bulk_uploads.admin.row_table import RowFilter, row_table
from bulk_uploads.admin.tiles import tiles
from bulk_uploads.admin.wording import (
    file_facts,
    options_in_words,
    processor_label,
    status_badge,
    uploader,
)
from bulk_uploads.downloads import download_url
from bulk_uploads.models import BulkUpload
from bulk_uploads.progress import describe


def status_cell(upload: BulkUpload) -> dict[str, Any]:
    """For the cell of a list that renews itself."""
    return {"upload": upload, "badge": status_badge(upload), "progress": describe(upload)}


def progress_context(upload: BulkUpload) -> dict[str, Any]:
    """For the part that renews itself while the upload has not ended."""
    return {
        **status_cell(upload),
        "tiles": tiles(upload),
        "message": (upload.output or {}).get("message", ""),
        "pages": _written_pages(upload),
        "options": options_in_words(upload),
        "imported_since": imported_since(upload),
    }


def issues_context(upload: BulkUpload, request: HttpRequest) -> dict[str, Any]:
    chosen = IssueFilter.from_query(request.GET.dict())
    return {"upload": upload, "table": issue_table(upload, chosen)}


def rows_context(upload: BulkUpload, request: HttpRequest) -> dict[str, Any]:
    chosen = RowFilter.from_query(request.GET.dict())
    return {"upload": upload, "table": row_table(upload, chosen)}


def preview_context(upload: BulkUpload) -> dict[str, Any]:
    return {"upload": upload, "preview": preview_card(upload)}


def differences_context(upload: BulkUpload, request: HttpRequest) -> dict[str, Any]:
    return {"upload": upload, "differences": difference_table(upload, request.GET.dict())}


def page_context(upload: BulkUpload, request: HttpRequest) -> dict[str, Any]:
    return {
        **progress_context(upload),
        "issues": issues_context(upload, request),
        "rows": rows_context(upload, request),
        "processor": processor_label(upload.processor_name),
        **preview_context(upload),
        **differences_context(upload, request),
        "uploader": uploader(upload),
        "facts": file_facts(upload),
        "download_url": download_url(request, key=upload.file.key),
        "echo": _echo(upload),
        "children": children_of(upload),
        "how_it_came": how_it_came(upload),
        "next": next_steps(upload),
        "columns": columns_card(upload),
    }


def _written_pages(upload: BulkUpload) -> dict[str, str] | None:
    """The list of what this upload wrote or would have found, where there is such a list."""
    pages = pages_for(upload)
    applied = upload.done_rows - upload.failed_rows
    if pages is None or upload.is_dry_run or not upload.has_ended or not applied:
        return None
    return {"noun": pages.noun, "url": pages.of_upload(upload)}


def _echo(upload: BulkUpload) -> dict[str, Any] | None:
    """What a processor that writes nothing handed back of the file."""
    output = upload.output or {}
    if "first_rows" not in output:
        return None
    return {"header": output.get("header", []), "rows": output["first_rows"]}
