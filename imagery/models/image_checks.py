"""What was measured of an image, how channels judge it, and the job that does both."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from imagery.checks.findings import Verdict
from jobs.models import LeasedJob


class ImageMeasures(models.Model):
    """One row an image; due while `due_at` is set, measured once `sha256` is that of the image.

    Values are those of `imagery.checks.measures`; `missing` says by name why one has none, as
    `{name: [code, reason]}`. `bits` (signed, as the database has it) is also kept in four bands of
    sixteen, by which alike ones are found.
    """

    image = models.OneToOneField(
        "imagery.GeneratedImage",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="measures",
    )
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    measured_at = models.DateTimeField(null=True)
    byte_size = models.PositiveBigIntegerField(default=0)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    file_format = models.CharField(max_length=10, blank=True)
    colours = models.CharField(max_length=10, blank=True)
    frames = models.PositiveIntegerField(default=1)
    source = models.CharField(max_length=60, blank=True)
    fill = models.FloatField(null=True)
    white = models.FloatField(null=True)
    softness = models.FloatField(null=True)
    bits = models.BigIntegerField(null=True)
    band_1 = models.PositiveIntegerField(null=True)
    band_2 = models.PositiveIntegerField(null=True)
    band_3 = models.PositiveIntegerField(null=True)
    band_4 = models.PositiveIntegerField(null=True)
    lightness = models.FloatField(null=True)
    green_red = models.FloatField(null=True)
    blue_yellow = models.FloatField(null=True)
    fidelity = models.FloatField(null=True)
    shape = models.FloatField(null=True)
    colour = models.FloatField(null=True)
    missing = models.JSONField(default=dict)
    twin = models.ForeignKey(
        "imagery.GeneratedImage",
        on_delete=models.SET_NULL,
        null=True,
        related_name="likes",
        help_text="An earlier image that shows the same.",
    )

    class Meta:
        ordering = ["image_id"]
        verbose_name_plural = "image measures"
        indexes = [
            models.Index(
                fields=["account", "due_at"],
                name="imagemeasures_due",
                condition=Q(due_at__isnull=False),
            ),
            models.Index(fields=["account", "image"], name="imagemeasures_walk"),
            *(
                models.Index(fields=["account", f"band_{band}"], name=f"imagemeasures_band_{band}")
                for band in (1, 2, 3, 4)
            ),
        ]

    def __str__(self) -> str:
        return f"Measures of image {self.image_id}"


class ChannelVerdict(models.Model):
    """How one image stands by one profile: its worst verdict, and each check that did not pass.

    `findings` are `[check, verdict, value, rule]`. Checks that passed are not kept: they follow
    from the measures whenever somebody wants to see them.
    """

    image = models.ForeignKey(
        "imagery.GeneratedImage",
        on_delete=models.CASCADE,
        related_name="channel_verdicts",
        db_index=False,
    )
    profile = models.ForeignKey(
        "imagery.ChannelProfile", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    verdict = models.PositiveSmallIntegerField(choices=Verdict)
    findings = models.JSONField(default=list)

    class Meta:
        ordering = ["image_id", "profile_id"]
        indexes = [
            models.Index(fields=["profile", "account", "verdict"], name="channelverdict_of_channel")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["image", "profile"], name="channelverdict_once_per_profile"
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values), name="channelverdict_verdict_known"
            ),
        ]

    def __str__(self) -> str:
        return self.get_verdict_display()


class ImageChecking(LeasedJob):
    """The checking of one account's images. One row an account: whoever holds it checks alone.

    `judged_by` names the profiles, as they stood, that all verdicts are of; while the verdicts are
    brought to others, `judging_by` names those, and `judged_behind` is the last image done.
    """

    queue: ClassVar[str] = "imagery"
    task: ClassVar[str] = "imagery.checks.tasks.check_images"

    account = models.OneToOneField(
        "accounts.Account", on_delete=models.CASCADE, related_name="image_checking"
    )
    judged_by = models.CharField(max_length=64, blank=True)
    judging_by = models.CharField(max_length=64, blank=True)
    judged_behind = models.BigIntegerField(default=0)
    looked_on = models.DateField(
        null=True, help_text="The day of which the profiles in force were last looked up."
    )

    class Meta(LeasedJob.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"Checks of {self.account}"
