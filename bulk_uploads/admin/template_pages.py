"""The page that explains the columns of a processor's files, and hands out an empty one."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe
from unfold.admin import ModelAdmin

from accounts.access import accounts_for
from accounts.models import Account
from accounts.scoping import AccountScopedAdmin
from bulk_uploads.admin.new_upload_form import ADD_PERMISSION
from bulk_uploads.errors import UnknownProcessor
from bulk_uploads.processors import Processor, processor_named
from bulk_uploads.template_files import TemplateFormat, template_file


class TemplatePages(AccountScopedAdmin, ModelAdmin):
    def get_urls(self) -> list[Any]:
        page = path(
            "template/<slug:processor_name>/",
            self.admin_site.admin_view(self.template_view),
            name="bulk_uploads_bulkupload_template",
        )
        return [page, *super().get_urls()]

    @method_decorator(require_safe)
    def template_view(self, request: HttpRequest, processor_name: str) -> HttpResponse:
        """`?account=` for people of several accounts; with `?format=` the file itself."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        processor = _processor(processor_name)
        accounts = list(accounts_for(request.user, ADD_PERMISSION).order_by("name", "pk")[:200])
        account = _chosen(accounts, request.GET.get("account", ""))
        columns = processor.template(account_id=account.pk)
        wanted = request.GET.get("format")
        if wanted is not None:
            if not columns:
                raise Http404
            return _file(processor, template_file(columns, _format(wanted)), _format(wanted))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Columns of a {processor.label.lower()} file",
            "processor": processor,
            "columns": columns,
            "account": account,
            "accounts": accounts,
        }
        return TemplateResponse(request, "bulk_uploads/template.html", context)


def _processor(name: str) -> Processor:
    try:
        return processor_named(name)
    except UnknownProcessor:
        raise Http404 from None


def _chosen(accounts: list[Account], wanted: str) -> Account:
    """The account asked for, or the first. Raises Http404 for one out of reach."""
    if not wanted and accounts:
        return accounts[0]
    for account in accounts:
        if str(account.pk) == wanted:
            return account
    raise Http404


def _format(text: str) -> TemplateFormat:
    try:
        return TemplateFormat(text)
    except ValueError:
        raise Http404 from None


def _file(processor: Processor, content: bytes, format: TemplateFormat) -> HttpResponse:
    response = HttpResponse(content, content_type=format.content_type)
    # A processor's name is an identifier, so that it is safe in a header.
    name = f"{processor.name.removesuffix('_upload_processor')}-template.{format.value}"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
