"""What is next for an image job: pure, of what was read about it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from imagery.engine.ladders import Choice, Hindrance, NothingLeft, Step, choose
from imagery.engine.photos import Photo, Source, photo_for
from imagery.engine.views import JobView, Pauses, WantView
from imagery.models import CallState, ProviderCall, UnknownPolicy, Want, WantState
from imagery.providers.protocol import Provider
from imagery.providers.registry import NoProvider, provider_named

INPUT_MISSING: Final = "input_missing"


@dataclass(frozen=True, slots=True)
class NewCall:
    """To be planned: wants that one call serves."""

    wants: tuple[Want, ...]
    step: Step
    choice: Choice
    photo: Photo
    source: Source


@dataclass(frozen=True, slots=True)
class ReadyCall:
    """Planned, and may go out as soon as provider, money and a thread are free. `photo` is the
    source as its provider takes it."""

    call: ProviderCall
    photo: Photo
    source: Source


@dataclass(frozen=True, slots=True)
class Exhausted:
    """A want nobody is left to ask for."""

    want: Want
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Until when nothing can be done (None: until something is changed), and what for. `is_own`:
    for a planned call of the job's own, which is found when it is due."""

    until: datetime | None
    code: str
    message: str
    is_own: bool = False


@dataclass(slots=True)
class Assessment:
    """`lost` calls were being sent by a worker that is no more; `hopeless` ones were planned, and
    cannot be made any more. A job `is_done` whose wants are satisfied or exhausted, each of them.
    """

    new: list[NewCall] = field(default_factory=list)
    ready: list[ReadyCall] = field(default_factory=list)
    lost: list[ProviderCall] = field(default_factory=list)
    hopeless: list[tuple[ProviderCall, Hindrance]] = field(default_factory=list)
    exhausted: list[Exhausted] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)
    is_done: bool = False


def assess(
    view: JobView,
    *,
    steps: Mapping[int, Step],
    pauses: Pauses,
    mine: Callable[[int], bool],
    at: datetime,
) -> Assessment:
    """`mine` tells of a call by its key whether this worker has it in hand."""
    found = Assessment(is_done=all(one.want.state != WantState.OPEN for one in view.wants))
    by_id = {one.want.pk: one.want for one in view.wants}
    wanted: dict[tuple[object, ...], list[tuple[WantView, Choice, Photo]]] = {}
    seen: set[int] = set()
    for one in view.wants:
        if one.want.state != WantState.OPEN:
            continue
        if one.call is not None:
            if one.call.pk not in seen and not mine(one.call.pk):
                _take_up(found, view, one, one.call, at=at)
            seen.add(one.call.pk)
            continue
        wait = _must_wait(view, one, at=at)
        if wait is not None:
            found.waits.append(wait)
            continue
        if _has_no_input(one, by_id):
            message = "The picture that this one starts from could not be made."
            found.exhausted.append(Exhausted(one.want, INPUT_MISSING, message))
            continue
        if one.want.input_want_id is not None and one.source.picture is None:
            continue  # until the picture it starts from is there
        chosen = _chosen(view, one, steps[one.want.step_id], pauses, at=at)
        if isinstance(chosen, Exhausted):
            found.exhausted.append(chosen)
        else:
            choice, photo = chosen
            wanted.setdefault(_alike(one.want, choice), []).append((one, choice, photo))
    for alike in wanted.values():
        found.new += _calls(alike, steps)
    return found


def _take_up(
    found: Assessment, view: JobView, one: WantView, call: ProviderCall, *, at: datetime
) -> None:
    """An open call that is in nobody's hand here: another worker's, or left by one."""
    if call.state == CallState.SENDING:
        if call.slot_until is None or call.slot_until <= at:
            found.lost.append(call)
        else:
            found.waits.append(Wait(call.slot_until, "sending", "Another worker is asking for it."))
        return
    if call.waits_for and (call.due_at is None or call.due_at > at):
        text, is_own = call.get_waits_for_display() + ".", call.job_id == view.job.pk
        found.waits.append(Wait(call.due_at, call.waits_for, text, is_own))
        return
    # Addresses are signed for an hour, and a call may have waited for days.
    photo = _photo_now(one, call, at=at)
    if isinstance(photo, Hindrance):
        found.hopeless.append((call, photo))
    else:
        found.ready.append(ReadyCall(call, photo, one.source))


def _photo_now(one: WantView, call: ProviderCall, *, at: datetime) -> Photo | Hindrance:
    try:
        return photo_for(provider_named(call.provider), one.source, at=at)
    except NoProvider as problem:
        return Hindrance("provider_off", str(problem))


def _must_wait(view: JobView, one: WantView, *, at: datetime) -> Wait | None:
    want = one.want
    if one.rescue_due is not None:
        text = "Its picture was delivered as an address, and is still to be fetched."
        return Wait(one.rescue_due, "rescue", text)
    if one.is_unresolved and view.policy == UnknownPolicy.WAIT:
        text = "Nobody knows how a call ended: a person has to say whether it was charged."
        return Wait(None, "outcome_unknown", text)
    if want.due_at is not None and want.due_at > at:
        return Wait(want.due_at, want.error_code, f"To be tried again: {want.message}")
    return None


def _has_no_input(one: WantView, by_id: Mapping[int, Want]) -> bool:
    """The other step has ended, and its picture is not there."""
    if one.want.input_want_id is None or one.source.picture is not None:
        return False
    before = by_id.get(one.want.input_want_id)
    return before is None or before.state != WantState.OPEN


def _chosen(
    view: JobView, one: WantView, step: Step, pauses: Pauses, *, at: datetime
) -> tuple[Choice, Photo] | Exhausted:
    photos: dict[str, Photo] = {}

    def hindrance(provider: Provider) -> Hindrance | None:
        photo = photo_for(provider, one.source, at=at)
        if isinstance(photo, Hindrance):
            return photo
        photos[provider.name] = photo
        return None

    # How its last call ended was left to a person: the provider is not asked again meanwhile.
    is_over = one.is_unresolved and view.policy == UnknownPolicy.NEXT_RUNG
    chosen = choose(
        step,
        start=one.want.rung + is_over,
        is_paused=lambda name: pauses.hold(view.job.account_id, name),
        hindrance=hindrance,
    )
    if isinstance(chosen, NothingLeft):
        # What a provider said of it is worth more than who could not be asked after that.
        code, message = one.want.error_code, one.want.message
        return Exhausted(one.want, code or chosen.code, message or chosen.message)
    return chosen, photos[chosen.provider.name]


def _alike(want: Want, choice: Choice) -> tuple[object, ...]:
    """Wants that one call can serve."""
    parameters = json.dumps(want.parameters, sort_keys=True)
    asked = (want.prompt, parameters, want.reference_id, want.input_want_id)
    return want.step_id, choice.rung.place, *asked


def _calls(
    alike: Sequence[tuple[WantView, Choice, Photo]], steps: Mapping[int, Step]
) -> list[NewCall]:
    """As many as the provider's largest call needs for all of them."""
    first, choice, photo = alike[0]
    step = steps[first.want.step_id]
    most = choice.provider.capabilities.most_images[step.operation]
    wants = [one.want for one, _, _ in alike]
    return [
        NewCall(tuple(wants[start : start + most]), step, choice, photo, first.source)
        for start in range(0, len(wants), most)
    ]
