"""The calls a worker has in hand, on their way out: as many as providers, money and threads let."""

from collections import Counter, deque
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from imagery.engine.assessing import ReadyCall
from imagery.engine.closures import Bounds, Closures
from imagery.engine.ladders import Hindrance, Step, has_other
from imagery.engine.lines import Lines
from imagery.engine.photos import hindrance_of
from imagery.engine.sending import NotWanted, begin, put_off, refusal_now
from imagery.engine.settling import Ending
from imagery.engine.taking_back import NOT_NEEDED
from imagery.engine.views import Pauses
from imagery.errors import CallHasEnded, CallMustWait
from imagery.models import ProviderCall, WaitsFor
from imagery.providers.protocol import CallOutcome, OutcomeClass, Provider
from imagery.providers.registry import NoProvider, provider_named
from jobs import clock

_NOT_WANTED: Final = Hindrance(NOT_NEEDED, "What it was for has come from elsewhere.")


class Outgoing:
    """Knows of each call in hand which job it is for, until it is `done`.

    `endings` collects what ended without having gone out, `to_look` the jobs that have to wait.
    """

    def __init__(self, lines: Lines, *, lease: timedelta, steps: dict[int, Step]) -> None:
        self._lines = lines
        self._lease = lease
        self._steps = steps
        self._closures = Closures()
        self._bounds = Bounds()
        self._ready: dict[tuple[int, str], deque[ReadyCall]] = {}
        self._job_of: dict[int, int] = {}
        self._calls_of: Counter[int] = Counter()
        self._waiting_of: Counter[int] = Counter()
        self.pauses = Pauses(frozenset(), frozenset())
        self.endings: list[Ending] = []
        self.to_look: set[int] = set()

    def holds(self, call_id: int) -> bool:
        return call_id in self._job_of

    def has_calls_of(self, job_id: int) -> bool:
        return self._calls_of[job_id] > 0

    def is_under_way(self, job_id: int) -> bool:
        """Some call of the job has more than been made ready."""
        return self._calls_of[job_id] > self._waiting_of[job_id]

    def add(self, job_id: int, ready: ReadyCall) -> None:
        self._job_of[ready.call.pk] = job_id
        self._calls_of[job_id] += 1
        self.add_again(ready)

    def add_again(self, ready: ReadyCall) -> None:
        """Whose photo has been fetched."""
        self._queue(ready).append(ready)
        self._waiting_of[self._job_of[ready.call.pk]] += 1

    def done(self, call_id: int) -> int | None:
        """The job it was for; there is nothing to look at where it is not in hand."""
        job_id = self._job_of.pop(call_id, None)
        if job_id is not None:
            self._calls_of[job_id] -= 1
            self.to_look.add(job_id)
        return job_id

    def let_go(self) -> None:
        """Nothing more goes out: what is merely ready is anybody's."""
        for queue in self._ready.values():
            while queue:
                self._forget(self._next(queue))

    def start(self) -> None:
        """One of each provider and account in turn, until no more can go out."""
        moved = True
        while moved:
            moved = False
            for queue in [queue for queue in self._ready.values() if queue]:
                moved = self._start_one(queue) or moved

    def _start_one(self, queue: deque[ReadyCall]) -> bool:
        """Whether anything became of the first in the queue."""
        ready = queue[0]
        try:
            provider = provider_named(ready.call.provider)
        except NoProvider as problem:
            self._end(self._next(queue), Hindrance("provider_off", str(problem)))
            return True
        refusal = self._closures.refusal_of(ready.call, at=clock.now())
        if refusal is not None:
            return self._refused_alike(queue, refusal)
        if ready.photo.is_to_be_brought:
            self._lines.bring_photo(self._next(queue))
            return True
        if not self._lines.has_room(is_local=provider.capabilities.is_local):
            return False
        out = self._lines.out_to(ready.call.account_id, ready.call.provider)
        if self._bounds.is_reached(ready.call, out=out, at=clock.now()):
            return False
        return self._send(queue, provider)

    def _send(self, queue: deque[ReadyCall], provider: Provider) -> bool:
        ready = queue[0]
        try:
            begun = begin(ready, lease=self._lease)
        except NotWanted:
            self._end(self._next(queue), _NOT_WANTED)
        except CallHasEnded:
            self._forget(self._next(queue))
        else:
            if isinstance(begun, CallMustWait):
                return self._refused(queue, begun)
            self._lines.send(begun, provider)
            self._next(queue)
        return True

    def _refused(self, queue: deque[ReadyCall], refusal: CallMustWait) -> bool:
        """The first of the queue; the refusal stands on it."""
        if refusal.reason == WaitsFor.CONCURRENCY:
            call = queue[0].call
            out = self._lines.out_to(call.account_id, call.provider)
            self._bounds.note(call, out=out, at=clock.now())
            return False
        ready = self._next(queue)
        self._closures.note(ready.call, refusal, at=clock.now())
        if self._has_other(ready, refusal):
            self._end(ready, Hindrance(refusal.reason, str(refusal)))
        else:
            self._forget(ready)
        return True

    def _refused_alike(self, queue: deque[ReadyCall], refusal: CallMustWait) -> bool:
        """Those behind it that would be refused the same way are not asked each by each.

        The first is: whoever raised a cap or resumed a provider has woken what waited for it, and
        what is put off after that without a date would rest for ever.
        """
        call = queue[0].call
        try:
            again = refusal_now(call, lease=self._lease)
        except CallHasEnded:
            self._forget(self._next(queue))
            return True
        self._closures.forget(call, refusal)
        if again is None:
            return True
        self._closures.note(call, again, at=clock.now())
        if again.reason != refusal.reason:
            return True
        self._put_off_alike(queue, again)
        return True

    def _put_off_alike(self, queue: deque[ReadyCall], refusal: CallMustWait) -> None:
        alike = list(self._alike(queue, refusal))
        put_off([each.call.pk for each in alike], refusal)
        for ready in alike:
            if self._has_other(ready, refusal):
                self._end(ready, Hindrance(refusal.reason, str(refusal)))
            else:
                self._forget(ready)

    def _alike(self, queue: deque[ReadyCall], refusal: CallMustWait) -> Iterator[ReadyCall]:
        at = clock.now()
        while queue and self._closures.refusal_of(queue[0].call, at=at) is refusal:
            yield self._next(queue)

    def _has_other(self, ready: ReadyCall, refusal: CallMustWait) -> bool:
        """Nobody waits for a provider that is paused, or off for want of any money, where another
        can be asked."""
        if refusal.reason != WaitsFor.PROVIDER_PAUSED and not refusal.is_off:
            return False
        call, at = ready.call, clock.now()
        step = self._steps.get(call.step_id or 0)
        return step is not None and has_other(
            step,
            after=call.rung,
            is_paused=lambda name: self.pauses.hold(call.account_id, name),
            hindrance=lambda provider: hindrance_of(provider, ready.source, at=at),
        )

    def _queue(self, ready: ReadyCall) -> deque[ReadyCall]:
        key = (ready.call.account_id, ready.call.provider)
        return self._ready.setdefault(key, deque())

    def _next(self, queue: deque[ReadyCall]) -> ReadyCall:
        ready = queue.popleft()
        self._waiting_of[self._job_of.get(ready.call.pk, 0)] -= 1
        return ready

    def _end(self, ready: ReadyCall, why: Hindrance) -> None:
        self.endings.append(hopeless(ready.call, why))

    def _forget(self, ready: ReadyCall) -> None:
        self.done(ready.call.pk)


def hopeless(call: ProviderCall, why: Hindrance) -> Ending:
    """A planned call that is not going to be made: somebody else is to be asked."""
    outcome = CallOutcome(OutcomeClass.NOT_SENT, code=why.code, message=why.message)
    return Ending(call.pk, outcome, never_sent=True, takes_next_rung=True)
