"""Undoing an upload: what that would do, asking for it, and following it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_safe

from bulk_uploads.admin.undo_table import may_be_asked_for, undo_state
from bulk_uploads.admin.upload_pages import UploadPages, change_url
from bulk_uploads.errors import BulkUploadError
from bulk_uploads.models import BulkUpload
from bulk_uploads.undoing import ready_undoer, request_undo


class UndoPages(UploadPages):
    def get_urls(self) -> list[Any]:
        return [
            self._detail_url("undo", self.undo_view),
            self._detail_url("undo_state", self.undo_state_view),
            *super().get_urls(),
        ]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Says exactly what would be taken back and what would stay; then does it."""
        upload = self._seen(request, pk)
        if not self.has_change_permission(request, upload):
            raise PermissionDenied
        try:
            if request.method != "POST":
                return self._undo_page(request, upload)
            request_undo(upload=upload, requested_by=request.user)  # type: ignore[arg-type]
        except BulkUploadError as error:
            self.message_user(request, " ".join(error.messages), messages.WARNING)
            return HttpResponseRedirect(change_url(upload))
        return HttpResponseRedirect(f"{change_url(upload)}#undo")

    def _undo_page(self, request: HttpRequest, upload: BulkUpload) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Undo {str(upload).lower()}?",
            "subtitle": upload.file.name,
            "object": upload,
            "upload": upload,
            "sentences": ready_undoer(upload).forecast(),
            "page_url": change_url(upload),
        }
        return TemplateResponse(request, "bulk_uploads/undo_page.html", context)

    @method_decorator(require_safe)
    def undo_state_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The live part of the upload's page."""
        upload = self._seen(request, pk)
        context = {"upload": upload, **self.undo_context(request, upload)}
        return TemplateResponse(request, "bulk_uploads/undo.html", context)

    def undo_context(self, request: HttpRequest, upload: BulkUpload) -> dict[str, Any]:
        state = undo_state(upload, request.GET.dict())
        may_change = self.has_change_permission(request, upload)
        return {"undo": state, "may_undo": may_change and may_be_asked_for(upload, state)}

    def _may(self, request: HttpRequest, upload: BulkUpload) -> dict[str, Any]:
        return {**super()._may(request, upload), **self.undo_context(request, upload)}
