"""Verdicts: the ratio, the size a target is stated for, and a miss that is called a miss."""

import pytest

from benchmarks.outcome import Outcome
from benchmarks.records import Record, Records
from benchmarks.targets import Verdict, verdicts


def records(*measured: tuple[int, str, int, dict[str, float]]) -> Records:
    found = Records()
    for rows, measure, number, seconds in measured:
        found.add(Record("sqlite", rows, measure, number, Outcome(seconds, peak_mb=float(number))))
    return found


def verdict_on(found: Records, beginning: str, rows: int) -> Verdict:
    matching = [v for v in verdicts(found) if v.what.startswith(beginning) and v.rows == rows]
    assert len(matching) == 1
    return matching[0]


def imported(
    rows: int, *, applying: float, number: int = 0
) -> tuple[int, str, int, dict[str, float]]:
    seconds = {"total": applying + 1, "reading": 1.0, "applying": applying}
    return rows, "product first", number, seconds


@pytest.mark.parametrize(
    ("applying", "measured", "verdict"), [(14.0, "1.4x", "met"), (15.0, "1.5x", "**missed**")]
)
def test_a_target_is_met_up_to_its_limit_and_missed_beyond(applying, measured, verdict):
    found = records(
        imported(100_000, applying=applying), (100_000, "floor first", 0, {"total": 10.0})
    )
    judged = verdict_on(found, "First import, apply phase", 100_000)
    assert (judged.measured, judged.verdict) == (measured, verdict)


def test_another_size_is_shown_but_not_judged():
    found = records(imported(2_000, applying=9.0), (2_000, "floor first", 0, {"total": 3.0}))
    judged = verdict_on(found, "First import, apply phase", 2_000)
    assert (judged.measured, judged.verdict) == ("3x", "- (stated for 100,000 rows)")


def test_the_median_of_the_rounds_ratios_counts():
    found = records(
        *(imported(100_000, applying=10.0, number=number) for number in range(3)),
        *(
            (100_000, "floor first", number, {"total": seconds})
            for number, seconds in enumerate((10.0, 5.0, 8.0))
        ),
    )
    judged = verdict_on(found, "First import, apply phase", 100_000)
    assert (judged.measured, judged.spread) == ("1.25x", "1x .. 2x")


def test_the_faster_configuration_of_the_peer_counts():
    found = records(
        imported(10_000, applying=1.0),
        (10_000, "import-export skip_diff first", 0, {"total": 12.0}),
        (10_000, "import-export skip_unchanged first", 0, {"total": 9.0}),
    )
    judged = verdict_on(found, "First import, times as fast as django-import-export", 10_000)
    assert (judged.measured, judged.verdict) == ("4.5x", "**missed**")


def test_what_was_not_measured_has_no_verdict():
    assert [v.what for v in verdicts(records((10_000, "floor first", 0, {"total": 1.0})))] == []


def test_memory_is_compared_with_the_smallest_size():
    found = records(
        imported(10_000, applying=1.0, number=100),
        imported(100_000, applying=1.0, number=115),
        imported(1_000_000, applying=1.0, number=121),
    )
    judged = [v for v in verdicts(found) if v.what.startswith("Peak memory")]
    assert [(v.rows, v.measured, v.verdict) for v in judged] == [
        (100_000, "15 MB", "met"),
        (1_000_000, "21 MB", "**missed**"),
    ]


def test_memory_is_judged_by_what_a_format_takes_beyond_another():
    found = Records()
    for measure, peak in (("import csv", 90.0), ("import xlsx", 185.0), ("import json", 95.0)):
        outcome = Outcome({"total": 1.0}, peak_mb=peak)
        found.add(Record("sqlite", 100_000, measure, 0, outcome))

    xlsx = verdict_on(found, "Importing XLSX", 100_000)
    json = verdict_on(found, "Importing JSON", 100_000)

    assert (xlsx.measured, xlsx.verdict) == ("95 MB", "**missed**")
    assert (json.measured, json.verdict) == ("5 MB", "met")
