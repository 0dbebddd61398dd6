"""What a try comes to: a picture, another try later, or a failure with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any

from bulk_sql import tables
from catalog.media_fetching.due import DueAsset
from catalog.media_fetching.policy import MOST_ATTEMPTS
from catalog.models import AssetState
from outbound import NotNow, OutboundError

FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=6)
#: What a server may ask for at most.
LONGEST_PAUSE = timedelta(hours=1)
_LONGEST_REASON = 300
_COLUMNS = ("state", "due_at", "attempts", "file_id", "failed_at", "failure_code", "failure")
_random = SystemRandom()


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a try brought no picture. `retry_after` is how long the server asks to be left alone."""

    code: str
    reason: str
    is_permanent: bool
    retry_after: timedelta | None = None

    @classmethod
    def of(cls, error: OutboundError) -> "Problem":
        wait = error.retry_after if isinstance(error, NotNow) else None
        return cls(error.code, error.reason, error.is_permanent, wait)


WORKER_STOPPED = Problem(
    "worker_stopped", "Each worker that tried to fetch it stopped while doing so.", True
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to stand on the asset from now on."""

    asset_id: int
    state: AssetState
    attempts: int
    due_at: datetime | None = None
    file_id: int | None = None
    failed_at: datetime | None = None
    code: str = ""
    reason: str = ""


def fetched(asset: DueAsset, *, file_id: int) -> Verdict:
    return Verdict(asset.id, AssetState.FETCHED, asset.attempts + 1, file_id=file_id)


def tried_in_vain(asset: DueAsset, problem: Problem, *, at: datetime) -> Verdict:
    """Later again, each time after a longer wait; a permanent problem or the last try decides."""
    attempts = asset.attempts + 1
    if problem.is_permanent or attempts >= MOST_ATTEMPTS:
        return _failed(asset, problem, attempts, at)
    asked_for = min(problem.retry_after or timedelta(), LONGEST_PAUSE)
    return _later(asset, problem, attempts, at + max(delay(attempts=attempts), asked_for))


def put_off(asset: DueAsset, problem: Problem, *, until: datetime) -> Verdict:
    """Not tried, because its server asked to be left alone."""
    return _later(asset, problem, asset.attempts, until)


def given_up(asset: DueAsset, problem: Problem, *, at: datetime) -> Verdict:
    return _failed(asset, problem, asset.attempts, at)


def record(verdicts: Sequence[Verdict]) -> None:
    """Write them, in the caller's transaction."""
    ways = tables()
    rows = [
        (
            verdict.asset_id,
            verdict.state.value,
            ways.moment(verdict.due_at) if verdict.due_at else None,
            verdict.attempts,
            verdict.file_id,
            ways.moment(verdict.failed_at) if verdict.failed_at else None,
            verdict.code,
            verdict.reason[:_LONGEST_REASON],
        )
        for verdict in verdicts
    ]
    ways.update("catalog_mediaasset", _COLUMNS, rows)


def delay(*, attempts: int) -> timedelta:
    """Four times as long after each try, from half a minute; up to half of it left to chance, so
    that what failed together does not come back together."""
    longest = min(FIRST_DELAY * (1 << 2 * min(attempts - 1, 10)), LONGEST_DELAY)
    return longest * _random.uniform(0.5, 1)


def _later(asset: DueAsset, problem: Problem, attempts: int, due_at: datetime) -> Verdict:
    return Verdict(
        asset.id,
        AssetState.PENDING,
        attempts,
        due_at=due_at,
        code=problem.code,
        reason=problem.reason,
    )


def _failed(asset: DueAsset, problem: Problem, attempts: int, at: datetime) -> Verdict:
    fields: dict[str, Any] = {"failed_at": at, "code": problem.code, "reason": problem.reason}
    return Verdict(asset.id, AssetState.FAILED, attempts, **fields)
