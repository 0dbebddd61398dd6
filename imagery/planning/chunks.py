"""One chunk of targets made jobs and wants, all of it in the transaction of the caller."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

import orjson
from django.db.models import Max

from accounts.models import Account
from bulk_sql import tables
from imagery.engine.hand import reopen
from imagery.image_sets.status import refresh
from imagery.models import (
    BatchState,
    ImageBatch,
    ImageJob,
    JobState,
    JobWant,
    Trigger,
    Want,
    WantState,
)
from imagery.planning import references
from imagery.planning.looking_up import Count, Known, known_of, wants_of_known
from imagery.planning.outdated import asked_for, cancel_outdated
from imagery.planning.recipe_plan import RecipePlan
from imagery.planning.row_writing import insert_rows
from imagery.planning.targets import Target
from imagery.planning.wants import WantDraft
from jobs import clock

_JOB_COLUMNS: Final = (
    *("id", "uuid", "account_id", "sku", "product_key", "hook_id", "recipe_version_id"),
    *("batch_id", "upload_id", "upload_row", "trigger", "requested_by_id", "inputs", "images"),
    *("redo_number", "reference_id", "state", "message", "run_after", "created_at", "planned_at"),
    "ended_at",
)
_WANT_COLUMNS: Final = (
    *("id", "account_id", "hash", "sku", "product_key", "role", "recipe_version_id", "step_id"),
    *("reference_id", "input_want_id", "prompt", "parameters", "image_number", "redo_number"),
    "created_at",
)
_THERE: Final = "All of its pictures were there already."


@dataclass(frozen=True, slots=True)
class Asking:
    """What the jobs of a request have in common.

    `is_held`: they wait for their batch to be released, unless it was decided about meanwhile.
    `follows`: it was not asked for, but the catalog changed. Then a target whose wants are all
    there, or asked for, gets no job, and jobs that want what it no longer is are cancelled.
    `roles` and `is_redo`: see `request_images`.
    """

    account: Account
    plan: RecipePlan
    trigger: Trigger
    requested_by_id: int | None = None
    upload_id: int | None = None
    hook_id: int | None = None
    batch_id: int | None = None
    is_held: bool = False
    follows: bool = False
    roles: frozenset[str] | None = None
    is_redo: bool = False


@dataclass(slots=True)
class Planned:
    """`jobs` are ids in the order of the targets; `ready` the first of them that is due, if any.
    `already` is how many of them were there in full: those made no call."""

    jobs: list[int] = field(default_factory=list)
    ready: int | None = None
    already: int = 0
    count: Count = field(default_factory=Count)


@dataclass(frozen=True, slots=True)
class _Stored:
    """A want as it stands in the database."""

    id: int
    state: str


@dataclass(frozen=True, slots=True)
class _Job:
    known: Known
    wants: Sequence[WantDraft]
    redo_number: int


def plan_chunk(asking: Asking, targets: Sequence[Target]) -> Planned:
    """The wants that are missing, and a job for each target; in a transaction of the caller's.

    A target whose row of the upload has a job of this version keeps that one. Wants that were
    given up are tried again. Planning of one account waits for its turn here. Nothing is planned
    for a batch that was dropped.
    """
    known = known_of(account_id=asking.account.pk, targets=targets)
    Account.objects.select_for_update(no_key=True).get(pk=asking.account.pk)
    if asking.is_held and asking.batch_id is not None:
        state = _state_of_batch(asking.batch_id)
        if state == BatchState.DROPPED:
            return Planned()
        asking = replace(asking, is_held=state == BatchState.PILOT)
    at = clock.now()
    of_rows = _jobs_of_rows(asking, targets)
    jobs = _drafts(asking, [each for each in known if each.target.upload_row not in of_rows], at)
    skus = {job.known.target.sku for job in jobs} - {""}
    stored = _stored(asking.account.pk, (want.hash for job in jobs for want in job.wants))
    if asking.follows:
        jobs = _with_news(asking, jobs, stored, at)
    planned = Planned()
    for job in jobs:
        planned.count.take(job.wants, {hash_: each.state for hash_, each in stored.items()})
    _reopen(jobs, stored)
    _write_wants(asking, jobs, stored, at)
    made = _write_jobs(asking, jobs, stored, planned, at)
    planned.jobs = _in_order(targets, made, of_rows)
    # Also of those that get no job: one that they had may have been cancelled.
    refresh(account=asking.account, skus=skus)
    return planned


def _state_of_batch(batch_id: int) -> str:
    """Nobody decides about it until the chunk is planned. Accounts are locked before batches."""
    batches = ImageBatch.objects.select_for_update(no_key=True)
    return batches.values_list("state", flat=True).get(pk=batch_id)


def _with_news(
    asking: Asking, jobs: Sequence[_Job], stored: Mapping[str, _Stored], at: datetime
) -> list[_Job]:
    cancel_outdated(
        account_id=asking.account.pk,
        recipe_id=asking.plan.recipe_id,
        wanted={job.known.target.sku: {want.hash for want in job.wants} for job in jobs},
        at=at,
    )
    asked = asked_for([each.id for each in stored.values() if each.state == WantState.OPEN])
    settled = {
        hash_ for hash_, each in stored.items() if each.state != WantState.OPEN or each.id in asked
    }
    return [job for job in jobs if any(want.hash not in settled for want in job.wants)]


def _drafts(asking: Asking, known: Sequence[Known], at: datetime) -> list[_Job]:
    photos = references.settle(
        account_id=asking.account.pk, photos=[each.photo for each in known if each.photo], at=at
    )
    redone = _redo_numbers(asking, known) if asking.is_redo else {}
    return [
        _Job(
            each,
            wants_of_known(
                asking.plan, each, photos, roles=asking.roles, redo_number=redone.get(index, 0)
            ),
            redone.get(index, 0),
        )
        for index, each in enumerate(known)
    ]


def _redo_numbers(asking: Asking, known: Sequence[Known]) -> dict[int, int]:
    """By place: one more than any job of the same thing has had, whatever its recipe."""
    jobs = ImageJob.objects.for_account(asking.account.pk).filter(
        sku__in={each.target.sku for each in known},
        product_key__in={each.target.product_key for each in known},
    )
    highest = {
        (sku, key): number
        for sku, key, number in jobs.order_by()
        .values_list("sku", "product_key")
        .annotate(highest=Max("redo_number"))
    }
    return {
        index: highest.get((each.target.sku, each.target.product_key), 0) + 1
        for index, each in enumerate(known)
    }


def _jobs_of_rows(asking: Asking, targets: Sequence[Target]) -> dict[int | None, int]:
    rows = [target.upload_row for target in targets if target.upload_row is not None]
    if asking.upload_id is None or not rows:
        return {}
    jobs = ImageJob.objects.filter(
        upload_id=asking.upload_id,
        recipe_version_id=asking.plan.version_id,
        upload_row__in=rows,
    )
    return dict(jobs.values_list("upload_row", "id"))


def _stored(account_id: int, hashes: Iterable[str]) -> dict[str, _Stored]:
    found = Want.objects.filter(account_id=account_id, hash__in=list(dict.fromkeys(hashes)))
    return {
        hash_: _Stored(pk, state) for pk, hash_, state in found.values_list("id", "hash", "state")
    }


def _reopen(jobs: Sequence[_Job], stored: dict[str, _Stored]) -> None:
    """Whoever asks again wants it tried again."""
    given_up = {
        want.hash: stored[want.hash]
        for job in jobs
        for want in job.wants
        if want.hash in stored and stored[want.hash].state == WantState.EXHAUSTED
    }
    if given_up:
        reopen([each.id for each in given_up.values()])
        for hash_, each in given_up.items():
            stored[hash_] = _Stored(each.id, WantState.OPEN)


def _write_wants(
    asking: Asking, jobs: Sequence[_Job], stored: dict[str, _Stored], at: datetime
) -> None:
    """Those that are missing; `stored` knows all of them afterwards."""
    new = {
        want.hash: (want, job.known.target)
        for job in jobs
        for want in job.wants
        if want.hash not in stored
    }
    if not new:
        return
    ways = tables()
    ids = ways.next_ids(Want._meta.db_table, len(new))
    for pk, hash_ in zip(ids, new, strict=True):
        stored[hash_] = _Stored(pk, WantState.OPEN)
    moment = ways.moment(at)
    rows = []
    for want, target in new.values():
        start = stored[want.input_hash].id if want.input_hash else None
        reference = want.reference.id if want.reference else None
        rows.append(
            (
                *(stored[want.hash].id, asking.account.pk, want.hash, target.sku),
                *(target.product_key, want.step.role, asking.plan.version_id, want.step.id),
                *(reference, start, want.prompt, _json(dict(want.step.parameters))),
                *(want.image_number, want.redo_number, moment),
            )
        )
    insert_rows(Want, _WANT_COLUMNS, rows)


def _write_jobs(
    asking: Asking,
    jobs: Sequence[_Job],
    stored: dict[str, _Stored],
    planned: Planned,
    at: datetime,
) -> dict[int, int]:
    """Their ids, by the identity of the target in memory."""
    if not jobs:
        return {}
    ways = tables()
    ids = ways.next_ids(ImageJob._meta.db_table, len(jobs))
    rows = []
    for pk, job in zip(ids, jobs, strict=True):
        is_there = all(stored[want.hash].state == WantState.SATISFIED for want in job.wants)
        if is_there:
            planned.already += 1
        elif planned.ready is None and not asking.is_held:
            planned.ready = pk
        rows.append(_job_row(asking, pk, job, at, is_there=is_there))
    insert_rows(ImageJob, _JOB_COLUMNS, rows)
    insert_rows(
        JobWant,
        ("job_id", "want_id"),
        [
            (pk, stored[want.hash].id)
            for pk, job in zip(ids, jobs, strict=True)
            for want in job.wants
        ],
    )
    return {id(job.known.target): pk for pk, job in zip(ids, jobs, strict=True)}


def _job_row(
    asking: Asking, pk: int, job: _Job, at: datetime, *, is_there: bool
) -> tuple[Any, ...]:
    ways = tables()
    target, moment = job.known.target, ways.moment(at)
    reference = next((want.reference.id for want in job.wants if want.reference), None)
    state = JobState.HELD if asking.is_held else JobState.WAITING
    due = None if asking.is_held else moment
    return (
        *(pk, ways.identifier(uuid4()), asking.account.pk, target.sku, target.product_key),
        *(asking.hook_id, asking.plan.version_id, asking.batch_id),
        *(asking.upload_id, target.upload_row, asking.trigger.value, asking.requested_by_id),
        *(_json(dict(target.inputs)), target.images, job.redo_number, reference),
        (JobState.DELIVERED if is_there else state).value,
        _THERE if is_there else "",
        None if is_there else due,
        *(moment, moment, moment if is_there else None),
    )


def _in_order(
    targets: Sequence[Target], made: dict[int, int], of_rows: dict[int | None, int]
) -> list[int]:
    found = (made.get(id(target), of_rows.get(target.upload_row)) for target in targets)
    return [pk for pk in found if pk is not None]


def _json(document: dict[str, Any]) -> str:
    return orjson.dumps(document).decode()
