"""The prices page: what is delivered with the application, and an account's own dated rows."""

from typing import Any, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display

from bulk_uploads.admin.account_column import AccountColumn
from bulk_uploads.admin.large_lists import LargeListAdmin
from imagery.admin.amounts import in_currency
from imagery.admin.price_form import PriceForm
from imagery.models import PriceRow, PriceUnit
from imagery.money.pricing import resume_price, set_price
from jobs import clock

_ADD: Final = "imagery.add_pricerow"
_STATES: Final = {
    "In force": "success",
    "Coming": "info",
    "Paused": "danger",
    "No price yet": "warning",
}
_PER: Final = {
    PriceUnit.IMAGE: "an image",
    PriceUnit.CREDIT: "a credit",
    PriceUnit.TOKENS: "1,000 tokens out",
}


@admin.register(PriceRow)
class PriceRowAdmin(AccountColumn, LargeListAdmin):
    """Rows are followed by others, never edited: what was bought stays bought at its price."""

    empty_text = "No price is known. Nothing is bought from a provider before it has one."
    list_display = ("provider", "what_for", "price", "takes", "from_date", "state", "whose")
    list_display_links = None
    list_filter = ("provider", ("account", RelatedDropdownFilter))
    list_filter_submit = True
    list_select_related = ("account__image_budget",)
    search_fields = ("provider", "model")
    search_help_text = "Find a price by provider or model"
    actions = ("resume",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[PriceRow]:
        """The account's own, and those that are delivered to everyone."""
        reach = self.reach(request, "view", "change")
        rows: QuerySet[PriceRow] = PriceRow.objects.select_related("account")
        if reach.accounts is None:
            return rows
        return rows.filter(Q(account=None) | Q(account__in=reach.accounts))

    @display(description="For")
    def what_for(self, row: PriceRow) -> str:
        named = [row.model, row.get_operation_display() if row.operation else "", row.quality]
        return " ".join(part for part in named if part) or "Anything"

    @display(description="Price")
    def price(self, row: PriceRow) -> str:
        if row.unit_micros is None:
            return f"open, of {_PER[PriceUnit(row.unit)]}"
        return f"{self._amount(row, row.unit_micros)} {_PER[PriceUnit(row.unit)]}"

    @display(description="Takes at most")
    def takes(self, row: PriceRow) -> str:
        if row.unit == PriceUnit.IMAGE:
            return ""
        unit = "credits" if row.unit == PriceUnit.CREDIT else "tokens"
        return f"{row.most_per_image} {unit} an image"

    @display(description="State", label=_STATES)
    def state(self, row: PriceRow) -> str:
        if row.paused_at is not None:
            return "Paused"
        if row.unit_micros is None:
            return "No price yet"
        return "In force" if row.from_date <= clock.now().date() else "Coming"

    @display(description="Whose, and where it is stated")
    def whose(self, row: PriceRow) -> str:
        whose = str(row.account) if row.account else "Delivered"
        paused = f" {row.pause_reason}" if row.paused_at else ""
        return f"{whose}: {row.source}{paused}"

    @admin.action(description="Let paused prices buy again", permissions=["change"])
    def resume(self, request: HttpRequest, queryset: QuerySet[PriceRow]) -> None:
        rows = list(queryset.exclude(paused_at=None).exclude(account=None))
        for row in rows:
            resume_price(row)
            self.log_change(request, row, "Buys again.")
        noun = "price buys" if len(rows) == 1 else "prices buy"
        self.message_user(request, f"{len(rows)} {noun} again.", messages.SUCCESS)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = PriceForm(request.POST or None, person=request.user)
        if form.is_valid() and (row := _made(form)):
            self.log_addition(request, row, "Made.")
            self.message_user(request, _said_of(row), messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:imagery_pricerow_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "New price",
            "form": form,
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "imagery/price.html", context, status=status)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Followed by another row, not edited."""
        return HttpResponseRedirect(reverse("admin:imagery_pricerow_changelist"))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _amount(self, row: PriceRow, micros: int) -> str:
        if row.account is None:
            return in_currency(micros, "")
        budget = getattr(row.account, "image_budget", None)
        return in_currency(micros, budget.currency if budget else row.account.currency)


def _said_of(row: PriceRow) -> str:
    if row.from_date > clock.now().date():
        begins = date_format(row.from_date, "j M Y")
        return f"The price was set. What waits for it is due on {begins}, when it begins."
    return "The price was set. What waited for it is due now."


def _made(form: PriceForm) -> PriceRow | None:
    """None, with an error in the form, if something was bought at that day's price already."""
    try:
        with transaction.atomic():
            return set_price(**form.price())
    except IntegrityError:
        form.add_error("from_date", "Something was bought at this day's price: begin a day later.")
        return None
