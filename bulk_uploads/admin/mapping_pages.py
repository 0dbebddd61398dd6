"""The step between a file and its upload: which column of it becomes what."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from django.conf import settings
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from accounts.access import accounts_for
from accounts.models import User
from accounts.scoping import AccountScopedAdmin
from bulk_uploads.admin.entered_text import is_storable
from bulk_uploads.admin.mapping_columns import MappingTable, mapping_table, remembered_targets
from bulk_uploads.admin.new_upload_form import ADD_PERMISSION
from bulk_uploads.admin.wording import options_understood
from bulk_uploads.column_targets import MappingProblem, OffersTargets
from bulk_uploads.engine.reading import read_limits
from bulk_uploads.errors import BulkUploadError, InvalidMapping, UnknownProcessor
from bulk_uploads.layouts import layout_for, layout_label
from bulk_uploads.mappings import clean_mapping, save_mapping
from bulk_uploads.models import BulkUpload, UploadedFile
from bulk_uploads.models.saved_mapping import LONGEST_NAME
from bulk_uploads.peeking import peek
from bulk_uploads.processors import Processor, processor_named
from bulk_uploads.readers import ReadHints, UnreadableFile
from bulk_uploads.refused_headers import can_be_mapped
from bulk_uploads.services import upload_kept_file

_URL_NAME: Final = "admin:bulk_uploads_bulkupload_columns"
_FIRST_ROWS: Final = 8
_MOST_UPLOADS: Final = 100
#: Workbooks and JSON are read from end to end to know their columns.
_MOST_BYTES: Final = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Step:
    """A kept file, what shall take it, and what is known of its columns."""

    file: UploadedFile
    processor: Processor
    options: dict[str, Any]
    header: list[str]
    rows: tuple[list[str], ...]

    def table(self, posted: Mapping[str, str] | None = None) -> MappingTable:
        if not isinstance(self.processor, OffersTargets):
            raise Http404
        remembered = remembered_targets(
            account=self.file.account,
            processor=self.processor,
            header=self.header,
            given=self.options.get("mapping"),
        )
        return mapping_table(
            account=self.file.account,
            processor=self.processor,
            header=self.header,
            rows=self.rows,
            remembered=remembered,
            posted=posted,
        )

    def problems(self, table: MappingTable) -> list[MappingProblem]:
        """All that stands against the upload, each once."""
        found: list[MappingProblem] = []
        if table.mapping:
            try:
                clean_mapping(processor=self.processor, given=table.mapping)
            except InvalidMapping as error:
                found = [MappingProblem(text, fatal=True) for text in error.messages]
        if isinstance(self.processor, OffersTargets):
            known = {problem.message for problem in found}
            said = self.processor.problems_for(header=self.header, mapping=table.mapping)
            found += [problem for problem in said if problem.message not in known]
        return found


class MappingPages(AccountScopedAdmin, ModelAdmin):
    """Nothing of the file is applied before its columns are confirmed."""

    def get_urls(self) -> list[Any]:
        def step(route: str, view: Any, name: str) -> Any:
            wrapped = self.admin_site.admin_view(view)
            return path(f"new/<uuid:file>/{route}", wrapped, name=f"bulk_uploads_bulkupload_{name}")

        return [
            step("columns/", self.columns_view, "columns"),
            step("columns/check/", self.check_columns_view, "check_columns"),
            step("as-recognised/", self.as_recognised_view, "as_recognised"),
            *super().get_urls(),
        ]

    def columns_view(self, request: HttpRequest, file: uuid.UUID) -> HttpResponse:
        kept = self._kept(request, file)
        if used := _used_by(kept):
            # The browser's way back must not upload the file a second time.
            return HttpResponseRedirect(_upload_url(used))
        try:
            step = self._step(request, kept)
        except UnreadableFile as error:
            return self._unreadable(request, kept, error.message)
        if request.method != "POST":
            return self._columns_page(request, step, step.table())
        table = step.table(request.POST.dict())
        problems = [problem for problem in step.problems(table) if problem.fatal]
        if not problems:
            upload = self._start(request, step, table)
            if isinstance(upload, BulkUpload):
                return HttpResponseRedirect(_upload_url(upload))
            return self._columns_page(request, step, table, errors=upload, status=422)
        return self._columns_page(request, step, table, status=422)

    @method_decorator(require_POST)
    def check_columns_view(self, request: HttpRequest, file: uuid.UUID) -> HttpResponse:
        """The problems of what is chosen so far."""
        try:
            step = self._step(request, self._kept(request, file))
        except UnreadableFile as error:
            return HttpResponse(error.message, status=422, content_type="text/plain")
        table = step.table(request.POST.dict())
        context = {"problems": step.problems(table), "table": table}
        return TemplateResponse(request, "bulk_uploads/mapping_problems.html", context)

    @method_decorator(require_POST)
    def as_recognised_view(self, request: HttpRequest, file: uuid.UUID) -> HttpResponse:
        """Upload the file by the layout it was recognised to have, without a mapping."""
        kept = self._kept(request, file)
        if used := _used_by(kept):
            return HttpResponseRedirect(_upload_url(used))
        processor, options = _asked_for(request)
        options.pop("mapping", None)
        try:
            upload = upload_kept_file(
                file=kept,
                processor_name=processor.name,
                options=options or None,
                created_by=_person(request),
            )
        except BulkUploadError as error:
            return self._unreadable(request, kept, " ".join(error.messages))
        return HttpResponseRedirect(_upload_url(upload))

    # What the views share

    def _kept(self, request: HttpRequest, file: uuid.UUID) -> UploadedFile:
        """The file, of an account the person may upload to. Raises Http404."""
        accounts = accounts_for(request.user, ADD_PERMISSION)
        kept = UploadedFile.objects.select_related("account").filter(
            uuid=file, account__in=accounts
        )
        found = kept.first()
        if found is None:
            raise Http404
        return found

    def _step(self, request: HttpRequest, kept: UploadedFile) -> _Step:
        """Raises UnreadableFile, or Http404 for what cannot be asked of this page."""
        processor, options = _asked_for(request)
        sheet = options.get("sheet")
        with default_storage.open(kept.storage_path) as content:
            found = peek(
                content,
                name=kept.name,
                limits=read_limits(),
                hints=ReadHints(sheet=sheet if isinstance(sheet, str) else None),
                first_rows=_FIRST_ROWS,
                most_bytes=_MOST_BYTES,
            )
        return _Step(kept, processor, options, found.header or [], found.rows)

    def _start(
        self, request: HttpRequest, step: _Step, table: MappingTable
    ) -> BulkUpload | list[str]:
        """The upload, its mapping saved before where a name was given; or what is refused."""
        mapping: dict[str, str] | str | None = table.mapping or None
        name = request.POST.get("save_as", "").strip()
        try:
            if name and mapping:
                mapping = save_mapping(
                    account=step.file.account,
                    name=name,
                    processor=step.processor,
                    mapping=mapping,
                    header=step.header,
                    created_by=_person(request),
                    replace="replace" in request.POST,
                ).name
            options = {**step.options, "mapping": mapping}
            return upload_kept_file(
                file=step.file,
                processor_name=step.processor.name,
                options={name: value for name, value in options.items() if value is not None},
                created_by=_person(request),
            )
        except BulkUploadError as error:
            return list(error.messages)

    def _columns_page(
        self,
        request: HttpRequest,
        step: _Step,
        table: MappingTable,
        *,
        errors: list[str] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        without = {name: value for name, value in step.options.items() if name != "mapping"}
        layout = layout_for(
            processor=step.processor,
            account=step.file.account,
            header=step.header,
            options=without,
        )
        context = {
            **self._shared(request, step.file),
            "processor": step.processor,
            "options": options_understood(step.processor.options, without),
            "table": table,
            "problems": step.problems(table),
            "layout": layout_label(layout.name) if layout else "",
            "errors": errors or [],
            "problems_asked": request.method == "POST",
            "save_as": request.POST.get("save_as", ""),
            "replace": "replace" in request.POST,
            "longest_name": LONGEST_NAME,
            "query": request.GET.urlencode(),
        }
        return TemplateResponse(request, "bulk_uploads/map_columns.html", context, status=status)

    def _unreadable(self, request: HttpRequest, kept: UploadedFile, message: str) -> HttpResponse:
        context = {**self._shared(request, kept), "unreadable": message}
        return TemplateResponse(request, "bulk_uploads/map_columns.html", context, status=422)

    def _shared(self, request: HttpRequest, kept: UploadedFile) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Map the columns",
            "subtitle": kept.name,
            "file": kept,
            "max_bytes": settings.UPLOAD_MAX_BYTES,
        }


def _used_by(kept: UploadedFile) -> BulkUpload | None:
    """The upload of the file; one whose columns were not understood leaves the file to another."""
    uploads = kept.bulk_uploads.order_by("id")[:_MOST_UPLOADS]
    return next((upload for upload in uploads if not can_be_mapped(upload)), None)


def columns_url(file: UploadedFile, *, processor_name: str, options: Mapping[str, object]) -> str:
    """The step for a kept file, with what was asked of its upload so far."""
    query = {"processor": processor_name}
    if options:
        query["options"] = orjson.dumps(options).decode()
    return f"{reverse(_URL_NAME, args=[file.uuid])}?{urlencode(query)}"


def _asked_for(request: HttpRequest) -> tuple[Processor, dict[str, Any]]:
    """What the address says; the options are checked where the upload is made. Raises Http404."""
    try:
        options = orjson.loads(request.GET.get("options") or "{}")
        text = orjson.dumps(options).decode()
        processor = processor_named(request.GET.get("processor", ""))
    except (orjson.JSONDecodeError, orjson.JSONEncodeError, UnknownProcessor):
        # No JSON, or nested too deeply to be written down again.
        raise Http404 from None
    # No address that leads here has in it what PostgreSQL keeps in no JSON.
    if not isinstance(options, dict) or "\\u0000" in text or not is_storable(text):
        raise Http404
    return processor, options


def _person(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _upload_url(upload: BulkUpload) -> str:
    return reverse("admin:bulk_uploads_bulkupload_change", args=[upload.pk])
