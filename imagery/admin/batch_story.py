"""How a batch stands: its jobs by state, what its pilot made and cost, and what the rest would."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.db.models import Count, Sum
from django.urls import reverse

from bulk_uploads.admin.wording import Badge
from imagery.admin.amounts import currency_of, in_currency
from imagery.admin.job_story import ShownImage
from imagery.admin.wording import job_badge
from imagery.models import (
    OPEN_STATES,
    BatchState,
    GeneratedImage,
    ImageBatch,
    ImageJob,
    JobState,
    JobWant,
    ProviderCall,
)
from imagery.planning.pilots import is_being_planned

#: Jobs whose pictures stand on the page; the list of jobs has them all.
SHOWN: Final = 24
_PLANNED: Final = Badge("Being planned", "info")
_TONES: Final = {
    JobState.DELIVERED: "good",
    JobState.PARTLY_DELIVERED: "warn",
    JobState.MISSING_IMAGE: "bad",
}


@dataclass(frozen=True, slots=True)
class StateTile:
    label: str
    count: int
    tone: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownJob:
    job: ImageJob
    badge: Badge
    pictures: list[ShownImage]


@dataclass(frozen=True, slots=True)
class Rest:
    """What is held: how many SKUs, and what they were estimated to cost before the first call.

    `at_pilot_rate` is what they cost if they cost what the pilot did; "" while it is under way.
    """

    count: int
    amounts: list[tuple[str, str]]
    at_pilot_rate: str


@dataclass(frozen=True, slots=True)
class BatchStory:
    badge: Badge
    tiles: list[StateTile]
    total: int
    moving: int
    spent: str
    jobs: list[ShownJob]
    rest: Rest | None
    is_being_planned: bool

    @property
    def is_live(self) -> bool:
        """Whether it goes on by itself; what is held waits for a person."""
        return bool(self.moving) or self.is_being_planned


def story_of(batch: ImageBatch) -> BatchStory:
    """Nine queries at most, however many jobs there are."""
    counts, of_version = _counts(batch)
    currency = currency_of(batch.account)
    spent = _spent(batch)
    held = counts.get(JobState.HELD, 0)
    moving = sum(counts.get(state, 0) for state in OPEN_STATES) - held
    planning = batch.state == BatchState.PILOT and (not counts or is_being_planned(batch))
    return BatchStory(
        badge=_PLANNED if planning else _badge(batch, held, moving),
        tiles=list(_tiles(batch, counts)),
        total=of_version,
        moving=moving,
        spent=in_currency(spent, currency),
        jobs=_shown(batch),
        rest=_rest(batch, held, max(of_version, held), spent, moving, currency) if held else None,
        is_being_planned=planning,
    )


def _counts(batch: ImageBatch) -> tuple[dict[str, int], int]:
    """All jobs by state, and how many there are of the version that the batch now has."""
    rows = batch.jobs.order_by().values_list("state", "recipe_version")
    counts: dict[str, int] = {}
    of_version = 0
    for state, version, number in rows.annotate(number=Count("pk")):
        counts[state] = counts.get(state, 0) + number
        of_version += number if version == batch.recipe_version_id else 0
    return counts, of_version


def _spent(batch: ImageBatch) -> int:
    calls = ProviderCall.objects.filter(job__batch=batch)
    return calls.aggregate(sum=Sum("settled_micros"))["sum"] or 0


def _badge(batch: ImageBatch, held: int, moving: int) -> Badge:
    if batch.state == BatchState.DROPPED:
        return Badge("Dropped", "default")
    if batch.state == BatchState.PILOT and held:
        return Badge("Pilot under way", "info") if moving else Badge("Pilot to look at", "warning")
    return Badge("Under way", "info") if moving else Badge("Done", "success")


def _tiles(batch: ImageBatch, counts: dict[str, int]) -> Iterator[StateTile]:
    for state in JobState:
        if count := counts.get(state, 0):
            query = urlencode({"batch": batch.pk, "state": state.value})
            url = f"{reverse('admin:imagery_imagejob_changelist')}?{query}"
            yield StateTile(state.label, count, _TONES.get(state, ""), url)


def _shown(batch: ImageBatch) -> list[ShownJob]:
    """The pilot's jobs, or the first of all; three queries."""
    shown = batch.jobs.filter(recipe_version=batch.recipe_version_id)
    if batch.pilot_size:
        shown = shown.filter(is_pilot=True)
    jobs = list(shown.order_by("id")[:SHOWN])
    wanted: dict[int, list[int]] = {}
    for job_id, want_id in JobWant.objects.filter(job__in=jobs).values_list("job", "want"):
        wanted.setdefault(job_id, []).append(want_id)
    wants = [want for found in wanted.values() for want in found]
    delivered = GeneratedImage.objects.filter(want__in=wants).exclude(role="")
    images = {image.want_id: image for image in delivered}
    return [
        ShownJob(job, job_badge(job), _pictures(wanted.get(job.pk, []), images)) for job in jobs
    ]


def _pictures(wants: Sequence[int], images: dict[int | None, GeneratedImage]) -> list[ShownImage]:
    return [ShownImage.of(images[want]) for want in wants if want in images]


def _rest(batch: ImageBatch, held: int, total: int, spent: int, moving: int, currency: str) -> Rest:
    """Its share of what the whole batch was estimated to cost."""
    done = total - held
    sums = (
        ("At least", batch.estimated_minimum_micros),
        ("Expected", batch.estimated_expected_micros),
        ("At most", batch.estimated_maximum_micros),
    )
    rate = in_currency(spent * held // done, currency) if done and not moving else ""
    return Rest(
        count=held,
        amounts=[(name, in_currency(micros * held // total, currency)) for name, micros in sums],
        at_pilot_rate=rate,
    )
