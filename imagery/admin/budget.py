"""The budget page: what each account may spend in a month, what it has spent, and on what."""

from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from accounts.access import accounts_for, may
from accounts.models import Account
from accounts.scoping import AccountScopedAdmin
from bulk_uploads.admin.large_lists import LargeListAdmin
from bulk_uploads.admin.row_ids import is_id
from imagery.admin.amounts import currency_of, in_currency
from imagery.admin.money_fields import MoneyField
from imagery.admin.posted_account import posted_account
from imagery.admin.upload_cap import UploadCapForm, capped_upload
from imagery.models import Budget, BudgetMonth
from imagery.money.budgets import month_of, set_budget, set_upload_cap
from jobs import clock

_VIEW: Final = "imagery.view_budget"
_CHANGE: Final = "imagery.change_budget"
_MOST_ACCOUNTS: Final = 20
_MONTHS: Final = 12


class BudgetForm(forms.Form):
    monthly_cap = MoneyField(label="Cap a month")
    is_on = forms.BooleanField(label="Paid providers are on", required=False)


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month in words; shares are in percent of its cap."""

    month: BudgetMonth
    cap: str
    settled: str
    reserved: str
    at_risk: str
    free: str
    used_percent: int


@dataclass(frozen=True, slots=True)
class BudgetCard:
    account: Account
    currency: str
    is_on: bool
    now: MonthLine
    before: list[MonthLine]
    form: BudgetForm
    may_change: bool


@admin.register(Budget)
class BudgetAdmin(AccountScopedAdmin, LargeListAdmin):
    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.upload_view)
        return [path("upload/<str:pk>/", view, name="imagery_budget_upload"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        posted: tuple[Account, BudgetForm] | None = None
        if request.method == "POST":
            account, form = self._posted(request)
            if form.is_valid():
                return self._set(request, account, form)
            posted = account, form
        accounts = accounts_for(request.user, _VIEW)
        chosen = request.GET.get("account", "")
        if is_id(chosen):
            accounts = accounts.filter(pk=chosen)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Budget",
            "cards": [self._card(request, one, posted) for one in accounts[:_MOST_ACCOUNTS]],
        }
        status = 422 if posted else 200
        return TemplateResponse(request, "imagery/budget.html", context, status=status)

    def _set(self, request: HttpRequest, account: Account, form: BudgetForm) -> HttpResponse:
        budget = set_budget(
            account=account,
            monthly_cap_micros=form.cleaned_data["monthly_cap"],
            is_on=form.cleaned_data["is_on"],
        )
        self.log_change(request, budget, f"Cap {in_currency(budget.monthly_cap_micros, '')}")
        text = f"The budget of {account} was set. What waited for money is due now."
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:imagery_budget_changelist"))

    @method_decorator(require_POST)
    def upload_view(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Set the cap of one upload, on whose page the form stands."""
        upload = capped_upload(request, pk)
        form = UploadCapForm(request.POST)
        if form.is_valid():
            purse = set_upload_cap(upload=upload, cap_micros=form.cleaned_data["cap"])
            self.log_change(request, purse, f"Cap {in_currency(purse.cap_micros, '')}")
            text = "The cap of its images was set. What waited for it is due now."
            self.message_user(request, text, messages.SUCCESS)
        else:
            said = " ".join(str(error) for error in form.errors["cap"])
            text = f"The cap was not set. {said}"
            self.message_user(request, text, messages.WARNING)
        return HttpResponseRedirect(reverse("admin:bulk_uploads_bulkupload_change", args=[pk]))

    def _posted(self, request: HttpRequest) -> tuple[Account, BudgetForm]:
        account = posted_account(request, view=_VIEW, change=_CHANGE)
        return account, BudgetForm(request.POST, auto_id=_ids_of(account))

    def _card(
        self, request: HttpRequest, account: Account, posted: tuple[Account, BudgetForm] | None
    ) -> BudgetCard:
        budget = Budget.objects.filter(account=account).first()
        form = BudgetForm(
            initial={
                "monthly_cap": budget.monthly_cap_micros if budget else 0,
                "is_on": budget.is_on if budget else True,
            },
            auto_id=_ids_of(account),
        )
        if posted is not None and posted[0] == account:
            form = posted[1]
        may_change = may(request.user, _CHANGE, account_id=account.pk)
        if not may_change:
            for field in form.fields.values():
                field.disabled = True
        currency = currency_of(account)
        now = month_of(account=account, at=clock.now())
        months = BudgetMonth.objects.filter(account=account).exclude(pk=now.pk)
        return BudgetCard(
            account=account,
            currency=currency,
            is_on=budget is not None and budget.is_on,
            now=_line(now, currency),
            before=[_line(month, currency) for month in months[:_MONTHS]],
            form=form,
            may_change=may_change,
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """All of it is on one page."""
        return HttpResponseRedirect(reverse("admin:imagery_budget_changelist"))


def _ids_of(account: Account) -> str:
    """Several accounts stand on the page: a label belongs to its own account's input."""
    return f"id_{account.pk}_%s"


def _line(month: BudgetMonth, currency: str) -> MonthLine:
    used = month.used_micros
    percent = used * 100 // month.cap_micros if month.cap_micros else (100 if used else 0)
    return MonthLine(
        month=month,
        cap=in_currency(month.cap_micros, currency),
        settled=in_currency(month.settled_micros, currency),
        reserved=in_currency(month.reserved_micros, currency),
        at_risk=in_currency(month.at_risk_micros, currency),
        free=in_currency(month.free_micros, currency),
        used_percent=percent,
    )
