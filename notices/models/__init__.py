"""Notices to people, and who wants them by mail too."""

from notices.models.mail_choice import MailChoice, Wanted
from notices.models.notice import Notice, Tone

__all__ = ["MailChoice", "Notice", "Tone", "Wanted"]
