"""What became of an image job, step by step: the timeline of its page, in few queries."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import Q
from django.utils.formats import date_format

from bulk_uploads.admin.wording import Badge
from imagery.admin.amounts import currency_of, in_currency
from imagery.admin.wording import (
    OPERATION_WORDS,
    call_badge,
    decision_badge,
    waits_in_words,
    want_badge,
)
from imagery.api.content import content_path, thumbnail_path
from imagery.models import (
    CallState,
    GeneratedImage,
    ImageJob,
    ProviderCall,
    RecipeStep,
    UnrescuedImage,
    Want,
)
from imagery.providers.protocol import OutcomeClass

_PHOTO: Final = "the source photo"


@dataclass(frozen=True, slots=True)
class ShownImage:
    """As `imagery/picture.html` draws it; without a picture, `badge` says why."""

    thumbnail: str
    full: str
    alt: str
    badge: Badge
    note: str
    image: GeneratedImage | None = None

    @classmethod
    def of(cls, image: GeneratedImage) -> "ShownImage":
        return cls(
            thumbnail=thumbnail_path(image.uuid),
            full=content_path(image.uuid),
            alt=f"{image.get_role_display() or 'Picture'} of {image.sku or image.product_key}",
            badge=decision_badge(image),
            note=f"{image.width} \u00d7 {image.height}",
            image=image,
        )


@dataclass(frozen=True, slots=True)
class CallStory:
    """`answer_wanted`: nobody knows yet whether it was done and charged. `to_fetch` says of each
    picture that is still with the provider until when it can be had, or that it is lost."""

    call: ProviderCall
    badge: Badge
    waits_for: str
    took: timedelta | None
    cost: str
    parts: list[tuple[str, str]]
    arrived: int
    to_fetch: list[str]
    answer_wanted: bool


@dataclass(frozen=True, slots=True)
class StepStory:
    step: RecipeStep
    number: int
    operation: str
    made_from: str
    ladder: list[str]
    prompt: str
    pictures: list[ShownImage]
    wanted: int
    done: int
    calls: list[CallStory]


@dataclass(frozen=True, slots=True)
class Story:
    """`parts` are the sums of its calls: reserved, settled, released, at risk."""

    steps: list[StepStory]
    wanted: int
    done: int
    parts: list[tuple[str, str]]
    waits_for: list[str]

    @property
    def percent(self) -> int:
        return 100 * self.done // self.wanted if self.wanted else 0


def story_of(job: ImageJob) -> Story:
    """Eight queries. Calls that another job made for the same wants are part of it."""
    found = _Found.of(job)
    return Story(
        steps=[found.step(number, step) for number, step in enumerate(_steps(job), start=1)],
        wanted=len(found.wants),
        done=sum(1 for want in found.wants if want.pk in found.by_want),
        parts=_parts([call for call in found.calls if call.job_id == job.pk], found.currency),
        waits_for=sorted({text for call in found.calls if (text := waits_in_words(call))}),
    )


def _steps(job: ImageJob) -> list[RecipeStep]:
    steps = job.recipe_version.steps.select_related("input_step").prefetch_related("ladder")
    return list(steps.order_by("position"))


@dataclass(frozen=True, slots=True)
class _Found:
    """All there is about a job, for its steps to take their part of."""

    job: ImageJob
    currency: str
    wants: Sequence[Want]
    calls: Sequence[ProviderCall]
    images: Sequence[GeneratedImage]
    by_want: Mapping[int, GeneratedImage]
    unrescued: Sequence[UnrescuedImage]

    @classmethod
    def of(cls, job: ImageJob) -> "_Found":
        wants = list(Want.objects.filter(job_wants__job=job).order_by("id"))
        serving = ProviderCall.wants.through.objects.filter(want__in=wants).values("call")
        calls = ProviderCall.objects.filter(Q(job=job) | Q(pk__in=serving)).order_by("id")
        asked = list(calls)
        # A late answer may have come when its want was satisfied: it is nobody's, and kept.
        made = Q(want__in=wants) | Q(call__in=asked)
        images = list(GeneratedImage.objects.filter(made).order_by("id"))
        by_want = {image.want_id: image for image in images if image.want_id is not None}
        unrescued = list(UnrescuedImage.objects.filter(call__in=asked))
        return cls(job, currency_of(job.account), wants, asked, images, by_want, unrescued)

    def step(self, number: int, step: RecipeStep) -> StepStory:
        own = [want for want in self.wants if want.step_id == step.pk]
        source = f"the picture of \u201c{step.input_step}\u201d" if step.input_step else _PHOTO
        calls = [call for call in self.calls if call.step_id == step.pk]
        return StepStory(
            step=step,
            number=number,
            operation=OPERATION_WORDS[step.operation],
            made_from=source,
            ladder=[str(rung) for rung in step.ladder.all()],
            prompt=next((want.prompt for want in own if want.prompt), ""),
            pictures=[*map(self._picture, own), *self._left_over(calls)],
            wanted=len(own),
            done=sum(1 for want in own if want.pk in self.by_want),
            calls=[self._call(call) for call in calls],
        )

    def _picture(self, want: Want) -> ShownImage:
        image = self.by_want.get(want.pk)
        if image is not None:
            return ShownImage.of(image)
        return ShownImage("", "", "", want_badge(want, self.job), want.message)

    def _left_over(self, calls: Iterable[ProviderCall]) -> Iterator[ShownImage]:
        own = {call.pk for call in calls}
        for image in self.images:
            if image.want_id is None and image.call_id in own:
                yield ShownImage.of(image)

    def _call(self, call: ProviderCall) -> CallStory:
        has_ended = call.state == CallState.ENDED
        took = call.ended_at - call.sending_at if call.ended_at and call.sending_at else None
        is_open = call.outcome == OutcomeClass.UNKNOWN and call.resolved_at is None
        return CallStory(
            call=call,
            badge=call_badge(call),
            waits_for=waits_in_words(call),
            took=took,
            cost=in_currency(call.settled_micros, self.currency) if has_ended else "",
            parts=_parts([call], self.currency),
            arrived=sum(1 for image in self.images if image.call_id == call.pk),
            to_fetch=[_to_fetch(one) for one in self.unrescued if one.call_id == call.pk],
            answer_wanted=is_open,
        )


def _to_fetch(image: UnrescuedImage) -> str:
    if image.lost_at is not None:
        return f"A picture was lost: its address gave it no more. {image.failure}".strip()
    until = date_format(image.expires_at, "j M Y, H:i")
    return f"A picture is still to be fetched from the provider, by {until} UTC. {image.failure}"


def _parts(calls: Sequence[ProviderCall], currency: str) -> list[tuple[str, str]]:
    """Nothing where nothing was ever held."""
    sums = {
        "Reserved": sum(call.reserved_micros for call in calls),
        "Charged": sum(call.settled_micros for call in calls),
        "Released": sum(call.released_micros for call in calls),
        "At risk": sum(call.at_risk_micros for call in calls),
    }
    if not any(sums.values()):
        return []
    return [(name, in_currency(micros, currency)) for name, micros in sums.items()]
