"""How a job ends: by what became of the pictures it was to deliver."""

from collections.abc import Sequence
from dataclasses import dataclass

from imagery.models import JobState, Want, WantState


@dataclass(frozen=True, slots=True)
class JobEnd:
    state: JobState
    code: str
    message: str


def end_of(wants: Sequence[Want]) -> JobEnd:
    """Pictures made on the way count only where nothing else was asked for."""
    delivered = [want for want in wants if want.role] or list(wants)
    if not delivered:
        return JobEnd(JobState.MISSING_IMAGE, "nothing_wanted", "The recipe asks for no picture.")
    there = sum(want.state == WantState.SATISFIED for want in delivered)
    if there == len(delivered):
        return JobEnd(JobState.DELIVERED, "", "")
    failed = [want for want in wants if want.state == WantState.EXHAUSTED]
    # Where a step failed, what builds on it says no more than that.
    telling = next((want for want in failed if want.error_code != "input_missing"), failed[0])
    state = JobState.PARTLY_DELIVERED if there else JobState.MISSING_IMAGE
    return JobEnd(state, telling.error_code, telling.message)
