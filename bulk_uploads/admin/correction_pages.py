"""Going on with the rows that an upload left: its correction file, a retry, and fixing cells."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import may
from bulk_uploads.admin.fix_form import changes_in, fix_page
from bulk_uploads.admin.new_upload_form import ADD_PERMISSION
from bulk_uploads.admin.next_steps import next_steps
from bulk_uploads.admin.upload_pages import UploadPages, change_url
from bulk_uploads.corrections.correction_file import correction_file
from bulk_uploads.corrections.fixing import ensure_fixable, fix_rows
from bulk_uploads.corrections.retries import retry_upload
from bulk_uploads.downloads import attachment
from bulk_uploads.errors import BulkUploadError, NothingToCorrect
from bulk_uploads.models import BulkUpload


class CorrectionPages(UploadPages):
    """Whoever may upload may correct; whoever may see an upload may have its correction file."""

    def get_urls(self) -> list[Any]:
        return [
            self._detail_url("next", self.next_view),
            self._detail_url("corrections", self.corrections_view),
            self._detail_url("retry", self.retry_view),
            self._detail_url("fix", self.fix_view),
            *super().get_urls(),
        ]

    def next_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The part of the page that says what to do next, once the upload has ended."""
        upload = self._seen(request, pk)
        context = {"upload": upload, "next": next_steps(upload), **self._may(request, upload)}
        return TemplateResponse(request, "bulk_uploads/next_steps.html", context)

    @method_decorator(require_safe)
    def corrections_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        upload = self._seen(request, pk)
        try:
            made = correction_file(upload)
        except BulkUploadError as error:
            return self._told(request, upload, error)
        return attachment(made.content, name=made.name, content_type=made.content_type)

    @method_decorator(require_POST)
    def retry_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        upload = self._uploadable(request, pk)
        try:
            child = retry_upload(upload=upload, created_by=request.user)  # type: ignore[arg-type]
        except BulkUploadError as error:
            return self._told(request, upload, error)
        return HttpResponseRedirect(change_url(child))

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def fix_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        upload = self._uploadable(request, pk)
        try:
            ensure_fixable(upload)
        except BulkUploadError as error:
            return self._told(request, upload, error)
        if request.method != "POST":
            return self._fix_page(request, upload)
        changes = changes_in(request.POST.dict())
        try:
            child = fix_rows(upload=upload, changes=changes, created_by=request.user)  # type: ignore[arg-type]
        except NothingToCorrect as error:
            # Somebody else has settled the last rows in between.
            return self._told(request, upload, error)
        except BulkUploadError as error:
            return self._fix_page(request, upload, refusal=" ".join(error.messages))
        return HttpResponseRedirect(change_url(child))

    def _fix_page(
        self, request: HttpRequest, upload: BulkUpload, *, refusal: str = ""
    ) -> HttpResponse:
        asked = request.GET.get("from_row", "")
        usable = asked.isascii() and asked.isdigit() and len(asked) < 10
        page = fix_page(upload, from_row=int(asked) if usable else 0)
        if not page.rows and usable:
            # The rows from there on are settled by now.
            return HttpResponseRedirect(fix_url(upload))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Fix failed rows",
            "subtitle": upload.file.name,
            "upload": upload,
            "object": upload,
            "page": page,
            "next": next_steps(upload),
            "refusal": refusal,
        }
        status = 422 if refusal else 200
        return TemplateResponse(request, "bulk_uploads/fix_rows.html", context, status=status)

    def _uploadable(self, request: HttpRequest, pk: int) -> BulkUpload:
        """The upload, if the person may see it and upload for its account."""
        upload = self._seen(request, pk)
        if not may(request.user, ADD_PERMISSION, account_id=upload.account_id):
            raise PermissionDenied
        return upload

    def _told(
        self, request: HttpRequest, upload: BulkUpload, error: BulkUploadError
    ) -> HttpResponse:
        self.message_user(request, " ".join(error.messages), messages.WARNING)
        return HttpResponseRedirect(change_url(upload))


def fix_url(upload: BulkUpload) -> str:
    return reverse("admin:bulk_uploads_bulkupload_fix", args=[upload.pk])
