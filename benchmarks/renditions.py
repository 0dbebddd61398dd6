"""Renditions: pictures a second against Pillow size by size and pyvips, and requests a second."""

import shutil
import sys
from pathlib import Path
from typing import Final

from benchmarks.databases import Databases
from benchmarks.outcome import Outcome
from benchmarks.processes import Place, measure
from benchmarks.records import Record, Records

CASCADE: Final = "renditions, cascade"
SIZE_BY_SIZE: Final = "renditions, Pillow size by size"
PYVIPS: Final = "renditions, pyvips"
REQUEST: Final = "rendition requests"
UNCHANGED: Final = "rendition requests, unchanged"
STATIC: Final = "static file requests"
PICTURES: Final = 12
REQUESTS: Final = 500
_SIDE: Final = 2000
_WAYS: Final = {CASCADE: "cascade", SIZE_BY_SIZE: "size by size", PYVIPS: "pyvips"}


class DifferentPictures(Exception):
    """What is compared did not make files of the same kinds and sizes."""


def measure_rendering(
    *, databases: Databases, directory: Path, rounds: int, records: Records
) -> None:
    """Every way once a round; no database has a part in it."""
    pictures = directory / "pictures"
    _draw(pictures)
    place = _place(databases, directory, "rendering")
    for number in range(rounds):
        found = {
            name: measure("rendering", place, directory=str(pictures), way=way)
            for name, way in _WAYS.items()
        }
        if len({str(outcome.facts["shapes"]) for outcome in found.values()}) > 1:
            raise DifferentPictures
        for name, outcome in found.items():
            records.add(Record(databases.kind, PICTURES, name, number, outcome))
            sys.stderr.write(
                f"round {number + 1}, {name}: {PICTURES / outcome.total:.1f} pictures/s, "
                f"{outcome.facts['bytes'] / 1e6:.1f} MB\n"
            )
    _drop(databases, place)


def measure_requests(
    *, databases: Databases, directory: Path, rounds: int, records: Records
) -> None:
    pictures = directory / "pictures"
    _draw(pictures)
    picture = str(sorted(pictures.iterdir())[0])
    names = {REQUEST: "rendition", UNCHANGED: "unchanged", STATIC: "static"}
    for number in range(rounds):
        place = _place(databases, directory, f"requests-{number}")
        all_three = measure("rendition_requests", place, picture=picture, requests=REQUESTS)
        for name, phase in names.items():
            outcome = Outcome(seconds={"total": all_three.seconds[phase]})
            records.add(Record(databases.kind, REQUESTS, name, number, outcome))
            sys.stderr.write(
                f"{databases.kind}, round {number + 1}, {name}: "
                f"{REQUESTS / outcome.total:,.0f} requests/s\n"
            )
        _drop(databases, place)


def _draw(directory: Path) -> None:
    """Photos of the project's own, on quiet and on noisy paper, as JPEG of good quality."""
    from imagery.samples import SAMPLE_NAMES, Backdrop, draw_sample

    if directory.exists():
        return
    directory.mkdir()
    for number in range(PICTURES):
        name = SAMPLE_NAMES[number % len(SAMPLE_NAMES)]
        paper = Backdrop(noise=0.4 if number < PICTURES // 2 else 4.0)
        photo = draw_sample(name, side=_SIDE, backdrop=paper).photo
        photo.save(directory / f"{number:02}-{name}.jpg", quality=92, subsampling=0)


def _place(databases: Databases, directory: Path, name: str) -> Place:
    data_dir = directory / f"renditions-{name}"
    data_dir.mkdir()
    return Place(databases.fresh(), data_dir)


def _drop(databases: Databases, place: Place) -> None:
    databases.drop(place.database_url)
    shutil.rmtree(place.data_dir)
