"""Exports from a list: of the selected rows, of what its filters leave, or of everything."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path

from accounts.models import Account
from accounts.scoping import AccountScopedAdmin
from bulk_uploads.admin.large_lists import LargeListAdmin
from bulk_uploads.writers import TableTooLarge
from catalog.admin.abstract_pages import AbstractPages
from catalog.admin.additions import actions_for
from catalog.admin.export_form import ExportForm
from catalog.export_responses import export_response
from catalog.exporting import ExportFormat, Selection
from catalog.models import Variant

#: Parameters of a list that say which page of it, and in which order, but not which rows.
_NO_FILTERS = frozenset({"p", "o", "all", "e"})
_ONE_ACCOUNT = (
    "Nothing was exported: the selected rows belong to several accounts, and an export is of one."
)


def _export_as(format: ExportFormat) -> Callable[..., Any]:
    @admin.action(description=f"Export as {format.label}", permissions=["view"])
    def action(self: "ExportPages", request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        return self.export_selected(request, queryset, format)

    action.__name__ = f"export_as_{format.value}"
    return action


class ExportPages(AccountScopedAdmin, LargeListAdmin, metaclass=AbstractPages):
    """`selected` makes a selection of rows of the list; its model names an account."""

    selected: ClassVar[Callable[..., Selection]]
    actions: Any = tuple(_export_as(format) for format in ExportFormat)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without the site's own deletion, which goes around the write path."""
        found = super().get_actions(request)
        exports = {name: action for name, action in found.items() if name.startswith("export_as_")}
        return {**exports, **actions_for(request, variants_of=self.variants_of)}

    @abstractmethod
    def variants_of(self, queryset: QuerySet[Any]) -> QuerySet[Variant]:
        """The variants that rows of the list stand for."""

    def get_urls(self) -> list[Any]:
        page = path(
            "export/",
            self.admin_site.admin_view(self.export_view),
            name=f"{self.opts.app_label}_{self.opts.model_name}_export",
        )
        return [page, *super().get_urls()]

    def export_selected(
        self, request: HttpRequest, queryset: QuerySet[Any], format: ExportFormat
    ) -> HttpResponseBase | None:
        """None, with a message, where it cannot be done: the list is shown again."""
        account_ids = queryset.order_by().values_list("account_id", flat=True).distinct()[:2]
        accounts = list(Account.objects.filter(pk__in=list(account_ids)))
        if len(accounts) != 1:
            if accounts:
                self.message_user(request, _ONE_ACCOUNT, messages.ERROR)
            return None
        selection = type(self).selected(queryset, account_id=accounts[0].pk)
        try:
            return export_response(account=accounts[0], selection=selection, format=format)
        except TableTooLarge as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return None

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """The list's search and filters are this page's query: its form posts to the same."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            changes = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(request.path)
        is_filtered = bool(set(request.GET) - _NO_FILTERS)
        posted = request.POST if request.method == "POST" else None
        form = ExportForm(
            posted, person=request.user, permission=self._permission("view"), filtered=is_filtered
        )
        if form.is_valid():
            try:
                return self._download(form, changes.queryset)
            except TableTooLarge as error:
                form.add_error("format", error.messages)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Export {self.opts.verbose_name_plural}",
            "form": form,
            "cl": changes,
            "is_filtered": is_filtered,
            "list_url": f"../{changes.get_query_string()}",
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "catalog/export.html", context, status=status)

    def _download(self, form: ExportForm, listed: QuerySet[Any]) -> HttpResponseBase:
        account: Account = form.cleaned_data["account"]
        if form.cleaned_data["what"] == "listed":
            selection = type(self).selected(listed, account_id=account.pk)
        else:
            selection = Selection.everything(account_id=account.pk)
        return export_response(
            account=account,
            selection=selection,
            format=ExportFormat(form.cleaned_data["format"]),
        )
