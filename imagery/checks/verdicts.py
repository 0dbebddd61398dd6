"""Writing down how images stand by each profile that holds, or is to hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from imagery.checks.findings import Finding, Verdict, worst
from imagery.checks.judging import Subject, judge
from imagery.checks.keeping import measures_in
from imagery.checks.twins import twins_of
from imagery.models import ChannelProfile, ChannelVerdict, ImageMeasures

#: Who made a picture without any model: the built-in renderer.
_WITHOUT_MODEL: Final = "studio"


@dataclass(frozen=True, slots=True)
class Judged:
    """`later` are images made after one of these that show the same: they are to be judged anew."""

    later: frozenset[int]


def subject_of(row: ImageMeasures, *, twin: str = "") -> Subject:
    """Needs the row's `image` and its `call` at hand."""
    call = row.image.call
    return Subject(
        measures=measures_in(row),
        role=row.image.role,
        by_model=call is not None and call.provider != _WITHOUT_MODEL,
        twin=twin,
    )


def write_verdicts(rows: Sequence[ImageMeasures], profiles: Sequence[ChannelProfile]) -> Judged:
    """Judge measured images of one account; nine queries, however many they are.

    Verdicts of profiles that hold no more are taken away.
    """
    twins = twins_of(rows)
    verdicts: list[ChannelVerdict] = []
    for row in rows:
        earlier = twins.earlier.get(row.pk)
        row.twin = earlier.image if earlier else None
        subject = subject_of(row, twin=str(earlier.image) if earlier else "")
        verdicts += [_verdict(row, subject, profile) for profile in profiles]
    ImageMeasures.objects.bulk_update(rows, ["twin"])
    images = [row.pk for row in rows]
    of_images = ChannelVerdict.objects.filter(image__in=images)
    of_images.exclude(profile__in=profiles).delete()
    ChannelVerdict.objects.bulk_create(
        verdicts,
        update_conflicts=True,
        unique_fields=["image", "profile"],
        update_fields=["verdict", "findings"],
    )
    return Judged(twins.later - set(images))


def _verdict(row: ImageMeasures, subject: Subject, profile: ChannelProfile) -> ChannelVerdict:
    findings = judge(subject, profile.rules())
    return ChannelVerdict(
        image_id=row.pk,
        profile=profile,
        account_id=row.account_id,
        verdict=worst(findings),
        findings=[_kept(found) for found in findings if found.verdict != Verdict.PASS],
    )


def _kept(found: Finding) -> list[str | int]:
    return [found.check.value, int(found.verdict), found.value, found.rule]
