"""Manners towards other people's servers: how many at once, and when to leave one alone."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from catalog.media_fetching.due import DueAsset
from catalog.media_fetching.verdicts import (
    LONGEST_PAUSE,
    Problem,
    Verdict,
    put_off,
    tried_in_vain,
)

#: Tries in a row that a server may fail before it counts as being in trouble altogether.
STRIKES: Final = 5
_ASKED_TO_WAIT = "http_429"
_USUAL_WAIT: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Closure:
    """Why a server is asked nothing more in this round; `until` only if it asked for that itself.

    Without it the server is in trouble: what is due there shares the verdict of what was tried,
    so that a dead server costs a few tries and not one for each of its pictures.
    """

    problem: Problem
    until: datetime | None

    def verdict(self, asset: DueAsset, *, at: datetime) -> Verdict:
        if self.until is None:
            return tried_in_vain(asset, self.problem, at=at)
        return put_off(asset, self.problem, until=self.until)


class Hosts:
    """The servers of one round."""

    def __init__(self, *, at_once: int) -> None:
        self._at_once = at_once
        self._asked: Counter[str] = Counter()
        self._strikes: Counter[str] = Counter()
        self._closed: dict[str, Closure] = {}

    def room(self, host: str) -> int:
        """How many more questions may be put to it now."""
        return 0 if host in self._closed else self._at_once - self._asked[host]

    def closure(self, host: str) -> Closure | None:
        return self._closed.get(host)

    def asked(self, host: str) -> None:
        self._asked[host] += 1

    def answered(self, host: str, problem: Problem | None, *, at: datetime) -> None:
        """None is a picture; a permanent problem is an answer as good as one."""
        self._asked[host] -= 1
        if problem is None or problem.is_permanent:
            self._strikes[host] = 0
            return
        self._strikes[host] += 1
        if problem.retry_after is not None or problem.code == _ASKED_TO_WAIT:
            wait = min(problem.retry_after or _USUAL_WAIT, LONGEST_PAUSE)
            self._closed[host] = Closure(problem, at + wait)
        elif self._strikes[host] >= STRIKES:
            self._closed.setdefault(host, Closure(problem, None))
