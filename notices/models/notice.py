"""A notice: one thing that happened, told to one person."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.access import accounts_for
from accounts.models import User


class Tone(models.TextChoices):
    """How it went: as wished, with something to look at, or not at all."""

    GOOD = "good", "Good news"
    WARNING = "warn", "Needs a look"
    BAD = "bad", "Went wrong"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def shown_to(self, user: User) -> "NoticeQuerySet":
        """The person's own; what they were told of an account they have left is not shown."""
        return self.filter(user=user).filter(
            Q(account=None) | Q(account__in=accounts_for(user).values("pk"))
        )

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)


class Notice(models.Model):
    """`about` names what it tells of, so that one person is told of one thing once.

    `facts` are pairs of a label and a value, `points` single lines, both in order. `link` is a path
    within the application.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices", db_index=False
    )
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, null=True, related_name="notices"
    )
    about = models.CharField(max_length=100)
    tone = models.CharField(max_length=4, choices=Tone)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    facts = models.JSONField(default=list)
    points = models.JSONField(default=list)
    next_step = models.CharField(max_length=300, blank=True)
    link = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    mail_refusal = models.CharField(
        max_length=300, blank=True, help_text="Why no mail could go to the person's address."
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "about"], name="notice_once_per_thing"),
            models.CheckConstraint(condition=Q(tone__in=Tone.values), name="notice_tone_known"),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_user_newest"),
            models.Index(fields=["user"], name="notice_unread", condition=Q(read_at=None)),
            models.Index(fields=["created_at"], name="notice_created_at"),
        ]

    def __str__(self) -> str:
        return self.title
