"""A page of products from the API, against the same page from Django REST framework."""

import shutil
import sys
from pathlib import Path

from benchmarks.databases import Databases
from benchmarks.files import CatalogFiles
from benchmarks.outcome import Outcome
from benchmarks.processes import Place, measure
from benchmarks.records import Record, Records

PRODUCT = "list of 50 products"
REST_FRAMEWORK = "list of 50 products, REST framework"
#: See benchmarks/urls.py.
_PATHS = {PRODUCT: "/api/platform/v1/products", REST_FRAMEWORK: "/bench/products"}


class DifferentAnswers(Exception):
    """The two endpoints do not say the same of the same rows."""


def measure_lists(
    *,
    databases: Databases,
    files: CatalogFiles,
    directory: Path,
    rounds: int,
    records: Records,
) -> None:
    data_dir = directory / "lists"
    data_dir.mkdir()
    place = Place(databases.fresh(), data_dir)
    try:
        measure("product", place, file=str(files.first))
        for number in range(rounds):
            both = measure("listing", place, paths=list(_PATHS.values()))
            if len(set(both.facts.values())) > 1:
                raise DifferentAnswers
            for name, path in _PATHS.items():
                outcome = Outcome(seconds={"total": both.seconds[path]})
                records.add(Record(databases.kind, files.rows, name, number, outcome))
                sys.stderr.write(
                    f"{databases.kind}, {files.rows:,} rows, round {number + 1}, {name}: "
                    f"{outcome.total * 1000:.1f} ms\n"
                )
    finally:
        databases.drop(place.database_url)
        shutil.rmtree(data_dir)
