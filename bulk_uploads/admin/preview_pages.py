"""The parts of an upload's page that have to do with previews, and importing from one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from accounts.access import may
from bulk_uploads.admin.new_upload_form import ADD_PERMISSION
from bulk_uploads.admin.page_context import differences_context, preview_context
from bulk_uploads.admin.upload_pages import UploadPages, change_url
from bulk_uploads.errors import BulkUploadError
from bulk_uploads.services import run_dry_run


class PreviewPages(UploadPages):
    def get_urls(self) -> list[Any]:
        return [
            self._detail_url("preview", self.preview_view),
            self._detail_url("differences", self.differences_view),
            self._detail_url("run", self.run_view),
            *super().get_urls(),
        ]

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        upload = self._seen(request, pk)
        return TemplateResponse(request, "bulk_uploads/preview.html", preview_context(upload))

    def differences_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        upload = self._seen(request, pk)
        context = differences_context(upload, request)
        if context["differences"] is None:
            return HttpResponse(status=404)
        return self._part(request, upload, "bulk_uploads/differences.html", context)

    @method_decorator(require_POST)
    def run_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        upload = self._seen(request, pk)
        if not may(request.user, ADD_PERMISSION, account_id=upload.account_id):
            raise PermissionDenied
        try:
            real = run_dry_run(
                upload=upload,
                strict=request.POST.get("strict") == "on",
                created_by=request.user,  # type: ignore[arg-type]
            )
        except BulkUploadError as error:
            self.message_user(request, " ".join(error.messages), messages.WARNING)
            return HttpResponseRedirect(change_url(upload))
        return HttpResponseRedirect(change_url(real))
