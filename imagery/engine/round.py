"""One round of a worker: many jobs in hand, many calls out at once, one writer of the database.

HTTP, drawing, decoding and storage happen in threads; the database is this thread's alone. Every
end of a call is written as it comes. Leases of jobs and calls are renewed together, so that whoever
finds one of them run out may take it that this worker is no more.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Final

from django.db import connection, transaction

from imagery.engine.answering import note_answers
from imagery.engine.asking import exhaust, plan_calls
from imagery.engine.assessing import Assessment, Wait, assess
from imagery.engine.ending import end_of
from imagery.engine.hand import Hand
from imagery.engine.ladders import Step, read_steps
from imagery.engine.lines import Answered, Lines
from imagery.engine.losses import ending_of_lost
from imagery.engine.outgoing import Outgoing, hopeless
from imagery.engine.photo_keeping import ending_without_photo, with_photo
from imagery.engine.policy import Policy
from imagery.engine.resting import SOON, has_to_be_woken, let_rest, wait_of
from imagery.engine.settling import Ending, settle
from imagery.engine.standing import refresh_statuses, refresh_statuses_of
from imagery.engine.views import JobView, read_jobs, read_pauses
from imagery.engine.waking import wake_jobs_of
from imagery.models import CallState, JobState, ProviderCall
from imagery.providers.registry import NoProvider, provider_named
from imagery.rehosting.photo_fetching import PhotoFailure
from jobs import clock

#: Seconds between two looks for more to do, while nothing comes back.
_LOOKS_EVERY: Final = 0.25
#: Seconds for which a look waits for others, and how many need not wait.
_LOOKS_TOGETHER: Final = 0.2
_ENOUGH: Final = 6
#: Tries of writing down answers, and ends of calls: for half a minute, while a database restarts.
_MOST_TRIES: Final = 120
#: Pictures are kept so many calls at a time, before the next answers are looked at.
_KEPT_AT_ONCE: Final = 2

logger = logging.getLogger(__name__)


class Round:
    """Runs until nothing is due any more, or until `ends_at` (of `time.monotonic`) and what is out
    has come back. `on_step` is called all the while, in this thread."""

    def __init__(
        self, policy: Policy, *, ends_at: float, on_step: Callable[[], object] = lambda: None
    ) -> None:
        self._policy = policy
        self._ends_at = ends_at
        self._on_step = on_step
        self._steps: dict[int, Step] = {}
        self._hand = Hand(lease=policy.lease)
        self._lines = Lines(policy)
        self._out = Outgoing(self._lines, lease=policy.lease, steps=self._steps)
        self._unnoted: list[Answered] = []
        self._noting_tries = 0
        self._unsettled: list[tuple[Ending, int]] = []
        self._renewed_at = self._took_at = self._looked_at = time.monotonic()
        self._found_more = True
        self._to_rest: list[int] = []

    def run(self, *, rung_for: int | None = None) -> None:
        """`rung_for` is the job whose bell was heard; it comes first."""
        try:
            if rung_for is not None:
                self._out.to_look.update(self._hand.take(rung_for))
            while self._step():
                self._on_step()
                self._lines.wait(self._patience)
        finally:
            self._close()

    @property
    def _is_over(self) -> bool:
        return time.monotonic() >= self._ends_at

    @property
    def _looks_later(self) -> bool:
        """A look at a few jobs costs as many queries as one at many. While calls are out, it can
        wait for the next of them."""
        is_soon = time.monotonic() - self._looked_at < _LOOKS_TOGETHER
        return is_soon and len(self._out.to_look) < _ENOUGH and not self._lines.is_idle

    @property
    def _patience(self) -> float:
        if self._found_more:
            return 0
        return _LOOKS_TOGETHER / 2 if self._out.to_look else _LOOKS_EVERY

    def _step(self) -> bool:
        """One look at everything; whether there is more to do."""
        self._renew()
        self._take_answers()
        if self._is_over:
            self._out.let_go()
        else:
            # Before anything else: a provider that has answered has nothing to do.
            self._out.start()
            self._take_more()
        self._keep_pictures()
        self._look()
        if not self._is_over:
            self._out.start()
        self._settle(self._out.endings)
        is_busy = bool(self._hand.job_ids) or self._owes
        return is_busy or (self._found_more and not self._is_over)

    @property
    def _owes(self) -> bool:
        """Something is out, or has come back and is not written down."""
        return bool(self._unnoted or self._unsettled) or not self._lines.is_idle

    def _renew(self) -> None:
        if time.monotonic() - self._renewed_at < self._policy.lease.total_seconds() / 4:
            return
        self._hand.renew()
        out = [
            *self._lines.calls_out,
            *(one.call.pk for one in self._unnoted),
            *(ending.call_id for ending, _ in self._unsettled),
        ]
        ProviderCall.objects.filter(pk__in=out, state=CallState.SENDING).update(
            slot_until=clock.now() + self._policy.lease
        )
        self._renewed_at = time.monotonic()

    def _take_more(self) -> None:
        """As many jobs as can soon have a turn, and of no account more than a handful."""
        now = time.monotonic()
        idle = [pk for pk in self._hand.job_ids if not self._out.is_under_way(pk)]
        room = 2 * self._policy.threads - len(idle)
        if room <= 0 or (not self._found_more and now - self._took_at < _LOOKS_EVERY):
            self._found_more = False
            return
        counts = self._hand.per_account(idle)
        # By the handful, not one by one: what is read about them costs the same.
        full = [account for account, count in counts.items() if count > self._policy.hand // 2]
        taken = self._hand.take_due(limit=min(room, self._policy.hand), but_not_of=full)
        self._took_at, self._found_more = now, bool(taken)
        self._out.to_look.update(taken)

    def _take_answers(self) -> None:
        """Answers are noted, and what they brought is fetched; where it is nothing, that is all."""
        self._unnoted += self._lines.answers()
        if not self._unnoted or not self._are_noted(self._unnoted):
            return
        answers, self._unnoted = self._unnoted, []
        endings: list[Ending] = []
        for one in answers:
            if one.outcome.images:
                self._lines.bring_home(one, is_local=_is_local(one.call.provider))
            else:
                endings.append(Ending(one.call.pk, one.outcome))
        self._settle(endings)

    def _are_noted(self, answers: list[Answered]) -> bool:
        """None is forgotten while the database is busy. In the end they go on without a note: what
        they brought is worth more."""
        try:
            note_answers(answers, lease=self._policy.lease)
        except Exception:
            if self._noting_tries in (0, _MOST_TRIES):
                logger.exception("%s answers could not be noted", len(answers))
            self._noting_tries += 1
            _reconnect()
            if self._noting_tries <= _MOST_TRIES:
                return False
        self._noting_tries = 0
        return True

    def _keep_pictures(self) -> None:
        """What was fetched: source photos for calls to come, and what calls have brought. One or
        two at a time, so that answers need not wait for long."""
        endings: list[Ending] = []
        for ready, fetched in self._lines.photos():
            if isinstance(fetched, PhotoFailure):
                endings.append(ending_without_photo(ready.call, fetched))
            else:
                self._out.add_again(with_photo(ready, fetched))
        for one, results in islice(self._lines.pictures(), _KEPT_AT_ONCE):
            endings.append(Ending(one.call.pk, one.outcome, results))
        self._settle(endings)

    def _settle(self, endings: list[Ending]) -> None:
        """None is forgotten while the database is busy: what a call came to is worth a wait."""
        waiting = [*self._unsettled, *((ending, 0) for ending in endings)]
        self._unsettled = []
        endings.clear()
        for ending, tries in waiting:
            try:
                wants = settle(ending, retries=self._policy.retries)
                job_id = self._out.done(ending.call_id)
                mine = job_id if job_id in self._hand else None
                wake_jobs_of(wants, but=mine)
                if mine is None:
                    refresh_statuses_of(wants)
            except Exception:
                if tries in (0, _MOST_TRIES):
                    logger.exception("The end of call %s could not be kept", ending.call_id)
                if tries < _MOST_TRIES:
                    self._unsettled.append((ending, tries + 1))
                _reconnect()

    def _look(self) -> None:
        """Decide what is next for jobs something has happened to."""
        if self._looks_later:
            return
        self._looked_at = time.monotonic()
        jobs = [pk for pk in self._out.to_look if pk in self._hand]
        self._out.to_look.clear()
        if not jobs:
            return
        views = list(self._still_running(read_jobs(jobs)))
        self._out.pauses = read_pauses()
        self._learn_steps(views)
        found = {view.job.pk: self._assess(view) for view in views}
        if not self._is_over:
            self._plan(views, found)
        at = clock.now()
        with transaction.atomic():
            gone = [view.job for view in views if not self._keeps(view, found[view.job.pk], at=at)]
            refresh_statuses(gone)
        self._let_rest(due_at=at + SOON)
        # There is room for others.
        self._found_more = self._found_more or bool(gone)

    def _still_running(self, views: Iterable[JobView]) -> Iterator[JobView]:
        """Cancelled jobs ask for nothing more: they are no longer in hand."""
        for view in views:
            if view.job.state == JobState.RUNNING:
                yield view
            else:
                self._hand.drop(view.job.pk)
                self._found_more = True

    def _assess(self, view: JobView) -> Assessment:
        found = assess(
            view,
            steps=self._steps,
            pauses=self._out.pauses,
            mine=self._out.holds,
            at=clock.now(),
        )
        exhaust(found.exhausted)
        self._out.endings += [ending_of_lost(call) for call in found.lost]
        self._out.endings += [hopeless(call, why) for call, why in found.hopeless]
        return found

    def _plan(self, views: Iterable[JobView], found: dict[int, Assessment]) -> None:
        wanted = [(view.job, new) for view in views for new in found[view.job.pk].new]
        for ready in plan_calls(wanted) if wanted else ():
            self._out.add(ready.call.job_id or 0, ready)
        for view in views:
            for ready in found[view.job.pk].ready:
                # Of jobs that share a call, one has it: the others look again when it has ended.
                if not self._out.holds(ready.call.pk):
                    self._out.add(view.job.pk, ready)

    def _keeps(self, view: JobView, found: Assessment, *, at: datetime) -> bool:
        """Whether the job stays in hand; else it has ended, or waits for its turn elsewhere."""
        job_id = view.job.pk
        if found.is_done:
            end = end_of([one.want for one in view.wants])
            self._hand.give_back(
                job_id,
                run_after=None,
                state=end.state,
                ended_at=at,
                error_code=end.code,
                message=end.message,
            )
        elif self._out.has_calls_of(job_id):
            return True
        elif found.exhausted or found.lost or found.hopeless:
            self._out.to_look.add(job_id)
            return True
        else:
            wait = self._wait_of(found, at=at)
            if is_to_rest := has_to_be_woken(found, wait, at=at):
                self._to_rest.append(job_id)
            self._hand.give_back(
                job_id,
                run_after=at + SOON if is_to_rest else wait.until,
                state=JobState.WAITING,
                error_code=wait.code,
                message=wait.message,
            )
        return False

    def _wait_of(self, found: Assessment, *, at: datetime) -> Wait:
        if self._is_over and (found.new or found.ready):
            return Wait(at, "", "")
        return wait_of(found, at=at)

    def _let_rest(self, *, due_at: datetime) -> None:
        keys, self._to_rest = self._to_rest, []
        if keys:
            let_rest(keys, mine=self._out.holds, due_at=due_at)

    def _learn_steps(self, views: Iterable[JobView]) -> None:
        used = {one.want.step_id for view in views for one in view.wants}
        if unknown := used - self._steps.keys():
            self._steps |= read_steps(unknown)

    def _close(self) -> None:
        """What is out comes back first, whatever the trouble: it may have been paid for."""
        self._out.let_go()
        troubles = 0
        while self._owes:
            self._lines.wait(_LOOKS_EVERY)
            for act in (self._renew, self._take_answers, self._keep_pictures):
                try:
                    act()
                except Exception:
                    if not troubles:
                        logger.exception("Trouble while the last calls come back")
                    troubles += 1
                    _reconnect()
        self._lines.close()
        for job_id in list(self._hand.job_ids):
            self._hand.give_back(job_id, run_after=clock.now(), state=JobState.WAITING)


def _reconnect() -> None:
    """A connection that is broken is opened anew by the next query."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def _is_local(provider: str) -> bool:
    try:
        return provider_named(provider).capabilities.is_local
    except NoProvider:
        return False
