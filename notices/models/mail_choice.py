"""Which of their notices a person wants by mail too."""

from django.conf import settings
from django.db import models

from accounts.models import User
from notices.models.notice import Tone


class Wanted(models.TextChoices):
    ALL = "all", "Every notice"
    TROUBLE = "trouble", "Only what needs a look or went wrong"
    NONE = "none", "No mail"


class MailChoice(models.Model):
    """A person without one has chosen nothing yet, and gets every notice."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="mail_choice",
    )
    wanted = models.CharField(max_length=7, choices=Wanted, default=Wanted.ALL)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(wanted__in=Wanted.values), name="mailchoice_wanted_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_wanted_display())

    @classmethod
    def of(cls, user: User) -> Wanted:
        chosen = cls.objects.filter(user=user).values_list("wanted", flat=True).first()
        return Wanted(chosen) if chosen else Wanted.ALL

    @classmethod
    def covers(cls, user: User, tone: Tone) -> bool:
        """Whether the person wants mail about what went like this."""
        wanted = cls.of(user)
        return wanted is Wanted.ALL or (wanted is Wanted.TROUBLE and tone is not Tone.GOOD)
