"""Two hundred SKUs, four images each, six calls at a time: the tutorial's script against ours."""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.request import urlopen

from benchmarks.databases import Databases
from benchmarks.processes import Place, measure
from benchmarks.records import Record, Records

OURS: Final = "image batch"
SCRIPT: Final = "image batch, asyncio script"
SKUS: Final = 200
#: Seconds a call takes. Of real ones it is ten to thirty; a short one shows more of what we add.
DELAY: Final = 0.5
_IMAGES, _AT_A_TIME, _KEY = 4, 6, "bench"


class DifferentWork(Exception):
    """One side called the provider more often than the other, or did not get everything."""


def measure_imagery(
    *, databases: Databases, directory: Path, rounds: int, records: Records
) -> None:
    """Both once a round, one after the other, against the same provider."""
    file = _batch(directory / "image-batch.csv")
    with _provider() as base_url:
        for number in range(rounds):
            data_dir = directory / f"imagery-{number}"
            data_dir.mkdir()
            place = Place(databases.fresh(), data_dir)
            said = {"file": str(file), "base_url": base_url, "key": _KEY}
            said |= {"manifest": str(data_dir / "manifest.jsonl")}
            for name, task in ((SCRIPT, "asyncio_batch"), (OURS, "image_batch")):
                before = _calls(base_url)
                outcome = measure(task, place, images=_IMAGES, at_a_time=_AT_A_TIME, **said)
                called = _calls(base_url) - before
                if called != SKUS or outcome.facts["completed"] != SKUS:
                    raise DifferentWork(f"{name}: {called} calls, {outcome.facts}")
                records.add(Record(databases.kind, SKUS, name, number, outcome))
                sys.stderr.write(
                    f"{databases.kind}, round {number + 1}, {name}: {outcome.total:.1f} s, "
                    f"{called} calls\n"
                )
            databases.drop(place.database_url)
            shutil.rmtree(data_dir)


def _batch(path: Path) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["sku", "title", "image_url", "brand", "style_tags"])
        for number in range(SKUS):
            photo = f"https://cdn.example.com/{number}.jpg"
            writer.writerow([f"SKU-{number}", f"Mug {number}", photo, "Clay", "matte, blue"])
    return path


@contextmanager
def _provider() -> Iterator[str]:
    """In a process of its own, as the real ones are."""
    command = [sys.executable, "-m", "tests.imagery.fake_provider", "--delay", str(DELAY)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ))
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _calls(base_url: str) -> int:
    with urlopen(base_url.removesuffix("/v1") + "/ledger") as answer:
        return int(json.load(answer)["calls"])
