"""Setting what may be spent, by an account in a month and for one upload."""

from datetime import date, datetime

from accounts.models import Account
from bulk_uploads.models import BulkUpload
from imagery.models import Budget, BudgetMonth, UploadBudget, WaitsFor
from imagery.money.due_again import Waiting, due_again
from imagery.money.thresholds import reached_percent
from jobs import clock


def set_budget(*, account: Account, monthly_cap_micros: int, is_on: bool = True) -> Budget:
    """Set the cap, from this month on; what waits for money is due at once.

    The currency is the account's as it was when its budget was first set.
    """
    with due_again(Waiting([WaitsFor.BUDGET], account_id=account.pk)):
        return _set_budget(account, monthly_cap_micros, is_on=is_on, at=clock.now())


def _set_budget(account: Account, monthly_cap_micros: int, *, is_on: bool, at: datetime) -> Budget:
    budget, _ = Budget.objects.get_or_create(
        account=account, defaults={"currency": account.currency}
    )
    budget.monthly_cap_micros, budget.is_on = monthly_cap_micros, is_on
    budget.save()
    month = BudgetMonth.objects.select_for_update().get(pk=month_of(account=account, at=at).pk)
    month.cap_micros = budget.cap_in_force_micros
    # A threshold that lies ahead again is told of again.
    told = min(month.told_percent, reached_percent(month))
    BudgetMonth.objects.filter(pk=month.pk).update(cap_micros=month.cap_micros, told_percent=told)
    return budget


def set_upload_cap(*, upload: BulkUpload, cap_micros: int) -> UploadBudget:
    """Bound what one upload's pictures cost; of calls that begin from now on. 0: nothing paid."""
    purse, is_new = UploadBudget.objects.get_or_create(
        upload=upload, defaults={"cap_micros": cap_micros}
    )
    if not is_new:
        with due_again(Waiting([WaitsFor.UPLOAD_BUDGET], upload_id=upload.pk)):
            UploadBudget.objects.filter(pk=purse.pk).update(cap_micros=cap_micros)
        purse.refresh_from_db()
    return purse


def month_of(*, account: Account, at: datetime) -> BudgetMonth:
    """The account's month that `at` lies in (UTC), begun with the cap in force if it is new."""
    month = date(at.year, at.month, 1)
    found = BudgetMonth.objects.filter(account=account, month=month).first()
    if found is not None:
        return found
    budget = Budget.objects.filter(account=account).first()
    cap = budget.cap_in_force_micros if budget else 0
    return BudgetMonth.objects.get_or_create(
        account=account, month=month, defaults={"cap_micros": cap}
    )[0]
