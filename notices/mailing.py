"""Sending a notice by mail: again later where the server has trouble, never to who refuses it."""

import logging
import smtplib
from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import BadHeaderError
from django.template.loader import render_to_string
from django.urls import reverse

from jobs import clock
from jobs.models import FollowUp
from notices.models import MailChoice, Notice, Tone

#: Follow-up kind; its payload is {"notice_id": primary key}.
MAIL_FOLLOW_UP: Final = "notices.mail"
_PERMANENT: Final = 500

logger = logging.getLogger(__name__)


def mail_notice(follow_up: FollowUp) -> None:
    """Send the notice, unless it was sent already or the person does not want it.

    Raises what the mail server is in trouble with, so that the follow-up is tried again. A worker
    that dies between sending and noting it sends a second mail of the same Message-ID.
    """
    notice = Notice.objects.select_related("user").filter(pk=follow_up.payload["notice_id"]).first()
    if notice is None or notice.mailed_at is not None or not _is_wanted(notice):
        return
    try:
        mail_of(notice, public_url=settings.PUBLIC_URL).send()
    except (smtplib.SMTPException, BadHeaderError, UnicodeError) as error:
        if not _is_permanent(error):
            raise
        logger.warning("No mail goes out for notice %s: %s", notice.pk, error)
        Notice.objects.filter(pk=notice.pk).update(mail_refusal=str(error)[:300])
    else:
        Notice.objects.filter(pk=notice.pk).update(mailed_at=clock.now())


def mail_of(notice: Notice, *, public_url: str) -> EmailMultiAlternatives:
    """Plain text, with simple HTML as the alternative."""
    context = {
        "notice": notice,
        "link": f"{public_url}{notice.link}" if notice.link else "",
        "choice_link": f"{public_url}{reverse('admin:notices_notice_changelist')}",
    }
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    mail = EmailMultiAlternatives(
        subject=notice.title,
        body=render_to_string("notices/mail.txt", context).strip(),
        to=[notice.user.email],
        headers={"Message-ID": f"<{notice.uuid}@{host}>", "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string("notices/mail.html", context), "text/html")
    return mail


def _is_wanted(notice: Notice) -> bool:
    """Asked when the mail is about to go: people leave, and change their minds."""
    user = notice.user
    return (
        bool(user.email)
        and user.is_active
        and MailChoice.covers(user, Tone(notice.tone))
        and Notice.objects.shown_to(user).filter(pk=notice.pk).exists()
    )


def _is_permanent(error: Exception) -> bool:
    """Whether this mail will be refused however often it is sent.

    A server that refuses our name or password, or the sender, is the operator's to mend: that mail
    waits.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= _PERMANENT for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= _PERMANENT
    return not isinstance(error, smtplib.SMTPException)
