"""Keeps what is in the database for the floor; nothing of it is timed."""

from pathlib import Path

from benchmarks.outcome import Outcome
from benchmarks.snapshots import save_snapshot


def measure(*, path: str) -> Outcome:
    save_snapshot(Path(path))
    return Outcome(seconds={"total": 0.0})
