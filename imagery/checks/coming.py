"""What a profile that is yet to come would break: images it judges worse than what holds now."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from imagery.checks.findings import Finding, Verdict
from imagery.checks.live import live
from imagery.checks.profiles import profile_book
from imagery.checks.results import findings_in
from imagery.models import ChannelProfile, ChannelVerdict, GeneratedImage, ImageChecking
from jobs import clock

PER_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Broken:
    """An image with its verdicts now and then, and the findings that are new."""

    image: GeneratedImage
    now: Verdict
    then: Verdict
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class ComingReport:
    """`before` is what holds now for the channel, None where nothing does: then all is well now.

    While `is_ready` is False, images are still being judged, and counts may grow. `next_below` is
    None on the last page.
    """

    before: ChannelProfile | None
    is_ready: bool
    images: int
    skus: int
    rows: tuple[Broken, ...]
    next_below: int | None


def coming_report(
    profile: ChannelProfile, *, account_id: int, below: int | None = None
) -> ComingReport:
    """Newest images first; `below` is the last image of the page before. Six queries."""
    book = profile_book(account_id=account_id, on=clock.now().date())
    before = book.before(profile)
    broken = _broken(profile, before, account_id)
    counts = broken.aggregate(images=Count("pk"), skus=Count("image__sku", distinct=True))
    page = broken if below is None else broken.filter(image_id__lt=below)
    rows = list(page.select_related("image").order_by("-image_id")[: PER_PAGE + 1])
    shown = rows[:PER_PAGE]
    present = _findings_now(before, [row.image_id for row in shown])
    checking = ImageChecking.objects.filter(account_id=account_id).first()
    return ComingReport(
        before=before,
        is_ready=checking is None or checking.judged_by == book.digest,
        images=counts["images"],
        skus=counts["skus"],
        rows=tuple(_row(row, present.get(row.image_id, ())) for row in shown),
        next_below=shown[-1].image_id if len(rows) > PER_PAGE else None,
    )


def _broken(
    profile: ChannelProfile, before: ChannelProfile | None, account_id: int
) -> QuerySet[ChannelVerdict]:
    now = ChannelVerdict.objects.filter(
        image=OuterRef("image"), profile=before.pk if before else None
    )
    judged = ChannelVerdict.objects.filter(
        live("image__"), profile=profile, account_id=account_id, verdict__gte=Verdict.WARN
    )
    return judged.annotate(
        now=Coalesce(Subquery(now.values("verdict")[:1]), Value(int(Verdict.PASS)))
    ).filter(verdict__gt=F("now"))


def _findings_now(
    before: ChannelProfile | None, image_ids: list[int]
) -> dict[int, tuple[Finding, ...]]:
    if before is None:
        return {}
    rows = ChannelVerdict.objects.filter(profile=before, image__in=image_ids)
    return {row.image_id: findings_in(row) for row in rows}


def _row(verdict: ChannelVerdict, present: tuple[Finding, ...]) -> Broken:
    as_grave = {found.check: found.verdict for found in present}
    now: int = verdict.now  # type: ignore[attr-defined]
    return Broken(
        image=verdict.image,
        now=Verdict(now),
        then=Verdict(verdict.verdict),
        findings=tuple(
            found
            for found in findings_in(verdict)
            if found.verdict > as_grave.get(found.check, Verdict.PASS)
            and found.verdict != Verdict.NOT_MEASURABLE
        ),
    )
