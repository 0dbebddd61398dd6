"""Telling a person something: the notice at once, and the mail as later work."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from accounts.models import Account, User
from jobs import followups
from notices.mailing import MAIL_FOLLOW_UP
from notices.models import Notice, Tone

MOST_POINTS: Final = 20
_LONGEST_TITLE: Final = 200
_LONGEST_POINT: Final = 500


@dataclass(frozen=True, slots=True)
class Message:
    """What a notice says. `link` is a path within the application; "" where there is none."""

    tone: Tone
    title: str
    text: str = ""
    facts: Sequence[tuple[str, str]] = ()
    points: Sequence[str] = ()
    next_step: str = ""
    link: str = ""


def post(
    *, user: User, account: Account | None, about: str, message: Message, by_mail: bool
) -> bool:
    """Write the notice, and with `by_mail` what sends it; False if the person was told before.

    `about` names the thing told of, as in "bulk_upload.ended:12": however often it is posted, one
    person is told of it once. Nothing here waits for a mail server.
    """
    with transaction.atomic():
        notice, is_new = Notice.objects.get_or_create(
            user=user,
            about=about,
            defaults={
                "account": account,
                "tone": message.tone,
                "title": " ".join(message.title.split())[:_LONGEST_TITLE],
                "text": message.text,
                "facts": [list(fact) for fact in message.facts],
                "points": [point[:_LONGEST_POINT] for point in message.points[:MOST_POINTS]],
                "next_step": message.next_step,
                "link": message.link,
            },
        )
        if is_new and by_mail:
            followups.add(kind=MAIL_FOLLOW_UP, payload={"notice_id": notice.pk}, account=account)
    return is_new
