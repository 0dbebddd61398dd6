"""The pages of one upload: giving a file, following it live, looking through it, stopping it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from accounts.access import may
from accounts.models import User
from bulk_uploads.admin import page_context
from bulk_uploads.admin.mapping_pages import MappingPages, columns_url
from bulk_uploads.admin.new_upload_form import ADD_PERMISSION, NewUploadForm
from bulk_uploads.admin.panels import panels_of
from bulk_uploads.errors import BulkUploadError, FileTooLarge
from bulk_uploads.models import BulkUpload
from bulk_uploads.services import cancel_upload

#: Bytes a form may need besides its file.
_FORM_SLACK = 64 * 1024


class UploadPages(MappingPages):
    """Uploads are made and moved by the room's services; no page here saves a model."""

    def get_urls(self) -> list[Any]:
        return [
            self._detail_url("progress", self.progress_view),
            self._detail_url("status", self.status_view),
            self._detail_url("issues", self.issues_view),
            self._detail_url("rows", self.rows_view),
            self._detail_url("cancel", self.cancel_view),
            *super().get_urls(),
        ]

    def _detail_url(self, name: str, view: Any) -> Any:
        return path(
            f"<int:pk>/{name}/",
            self.admin_site.admin_view(view),
            name=f"bulk_uploads_bulkupload_{name}",
        )

    # A new upload

    @method_decorator(csrf_exempt)
    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Looks at the announced size before anything reads the body, CSRF protection included."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        limit: int = settings.UPLOAD_MAX_BYTES
        if int(request.META.get("CONTENT_LENGTH") or 0) > limit + _FORM_SLACK:
            form = NewUploadForm(person=request.user)
            return self._new_upload_page(
                request, form, refusal=str(FileTooLarge(limit=limit)), status=413
            )
        return self._checked_add_view(request)

    @method_decorator(csrf_protect)
    def _checked_add_view(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return self._new_upload_page(request, NewUploadForm(person=request.user))
        form = NewUploadForm(request.POST, request.FILES, person=request.user)
        if form.is_valid() and isinstance(request.user, User):
            next_page = self._given(request.user, form, maps_columns="columns" in request.GET)
            if next_page is not None:
                return HttpResponseRedirect(next_page)
        return self._new_upload_page(request, form, status=422)

    def _given(self, person: User, form: NewUploadForm, *, maps_columns: bool) -> str | None:
        """Where it goes on with the file; None if it was refused."""
        if not maps_columns:
            upload = form.create(created_by=person)
            return None if upload is None else change_url(upload)
        file = form.keep(created_by=person)
        if file is None:
            return None
        name = form.cleaned_data["processor_name"]
        return columns_url(file, processor_name=name, options=form.options())

    def _new_upload_page(
        self, request: HttpRequest, form: NewUploadForm, *, refusal: str = "", status: int = 200
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "New upload",
            "form": form,
            "mapping_text": form.data.get("mapping", ""),
            "refusal": refusal,
            "max_bytes": settings.UPLOAD_MAX_BYTES,
        }
        return TemplateResponse(request, "bulk_uploads/new_upload.html", context, status=status)

    # The page of one upload

    @method_decorator(require_safe)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        upload = self.get_object(request, object_id)
        if upload is None:
            gone: HttpResponse = self._get_obj_does_not_exist_redirect(
                request, self.opts, object_id
            )
            return gone
        context = {
            **self.admin_site.each_context(request),
            **page_context.page_context(upload, request),
            **self._may(request, upload),
            "panels": panels_of(request, upload),
            "opts": self.opts,
            "title": str(upload),
            "subtitle": upload.file.name,
            "object": upload,
        }
        return TemplateResponse(request, "bulk_uploads/upload.html", context)

    def _may(self, request: HttpRequest, upload: BulkUpload) -> dict[str, Any]:
        return {
            "may_cancel": self.has_change_permission(request, upload),
            "may_run": may(request.user, ADD_PERMISSION, account_id=upload.account_id),
        }

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The live part of the page. Once the upload has ended it asks for no more of itself."""
        upload = self._seen(request, pk)
        context = {**page_context.progress_context(upload), **self._may(request, upload)}
        response = TemplateResponse(request, "bulk_uploads/progress.html", context)
        if upload.has_ended:
            response["HX-Trigger-After-Settle"] = "upload-ended"
        return response

    def status_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The live cell of a list."""
        upload = self._seen(request, pk)
        return TemplateResponse(
            request, "bulk_uploads/status_cell.html", page_context.status_cell(upload)
        )

    def issues_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        upload = self._seen(request, pk)
        context = {
            **page_context.issues_context(upload, request),
            **self._may(request, upload),
        }
        return self._part(request, upload, "bulk_uploads/issues.html", context)

    def rows_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        upload = self._seen(request, pk)
        context = page_context.rows_context(upload, request)
        return self._part(request, upload, "bulk_uploads/rows.html", context)

    def _part(
        self, request: HttpRequest, upload: BulkUpload, template: str, context: dict[str, Any]
    ) -> HttpResponse:
        response = TemplateResponse(request, template, context)
        query = request.GET.urlencode()
        # A reload, or a link sent to a colleague, shows the same rows.
        response["HX-Replace-Url"] = change_url(upload) + (f"?{query}" if query else "")
        return response

    def _seen(self, request: HttpRequest, pk: int) -> BulkUpload:
        """The upload, if the person may see it. Raises Http404 whether it exists or not."""
        upload = self.get_object(request, str(pk))
        if not isinstance(upload, BulkUpload):
            raise Http404
        return upload

    # What a person can do with it

    @method_decorator(require_POST)
    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        upload = self._seen(request, pk)
        if not self.has_change_permission(request, upload):
            raise PermissionDenied
        try:
            cancel_upload(upload=upload)
        except BulkUploadError as error:
            self.message_user(request, " ".join(error.messages), messages.WARNING)
        return HttpResponseRedirect(change_url(upload))


def change_url(upload: BulkUpload) -> str:
    return reverse("admin:bulk_uploads_bulkupload_change", args=[upload.pk])
