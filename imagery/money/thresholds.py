"""Telling an account's managers, once each, that half, most and all of a month's money is used."""

import logging
from typing import Final

from accounts.models import User
from accounts.roles import Role
from imagery.models import BudgetMonth
from notices.models import Tone
from notices.posting import Message, post

THRESHOLDS: Final = (50, 80, 100)

logger = logging.getLogger(__name__)


def reached_percent(month: BudgetMonth) -> int:
    """The highest threshold that is reached; 0 before the first, and where there is no cap."""
    if not month.cap_micros:
        return 0
    used = month.used_micros * 100
    return max((each for each in THRESHOLDS if used >= each * month.cap_micros), default=0)


def tell(*, month_id: int, is_refused: bool = False) -> None:
    """Post a notice if a threshold was newly reached; a refusal for want of money counts as all.

    Call it in the transaction that moved the money, or right behind it.
    """
    month = BudgetMonth.objects.select_related("account").get(pk=month_id)
    reached = 100 if is_refused and month.cap_micros else reached_percent(month)
    told = BudgetMonth.objects.filter(pk=month_id, told_percent__lt=reached)
    if reached <= month.told_percent or not told.update(told_percent=reached):
        return
    logger.warning("Account %s has used %s %% of its picture budget", month.account_id, reached)
    managers = User.objects.filter(
        memberships__account_id=month.account_id,
        memberships__role=Role.MANAGER,
        is_active=True,
    )
    for person in managers:
        post(
            user=person,
            account=month.account,
            about=f"imagery.budget:{month_id}:{reached}:{month.cap_micros}",
            message=_message(month, reached),
            by_mail=True,
        )


def _message(month: BudgetMonth, reached: int) -> Message:
    if reached == THRESHOLDS[-1]:
        return Message(
            tone=Tone.BAD,
            title=f"The picture budget of {month} is used up",
            text="Pictures that cost money wait until the cap is raised or the month ends.",
            next_step="Raise the cap if they shall not wait.",
        )
    return Message(
        tone=Tone.WARNING,
        title=f"{reached} % of the picture budget of {month} is used",
        text="What is reserved for calls under way and what is at risk is counted in.",
    )
