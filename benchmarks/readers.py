"""Workbooks and JSON: reading against other readers, and what an import of them takes."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.databases import Databases
from benchmarks.files import CatalogFiles
from benchmarks.processes import Place, measure
from benchmarks.reader_files import write_json, write_workbook
from benchmarks.records import Record, Records

XLSX: Final = "read xlsx"
OPENPYXL: Final = "read xlsx, openpyxl read-only"
JSON: Final = "read json"
JSON_LOAD: Final = "read json, json.load"
IJSON: Final = "read json, ijson yajl2_c"
#: Of a first import, by the format of its file.
IMPORTS: Final = {"csv": "import csv", "xlsx": "import xlsx", "json": "import json"}


class DifferentRows(Exception):
    """Two readers were given one file and found a different number of rows."""


@dataclass(frozen=True, slots=True)
class ReaderRound:
    """One round: every reader once, each file's readers one right after the other."""

    number: int
    databases: Databases
    files: CatalogFiles
    directory: Path
    records: Records

    def run(self) -> None:
        xlsx, json = self._written()
        place = self._place("reading")
        self._read(place, XLSX, "reading_rows", xlsx)
        self._read(place, OPENPYXL, "openpyxl_reading", xlsx)
        self._read(place, JSON, "reading_rows", json)
        self._read(place, IJSON, "json_reading", json, way="yajl2_c")
        self._read(place, JSON_LOAD, "json_reading", json, way="json.load")
        self._drop(place)
        for name, file in zip(IMPORTS.values(), (self.files.first, xlsx, json), strict=True):
            place = self._place(name.replace(" ", "-"))
            self._measure(place, name, "product", file)
            self._drop(place)

    def _read(self, place: Place, name: str, task: str, file: Path, **more: str) -> None:
        found = self._measure(place, name, task, file, **more)
        if found["rows"] != self.files.rows:
            raise DifferentRows(f"{name}: {found['rows']:,} rows of {self.files.rows:,}")

    def _measure(
        self, place: Place, name: str, task: str, file: Path, **more: str
    ) -> dict[str, object]:
        self.databases.settle()
        outcome = measure(task, place, file=str(file), **more)
        self.records.add(Record(self.databases.kind, self.files.rows, name, self.number, outcome))
        sys.stderr.write(
            f"{self.databases.kind}, {self.files.rows:,} rows, round {self.number + 1}, {name}: "
            f"{outcome.total:.2f} s, {self.files.rows / outcome.total:,.0f} rows/s, "
            f"{outcome.peak_mb:.0f} MB\n"
        )
        return outcome.facts

    def _written(self) -> tuple[Path, Path]:
        """Later rounds find the files there."""
        xlsx = self.directory / f"{self.files.rows}-first.xlsx"
        json = self.directory / f"{self.files.rows}-first.json"
        if not json.exists():
            write_workbook(self.files.first, xlsx)
            write_json(self.files.first, json)
        return xlsx, json

    def _place(self, name: str) -> Place:
        data_dir = self.directory / f"readers-{self.number}-{name}"
        data_dir.mkdir()
        return Place(self.databases.fresh(), data_dir)

    def _drop(self, place: Place) -> None:
        self.databases.drop(place.database_url)
        shutil.rmtree(place.data_dir)
