"""How a role stands, told from its wants and images."""

from datetime import UTC, datetime, timedelta

import pytest

from imagery.image_sets.standing import Trace, status_of_role, worst
from imagery.models import QaStatus

START = datetime(2026, 1, 1, tzinfo=UTC)


def trace(minutes=0, **values):
    return Trace(since=START + timedelta(minutes=minutes), **values)


UNDER_WAY = {"state": "open", "is_under_way": True}
APPROVED = {"state": "satisfied", "decision": "approved"}
WAITING = {"state": "satisfied", "decision": "pending"}
REJECTED = {"state": "satisfied", "decision": "rejected"}
GIVEN_UP = {"state": "exhausted"}

CASES = {
    "nothing was asked for": ([], "not_requested"),
    "it is on its way": ([trace(**UNDER_WAY)], "generating"),
    "its job is held or cancelled": ([trace(state="open")], "not_requested"),
    "one has come and another has not": (
        [trace(**WAITING), trace(**UNDER_WAY)], "pending_review",
    ),
    "one is approved": ([trace(**APPROVED)], "approved"),
    "all were given up": ([trace(**GIVEN_UP)], "missing_image"),
    "it was rejected": ([trace(**REJECTED)], "rejected"),
    "rejected, and on its way again": (
        [trace(**REJECTED), trace(1, **UNDER_WAY)], "generating",
    ),
    "rejected, and then nothing came": (
        [trace(**REJECTED), trace(1, **GIVEN_UP)], "missing_image",
    ),
    "given up, then made and rejected": (
        [trace(**GIVEN_UP), trace(1, **REJECTED)], "rejected",
    ),
    "approved beside its candidates": (
        [trace(**APPROVED, jobs=frozenset({1, 2})), trace(1, **WAITING, jobs=frozenset({2}))],
        "approved",
    ),
    "approved beside one that is not there yet": (
        [trace(**APPROVED, jobs=frozenset({1})), trace(1, **UNDER_WAY, jobs=frozenset({1}))],
        "approved",
    ),
    "approved, and asked for anew": (
        [trace(**APPROVED, jobs=frozenset({1})), trace(1, **UNDER_WAY, jobs=frozenset({2}))],
        "generating",
    ),
    "approved, and made anew": (
        [trace(**APPROVED, jobs=frozenset({1})), trace(1, **WAITING, jobs=frozenset({2}))],
        "pending_review",
    ),
    "approved, and an older one still waits": (
        [trace(**WAITING, jobs=frozenset({1})), trace(1, **APPROVED, jobs=frozenset({2}))],
        "approved",
    ),
    "approved for an older photo": ([trace(**APPROVED, has_lapsed=True)], "pending_review"),
    "superseded ones say nothing": (
        [trace(state="satisfied", decision="superseded")], "not_requested",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_role_stands_as_what_came_last_says(case):
    traces, status = CASES[case]

    assert status_of_role(traces) == status
    assert status_of_role(list(reversed(traces))) == status


def test_a_set_is_as_good_as_its_worst_role():
    order = [
        "missing_image", "rejected", "not_requested", "generating", "pending_review", "approved",
    ]  # fmt: skip
    for place in range(len(order)):
        assert worst(QaStatus(each) for each in reversed(order[place:])) == order[place]
    assert worst([]) == "not_requested"
