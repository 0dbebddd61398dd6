"""Writing down the calls that are to be made, before any of them goes out."""

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from django.db import transaction

from imagery.engine.assessing import Exhausted, NewCall, ReadyCall
from imagery.engine.photos import Photo
from imagery.models import CallWant, ImageJob, JobState, ProviderCall, Want, WantState
from imagery.providers.protocol import OutcomeClass

#: These stand among a want's parameters, and are sent under names of their own.
_NAMED = frozenset({"size", "quality"})


@transaction.atomic
def plan_calls(wanted: Sequence[tuple[ImageJob, NewCall]]) -> list[ReadyCall]:
    """A planned call for each, for the wants that nobody else is asking for by now. For a job that
    has been cancelled meanwhile there is none.

    A fixed number of queries. What a want starts from and comes to on its ladder is written with
    it.
    """
    free = _locked_free(want.pk for _, new in wanted for want in new.wants)
    running = _running(job.pk for job, _ in wanted)
    keys = _keys_again([want for want in free.values() if want.unknowns])
    ready: list[tuple[ReadyCall, list[Want]]] = []
    moved: list[Want] = []
    for job, new in wanted:
        if job.pk not in running:
            continue
        wants = [free.pop(want.pk) for want in new.wants if want.pk in free]
        if wants:
            moved += _move_up(wants, new.choice.rung.place)
            ready.append((ReadyCall(_call(job, new, wants, keys), new.photo, new.source), wants))
    ProviderCall.objects.bulk_create([each.call for each, _ in ready])
    CallWant.objects.bulk_create(
        [
            CallWant(call=each.call, want=want, position=position)
            for each, wants in ready
            for position, want in enumerate(wants)
        ]
    )
    Want.objects.bulk_update(moved, ["rung", "attempts", "unknowns", "due_at"])
    return [each for each, _ in ready]


def exhaust(exhausted: Iterable[Exhausted]) -> None:
    """Nobody is left to ask for these wants."""
    for each in exhausted:
        Want.objects.filter(pk=each.want.pk, state=WantState.OPEN).update(
            state=WantState.EXHAUSTED,
            due_at=None,
            error_code=each.code[:100],
            message=each.message[:1000],
        )


def starting_from(call: ProviderCall, photo: Photo) -> ProviderCall:
    """The planned call with the photo that it is to go out with; saved if that has changed."""
    fields = _photo_fields(photo)
    if any(getattr(call, name) != value for name, value in fields.items()):
        for name, value in fields.items():
            setattr(call, name, value)
        call.save(update_fields=list(fields))
    return call


def _locked_free(want_ids: Iterable[int]) -> dict[int, Want]:
    """Open, and served by no open call; nobody else's until the transaction ends."""
    rows = Want.objects.filter(pk__in=list(want_ids), state=WantState.OPEN)
    wants = {want.pk: want for want in rows.order_by("pk").select_for_update()}
    taken = CallWant.objects.filter(want_id__in=list(wants), is_open=True)
    for want_id in taken.values_list("want_id", flat=True):
        wants.pop(want_id, None)
    return wants


def _running(job_ids: Iterable[int]) -> frozenset[int]:
    """As of now, with their wants locked: `cancel` locks them too, and takes back what was planned
    before that."""
    jobs = ImageJob.objects.filter(pk__in=set(job_ids), state=JobState.RUNNING)
    return frozenset(jobs.values_list("pk", flat=True))


def _keys_again(wants: Collection[Want]) -> Mapping[frozenset[int], str]:
    """Of calls that nobody knows the end of, by their wants: what asks the same again says so, and
    a provider that heeds it does not do the work twice."""
    if not wants:
        return {}
    served: dict[tuple[int, str], set[int]] = {}
    links = CallWant.objects.filter(
        call__call_wants__want__in=wants,
        call__outcome=OutcomeClass.UNKNOWN,
        call__resolved_at=None,
    )
    rungs = {want.pk: want.rung for want in wants}
    for call_id, key, rung, want_id in links.order_by("call_id").values_list(
        "call_id", "call__idempotency_key", "call__rung", "want_id"
    ):
        if rungs.get(want_id) == rung:
            served.setdefault((call_id, key), set()).add(want_id)
    return {frozenset(want_ids): key for (_, key), want_ids in served.items()}


def _move_up(wants: Iterable[Want], place: int) -> Iterator[Want]:
    """Those that are not where they were."""
    for want in wants:
        if want.rung != place:
            want.rung, want.attempts, want.unknowns = place, 0, 0
        elif want.due_at is None:
            continue
        want.due_at = None
        yield want


def _call(
    job: ImageJob, new: NewCall, wants: Sequence[Want], keys: Mapping[frozenset[int], str]
) -> ProviderCall:
    said, rung = wants[0], new.choice.rung
    own = {name: value for name, value in said.parameters.items() if name not in _NAMED}
    return ProviderCall(
        account=job.account,
        upload_id=job.upload_id,
        job=job,
        step_id=said.step_id,
        provider=rung.provider,
        model=rung.model,
        operation=new.step.operation,
        quality=said.parameters.get("quality") or "",
        prompt=said.prompt,
        size=said.parameters.get("size") or "",
        parameters={**own, **rung.parameters},
        idempotency_key=keys.get(frozenset(want.pk for want in wants)) or uuid.uuid4().hex,
        images=len(wants),
        rung=rung.place,
        attempt=max(want.attempts for want in wants) + 1,
        **_photo_fields(new.photo),
    )


def _photo_fields(photo: Photo) -> dict[str, str]:
    return {
        "reference_url": photo.url,
        "reference_path": photo.path,
        "reference_sha256": photo.sha256,
        "reference_content_type": photo.content_type,
    }
