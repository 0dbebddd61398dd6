"""What a sales channel asks of its pictures from a date on: followed by another row, not erased."""

from typing import Final

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from imagery.checks.rules import Rules

#: Formats that are read, by Pillow's names.
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")


def _pixels(label: str) -> "models.PositiveIntegerField[int | None, int | None]":
    return models.PositiveIntegerField(
        label, null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100_000)]
    )


def _percent(label: str) -> "models.PositiveSmallIntegerField[int | None, int | None]":
    return models.PositiveSmallIntegerField(
        label, null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )


def _blur(label: str) -> "models.FloatField[float | None, float | None]":
    return models.FloatField(
        label, null=True, blank=True, validators=[MinValueValidator(0.1), MaxValueValidator(100)]
    )


class ChannelProfile(models.Model):
    """Of a channel, the newest row that has begun holds; an account's own before a delivered one.

    A row without an account is delivered with the application, and holds for everyone who has none
    of their own for the channel. What is empty is not asked. `Rules` says what each means.
    """

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, null=True, related_name="channel_profiles"
    )
    channel = models.SlugField(
        max_length=40, help_text="A short name in small letters: amazon, own-shop."
    )
    title = models.CharField("name", max_length=80)
    from_date = models.DateField("from")
    source = models.CharField(
        max_length=300, help_text="Where the rules are stated: an address or a document."
    )
    note = models.CharField(max_length=300, blank=True)
    least_width = _pixels("least width")
    least_height = _pixels("least height")
    least_longest_side = _pixels("least longest side")
    zoom_longest_side = _pixels("longest side for zoom")
    advised_longest_side = _pixels("advised longest side")
    most_longest_side = _pixels("most longest side")
    most_megapixels = _pixels("most megapixels")
    most_bytes = models.PositiveBigIntegerField(
        "most bytes", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    aspect_width = _percent("aspect, width")
    aspect_height = _percent("aspect, height")
    formats = models.JSONField(default=list, blank=True)
    is_rendered = models.BooleanField(
        "renditions are made for it",
        default=False,
        help_text="They put format, weight, largest size and aspect right.",
    )
    needs_white = models.BooleanField("pure white background", default=False)
    least_fill = _percent("least share of the product (%)")
    most_fill = _percent("most share of the product (%)")
    needs_source_tag = models.BooleanField("digital source type in the file", default=False)
    advised_softness = _blur("advised softness (px)")
    most_softness = _blur("most softness (px)")
    advised_fidelity = _percent("advised fidelity (%)")
    least_fidelity = _percent("least fidelity (%)")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["channel", "-from_date", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "channel", "from_date"],
                name="channelprofile_once_per_account_and_date",
            ),
            models.UniqueConstraint(
                fields=["channel", "from_date"],
                condition=Q(account=None),
                name="channelprofile_delivered_once_per_date",
            ),
            models.CheckConstraint(
                condition=Q(aspect_width=None, aspect_height=None)
                | Q(aspect_width__isnull=False, aspect_height__isnull=False),
                name="channelprofile_aspect_has_both_sides",
            ),
            models.CheckConstraint(
                condition=Q(least_fill=None)
                | Q(most_fill=None)
                | Q(least_fill__lte=F("most_fill")),
                name="channelprofile_fill_is_a_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} from {self.from_date}"

    def rules(self) -> Rules:
        return Rules(
            least_width=self.least_width,
            least_height=self.least_height,
            least_longest_side=self.least_longest_side,
            zoom_longest_side=self.zoom_longest_side,
            advised_longest_side=self.advised_longest_side,
            most_longest_side=self.most_longest_side,
            most_megapixels=self.most_megapixels,
            most_bytes=self.most_bytes,
            aspect_width=self.aspect_width,
            aspect_height=self.aspect_height,
            formats=tuple(self.formats),
            is_rendered=self.is_rendered,
            needs_white=self.needs_white,
            least_fill=self.least_fill,
            most_fill=self.most_fill,
            needs_source_tag=self.needs_source_tag,
            advised_softness=self.advised_softness,
            most_softness=self.most_softness,
            advised_fidelity=self.advised_fidelity,
            least_fidelity=self.least_fidelity,
        )
