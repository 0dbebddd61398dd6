"""How long a save in the admin takes while a large file is being imported."""

import shutil
import sys
from pathlib import Path
from statistics import quantiles
from time import monotonic, sleep

from benchmarks.databases import Databases
from benchmarks.files import CatalogFiles
from benchmarks.outcome import Outcome
from benchmarks.processes import MeasurementFailed, Place, Running, measure, start
from benchmarks.records import Record, Records

MEASURE = "admin save during a first import"
_PATIENCE_SECONDS = 60


def measure_saves(
    *,
    databases: Databases,
    before: CatalogFiles,
    files: CatalogFiles,
    directory: Path,
    number: int,
    records: Records,
) -> None:
    """`before` is imported first, so that there are variants to save."""
    data_dir = directory / f"saves-{number}"
    data_dir.mkdir()
    place = Place(databases.fresh(), data_dir)
    try:
        measure("product", place, file=str(before.first))
        databases.settle()
        outcome = _saves_during_import(place, files)
    finally:
        databases.drop(place.database_url)
        shutil.rmtree(data_dir)
    records.add(Record(databases.kind, files.rows, MEASURE, number, outcome))
    sys.stderr.write(
        f"{databases.kind}, {files.rows:,} rows, round {number + 1}, {MEASURE}: "
        f"{outcome.facts['saves']} saves, p95 {outcome.seconds['p95'] * 1000:.0f} ms\n"
    )


def _saves_during_import(place: Place, files: CatalogFiles) -> Outcome:
    """`total` is the median of the saves."""
    ready, stop = place.data_dir / "ready", place.data_dir / "stop"
    saving = start("editing", place, ready=str(ready), stop=str(stop))
    try:
        _wait_for(ready, saving)
        measure("product", place, file=str(files.first))
    finally:
        stop.touch()
        saved = saving.outcome()
    during: list[float] = saved.facts["during"]
    if len(during) < 2:
        raise MeasurementFailed("The import was over before two saves were made; use more rows.")
    percentiles = quantiles(during, n=100, method="inclusive")
    return Outcome(
        seconds={
            "total": percentiles[49],
            "p95": percentiles[94],
            "slowest": max(during),
        },
        facts={"saves": len(during)},
    )


def _wait_for(ready: Path, saving: Running) -> None:
    deadline = monotonic() + _PATIENCE_SECONDS
    while not ready.exists() and saving.process.poll() is None and monotonic() < deadline:
        sleep(0.02)
