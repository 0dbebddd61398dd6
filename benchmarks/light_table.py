"""The light table: how long a reviewer at the keyboard waits for the next SKU."""

import shutil
import sys
from pathlib import Path
from typing import Final

from benchmarks.databases import Databases
from benchmarks.processes import Place, measure
from benchmarks.records import Record, Records

MEASURE: Final = "light table"
#: Two to warm up, fifty that count.
SKUS: Final = 52


def measure_light_table(
    *, databases: Databases, directory: Path, rounds: int, recording: Path | None, records: Records
) -> None:
    """`recording` is a file for all that the browser did in the last round, which slows it down
    (`playwright show-trace` plays it)."""
    for number in range(rounds):
        data_dir = directory / f"light-table-{number}"
        data_dir.mkdir()
        place = Place(databases.fresh(), data_dir)
        outcome = measure(
            "reviewing", place, skus=SKUS, recording=str(recording) if recording else None
        )
        databases.drop(place.database_url)
        shutil.rmtree(data_dir)
        records.add(Record(databases.kind, SKUS, MEASURE, number, outcome))
        sys.stderr.write(
            f"{databases.kind}, round {number + 1}, {MEASURE}: a switch takes "
            f"{outcome.total * 1000:.0f} ms, nine of ten at most "
            f"{outcome.seconds['p90'] * 1000:.0f}, at worst {outcome.seconds['worst'] * 1000:.0f}; "
            f"{outcome.facts['keys']} keys for {SKUS} SKUs\n"
        )
