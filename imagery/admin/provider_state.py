"""The providers page: who can be asked, how it goes with them, and pausing, resuming, pacing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.views.decorators.http import require_POST

from accounts.access import accounts_for, may
from accounts.models import Account
from accounts.scoping import AccountScopedAdmin
from bulk_uploads.admin.large_lists import LargeListAdmin
from bulk_uploads.admin.row_ids import is_id
from imagery.admin.amounts import currency_of, in_currency
from imagery.models import CallState, ProviderCall, ProviderPause, ProviderState
from imagery.money import provider_health
from imagery.money.pacing import set_pace
from imagery.money.spending import ProviderDay, last_day
from imagery.providers import registry
from jobs import clock

_VIEW: Final = "imagery.view_providerstate"
_CHANGE: Final = "imagery.change_providerstate"
_MOST_ACCOUNTS: Final = 20


class PaceForm(forms.Form):
    per_minute = forms.IntegerField(
        label="Calls a minute",
        required=False,
        min_value=1,
        max_value=30_000,
        help_text="Empty: as many as it takes.",
        widget=forms.NumberInput(attrs={"class": "look-input"}),
    )
    most_at_once = forms.IntegerField(
        label="Calls at once",
        min_value=1,
        max_value=500,
        widget=forms.NumberInput(attrs={"class": "look-input"}),
    )


@dataclass(frozen=True, slots=True)
class ProviderLine:
    """A provider of an account: `word` says how it stands, `why` what to do about it."""

    name: str
    word: str
    colour: str
    why: str
    is_paused: bool
    is_paused_for_everyone: bool
    calls: int
    error_share: str
    mean_time: str
    spent: str
    out: int
    form: PaceForm


@dataclass(frozen=True, slots=True)
class ProviderCard:
    account: Account
    lines: list[ProviderLine]
    may_change: bool


@admin.register(ProviderState)
class ProviderStateAdmin(AccountScopedAdmin, LargeListAdmin):
    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("set/", view(self.set_view), name="imagery_providerstate_set"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        accounts = accounts_for(request.user, _VIEW)
        chosen = request.GET.get("account", "")
        if is_id(chosen):
            accounts = accounts.filter(pk=chosen)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Providers",
            "cards": [_card(request, account) for account in accounts[:_MOST_ACCOUNTS]],
            "is_operator": request.user.is_superuser,
        }
        return TemplateResponse(request, "imagery/providers.html", context)

    @method_decorator(require_POST)
    def set_view(self, request: HttpRequest) -> HttpResponse:
        """Pause, resume, or set the pace of one provider for one account."""
        given, name = request.POST.get("account", ""), request.POST.get("provider", "")
        accounts = accounts_for(request.user, _VIEW)
        account = accounts.filter(pk=given).first() if is_id(given) else None
        if account is None or name not in registry.known_names():
            raise Http404
        if not may(request.user, _CHANGE, account_id=account.pk):
            raise PermissionDenied
        tone, text = self._done(request, account, name)
        self.message_user(request, text, tone)
        return HttpResponseRedirect(reverse("admin:imagery_providerstate_changelist"))

    def _done(self, request: HttpRequest, account: Account, name: str) -> tuple[int, str]:
        match request.POST.get("do", ""):
            case "pause":
                reason = f"by {request.user}"
                provider_health.pause(provider=name, account=account, reason=reason)
                return messages.SUCCESS, f"{name} is paused for {account}."
            case "resume":
                provider_health.resume(provider=name, account=account)
                return messages.SUCCESS, f"{name} is asked again; what waited is due now."
            case "resume_for_everyone":
                if not request.user.is_superuser:
                    raise PermissionDenied
                provider_health.resume_for_everyone(provider=name)
                return messages.SUCCESS, f"{name} is asked again, for every account."
        form = PaceForm(request.POST)
        if not form.is_valid():
            return messages.ERROR, "Say how many calls at once: 1 to 500, and 1 or more a minute."
        set_pace(account=account, provider=name, **form.cleaned_data)
        return messages.SUCCESS, f"The pace of {name} was set."

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """All of it is on one page."""
        return HttpResponseRedirect(reverse("admin:imagery_providerstate_changelist"))


def _card(request: HttpRequest, account: Account) -> ProviderCard:
    at = clock.now()
    states = {state.provider: state for state in ProviderState.objects.filter(account=account)}
    days = {day.provider: day for day in last_day(account=account, at=at)}
    pauses = {pause.provider: pause for pause in ProviderPause.objects.all()}
    calls_out = ProviderCall.objects.filter(
        account=account, state=CallState.SENDING, slot_until__gt=at
    ).values_list("provider", flat=True)
    out = list(calls_out)
    on, currency = registry.providers_on(), currency_of(account)
    lines = [
        _line(
            name,
            state=states.get(name) or ProviderState(account=account, provider=name),
            day=days.get(name) or ProviderDay(name, 0, 0, None, 0),
            pause=pauses.get(name),
            is_on=name in on,
            out=out.count(name),
            currency=currency,
            at=at,
        )
        for name in registry.known_names()
    ]
    may_change = may(request.user, _CHANGE, account_id=account.pk)
    return ProviderCard(account, lines, may_change)


def _line(
    name: str,
    *,
    state: ProviderState,
    day: ProviderDay,
    pause: ProviderPause | None,
    is_on: bool,
    out: int,
    currency: str,
    at: datetime,
) -> ProviderLine:
    word, colour, why = _standing(state, pause, is_on=is_on, at=at)
    share = f"{day.errors * 100 / day.calls:.1f} %" if day.calls else "none"
    initial = {"per_minute": state.per_minute, "most_at_once": state.most_at_once}
    return ProviderLine(
        name=name,
        word=word,
        colour=colour,
        why=why,
        is_paused=state.paused_at is not None,
        is_paused_for_everyone=pause is not None,
        calls=day.calls,
        error_share=share,
        mean_time=_seconds(day.mean_time),
        spent=in_currency(day.spent_micros, currency),
        out=out,
        form=PaceForm(initial=initial, auto_id=f"id_{state.account_id}_{name}_%s"),
    )


def _standing(
    state: ProviderState, pause: ProviderPause | None, *, is_on: bool, at: datetime
) -> tuple[str, str, str]:
    """A word, its colour, and a sentence."""
    if not is_on:
        return "Off", "default", "It has no key: the operator sets one in the environment."
    if pause is not None:
        return "Paused for everyone", "danger", pause.reason
    if state.paused_at is not None:
        return "Paused", "warning", state.pause_reason
    if state.cool_down_until is not None and state.cool_down_until > at:
        until = date_format(state.cool_down_until, "H:i:s")
        return "Cooling down", "warning", f"It asked to wait; it is asked again at {until} UTC."
    return "Ready", "success", ""


def _seconds(time: timedelta | None) -> str:
    return "none" if time is None else f"{time.total_seconds():.1f} s"
