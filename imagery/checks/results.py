"""How images stand by the channels, for who shows them or decides about them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from imagery.checks.findings import Check, Finding, Verdict
from imagery.checks.judging import judge
from imagery.checks.profiles import profile_book, profile_books
from imagery.checks.verdicts import subject_of
from imagery.models import ChannelProfile, ChannelVerdict, GeneratedImage, ImageMeasures
from jobs import clock


@dataclass(frozen=True, slots=True)
class ChannelBadge:
    """An image's worst verdict by one channel, and the checks behind it that did not pass."""

    channel: str
    title: str
    verdict: Verdict
    findings: tuple[Finding, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """What did not pass, gravest first: "Longest side: 800 px (At least 1000 px)"."""
        return tuple(
            in_words(each) for each in sorted(self.findings, key=lambda found: -found.verdict)
        )


@dataclass(frozen=True, slots=True)
class ImageChecks:
    """Not checked yet means that nothing is known, not that nothing is wrong.

    `fidelity` is 0..1, None where it could not be measured.
    """

    is_checked: bool
    fidelity: float | None
    channels: tuple[ChannelBadge, ...]

    @property
    def worst(self) -> Verdict:
        return max((badge.verdict for badge in self.channels), default=Verdict.PASS)


def in_words(finding: Finding) -> str:
    measured = f"{finding.check.label}: {finding.value}"
    is_measured = finding.verdict != Verdict.NOT_MEASURABLE
    return f"{measured} ({finding.rule})" if is_measured else measured


_UNCHECKED = ImageChecks(is_checked=False, fidelity=None, channels=())


def badges_of(images: Sequence[GeneratedImage]) -> dict[int, ImageChecks]:
    """By image id, for every image given: three queries, however many."""
    if not images:
        return {}
    books = profile_books(account_ids={image.account_id for image in images}, on=clock.now().date())
    keys = [image.pk for image in images]
    measured = ImageMeasures.objects.filter(image__in=keys, measured_at__isnull=False)
    fidelity = dict(measured.order_by().values_list("image_id", "fidelity"))
    profiles = {row.pk for book in books.values() for row in book.in_force}
    by_image: dict[int, dict[int, ChannelVerdict]] = defaultdict(dict)
    for verdict in ChannelVerdict.objects.filter(image__in=keys, profile__in=profiles).order_by():
        by_image[verdict.image_id][verdict.profile_id] = verdict
    return {
        image.pk: ImageChecks(
            is_checked=True,
            fidelity=fidelity[image.pk],
            channels=tuple(
                _badge(profile, by_image[image.pk][profile.pk])
                for profile in books[image.account_id].in_force
                if profile.pk in by_image[image.pk]
            ),
        )
        if image.pk in fidelity
        else _UNCHECKED
        for image in images
    }


def findings_in(verdict: ChannelVerdict) -> tuple[Finding, ...]:
    """Those that did not pass, as they were judged."""
    return tuple(
        Finding(Check(check), Verdict(how), value, rule)
        for check, how, value, rule in verdict.findings
    )


@dataclass(frozen=True, slots=True)
class ChannelReport:
    """Every check of one image by one profile, passed ones too."""

    profile: ChannelProfile
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        return max((found.verdict for found in self.findings), default=Verdict.PASS)


def reports_of(image: GeneratedImage) -> list[ChannelReport]:
    """By each channel in force; empty while the image has not been measured."""
    row = (
        ImageMeasures.objects.filter(image=image, measured_at__isnull=False)
        .select_related("image__call", "twin")
        .first()
    )
    if row is None:
        return []
    subject = subject_of(row, twin=str(row.twin) if row.twin else "")
    book = profile_book(account_id=image.account_id, on=clock.now().date())
    return [
        ChannelReport(profile, tuple(judge(subject, profile.rules()))) for profile in book.in_force
    ]


def _badge(profile: ChannelProfile, verdict: ChannelVerdict) -> ChannelBadge:
    return ChannelBadge(
        channel=profile.channel,
        title=profile.title,
        verdict=Verdict(verdict.verdict),
        findings=findings_in(verdict),
    )
