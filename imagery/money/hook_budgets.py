"""What the pictures of one webhook may cost in a month, within its account's budget."""

from datetime import date, datetime

from imagery.models import HookEndpoint, HookMonth, ImageJob, ProviderCall, WaitsFor
from imagery.money.due_again import Waiting, due_again
from jobs import clock


def set_hook_cap(*, endpoint: HookEndpoint, monthly_cap_micros: int) -> None:
    """Set the cap, from this month on; what waits for it is due at once."""
    at = clock.now()
    waiting = Waiting([WaitsFor.HOOK_BUDGET], account_id=endpoint.account_id, hook_id=endpoint.pk)
    with due_again(waiting):
        HookEndpoint.objects.filter(pk=endpoint.pk).update(monthly_cap_micros=monthly_cap_micros)
        HookMonth.objects.filter(endpoint=endpoint, month=_first_day(at)).update(
            cap_micros=monthly_cap_micros
        )
    endpoint.monthly_cap_micros = monthly_cap_micros


def hook_month_of(*, call: ProviderCall, at: datetime) -> HookMonth | None:
    """The month of the webhook that asked for the call's job; None if none did."""
    if call.job_id is None:
        return None
    hook_id = ImageJob.objects.filter(pk=call.job_id).values_list("hook", flat=True).first()
    return None if hook_id is None else _month(hook_id, at=at)


def this_month(*, endpoint: HookEndpoint) -> HookMonth:
    """How the month that now is stands, begun if it is new."""
    return _month(endpoint.pk, at=clock.now())


def _month(endpoint_id: int, *, at: datetime) -> HookMonth:
    month = _first_day(at)
    found = HookMonth.objects.filter(endpoint=endpoint_id, month=month).first()
    if found is not None:
        return found
    cap = HookEndpoint.objects.values_list("monthly_cap_micros", flat=True).get(pk=endpoint_id)
    return HookMonth.objects.get_or_create(
        endpoint_id=endpoint_id, month=month, defaults={"cap_micros": cap}
    )[0]


def _first_day(at: datetime) -> date:
    return date(at.year, at.month, 1)
