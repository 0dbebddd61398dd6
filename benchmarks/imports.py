"""Which imports are measured, in which order: what is compared runs side by side."""

import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.databases import Databases
from benchmarks.files import CatalogFiles
from benchmarks.processes import Place, measure
from benchmarks.records import Record, Records

#: Of django-import-export; see benchmarks/peers/django_import_export.py. The first is the one the
#: targets were set by; the other can leave unchanged rows alone.
CONFIGURATIONS = ("skip_diff", "skip_unchanged")


class DifferentCatalogs(Exception):
    """Two importers were given one file and wrote different catalogs."""


@dataclass(frozen=True, slots=True)
class Peers:
    """Who runs beside the product."""

    floor: bool = False
    import_export: bool = False
    reading: bool = False
    changes: bool = False


@dataclass(slots=True)
class ImportRound:
    """One round: every measure once, each peer with a database of its own from first to last."""

    number: int
    databases: Databases
    files: CatalogFiles
    directory: Path
    records: Records
    _places: dict[str, Place] = field(default_factory=dict)

    def run(self, peers: Peers) -> None:
        try:
            self._first(peers)
            self._again(peers)
            if peers.changes:
                self._changed(peers)
        finally:
            for place in self._places.values():
                self.databases.drop(place.database_url)
                shutil.rmtree(place.data_dir)
            self._places.clear()

    def _first(self, peers: Peers) -> None:
        first = str(self.files.first)
        self._measure("product first", "product", "product", file=first)
        if peers.floor:
            self._snapshot("first")
            self._floor("floor first", after="first")
        if peers.reading:
            self._measure("spool", "spooling", "reading", file=first)
        if peers.import_export:
            for configuration in CONFIGURATIONS:
                self._import_export("first", configuration)
            self._compare_catalogs()

    def _again(self, peers: Peers) -> None:
        first = str(self.files.first)
        self._measure("product unchanged", "product", "product", file=first)
        if peers.reading:
            self._measure("parse + digest", "parsing", "reading", file=first)
        if peers.import_export:
            for configuration in CONFIGURATIONS:
                self._import_export("unchanged", configuration)

    def _changed(self, peers: Peers) -> None:
        self._measure("product 10 % changed", "product", "product", file=str(self.files.tenth))
        if peers.floor:
            self._snapshot("tenth")
        self._measure("product 100 % changed", "product", "product", file=str(self.files.every))
        if peers.floor:
            self._snapshot("every")
            self._floor("floor 100 % changed", before="tenth", after="every")

    def _import_export(self, what: str, configuration: str) -> None:
        peer = f"import-export {configuration}"
        self._measure(
            f"{peer} {what}",
            "django_import_export",
            peer,
            file=str(self.files.first),
            configuration=configuration,
        )

    def _floor(self, name: str, *, after: str, before: str | None = None) -> None:
        """The floor starts from an empty database each time; it puts `before` there itself."""
        self._measure(
            name,
            "floor",
            name,
            after=str(self._snapshot_path(after)),
            before=str(self._snapshot_path(before)) if before else None,
        )

    def _snapshot(self, name: str) -> None:
        """Later rounds leave the same rows behind, but for random numbers and times."""
        path = self._snapshot_path(name)
        if not path.exists():
            measure("snapshot", self._place("product"), path=str(path))

    def _snapshot_path(self, name: str) -> Path:
        return self.directory / f"{self.databases.kind}-{self.files.rows}-{name}.snapshot"

    def _compare_catalogs(self) -> None:
        if self.number:
            return
        peers = ["product", *(f"import-export {name}" for name in CONFIGURATIONS)]
        catalogs = {peer: measure("fingerprint", self._place(peer)).facts for peer in peers}
        if any(catalog != catalogs["product"] for catalog in catalogs.values()):
            raise DifferentCatalogs(f"One file, different catalogs: {catalogs}")

    def _measure(self, name: str, task: str, peer: str, **parameters: object) -> None:
        place = self._place(peer)
        self.databases.settle()
        outcome = measure(task, place, **parameters)
        self.records.add(Record(self.databases.kind, self.files.rows, name, self.number, outcome))
        rate = self.files.rows / outcome.total
        sys.stderr.write(
            f"{self.databases.kind}, {self.files.rows:,} rows, round {self.number + 1}, {name}: "
            f"{outcome.total:.2f} s, {rate:,.0f} rows/s, {outcome.peak_mb:.0f} MB\n"
        )

    def _place(self, peer: str) -> Place:
        if peer not in self._places:
            data_dir = self.directory / f"round-{self.number}-{len(self._places)}"
            data_dir.mkdir()
            self._places[peer] = Place(self.databases.fresh(), data_dir)
        return self._places[peer]
