"""The ledger: every movement of money, with the call it is for, and whether it all adds up."""

from typing import Any, Final

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from accounts.access import accounts_for
from bulk_uploads.admin.account_column import AccountColumn
from bulk_uploads.admin.large_lists import LargeListAdmin
from bulk_uploads.admin.read_only import ReadOnly
from imagery.admin.amounts import in_currency
from imagery.models import EntryKind, MoneyEntry
from imagery.money.books import imbalances

_COLOURS: Final = {
    EntryKind.RESERVE.label: "default",
    EntryKind.CORRECTION.label: "warning",
    EntryKind.SETTLE.label: "success",
    EntryKind.RELEASE.label: "info",
    EntryKind.AT_RISK.label: "danger",
}
#: Accounts whose books are checked with the list.
_MOST_ACCOUNTS: Final = 3


@admin.register(MoneyEntry)
class MoneyEntryAdmin(ReadOnly, AccountColumn, LargeListAdmin):
    """Lines are written by the ledger alone: no page makes, changes or removes one."""

    empty_text = "No money has moved yet. Every call to a paid provider leaves its lines here."
    list_before_template = "imagery/ledger.html"
    list_display = ("moved", "kind_badge", "amount", "what_for", "month_name")
    list_display_links = None
    list_filter = (
        ("kind", ChoicesDropdownFilter),
        ("month", RelatedDropdownFilter),
        ("account", RelatedDropdownFilter),
    )
    list_filter_submit = True
    list_select_related = ("account__image_budget", "month", "call__job")
    ordering = ("-id",)
    actions = None

    @display(description="When", ordering="id")
    def moved(self, entry: MoneyEntry) -> str:
        return date_format(entry.created_at, "j M Y, H:i:s")

    @display(description="What", label=_COLOURS)
    def kind_badge(self, entry: MoneyEntry) -> str:
        return entry.get_kind_display()

    @display(description="Amount")
    def amount(self, entry: MoneyEntry) -> str:
        budget = getattr(entry.account, "image_budget", None)
        currency = budget.currency if budget else entry.account.currency
        return in_currency(entry.amount_micros, currency)

    @display(description="Call")
    def what_for(self, entry: MoneyEntry) -> str:
        call = entry.call
        named = f"{call.get_operation_display()} by {call.provider} {call.model}".strip()
        if call.job is None:
            return named
        page = reverse("admin:imagery_imagejob_change", args=[call.job.pk])
        subject = call.job.sku or call.job.product_key
        return format_html('<a class="look-link" href="{}">{}</a>: {}', page, subject, named)

    @display(description="Month")
    def month_name(self, entry: MoneyEntry) -> str:
        return str(entry.month)

    def get_queryset(self, request: HttpRequest) -> QuerySet[MoneyEntry]:
        rows: QuerySet[MoneyEntry] = super().get_queryset(request)
        return rows

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        accounts = list(accounts_for(request.user, "imagery.view_moneyentry")[: _MOST_ACCOUNTS + 1])
        books = [(account, imbalances(account=account)) for account in accounts]
        context = {
            **(extra_context or {}),
            "books": books if len(books) <= _MOST_ACCOUNTS else [],
        }
        answer: HttpResponse = super().changelist_view(request, context)
        return answer
