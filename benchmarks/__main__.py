"""`make bench`: measures, judges against the targets, and writes the results down."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from benchmarks.databases import KINDS, Databases, databases
from benchmarks.files import CatalogFiles, catalog_files
from benchmarks.imagery import measure_imagery
from benchmarks.imports import ImportRound, Peers
from benchmarks.light_table import measure_light_table
from benchmarks.lists import measure_lists
from benchmarks.readers import ReaderRound
from benchmarks.records import Records
from benchmarks.renditions import measure_rendering, measure_requests
from benchmarks.report import write_report
from benchmarks.saves import measure_saves

_RESULTS = Path(__file__).parent / "results"
_PICTURES = ("renditions", "imagery", "light-table")
_GROUPS = ("imports", "import-export", "saves", "lists", "readers", *_PICTURES)
#: django-import-export and the floor keep all rows in memory, and take their time.
_IMPORT_EXPORT_UP_TO = 20_000
_EVERYTHING_UP_TO = 200_000
_ROWS_BEFORE_SAVES = 1_000
_Chosen = TypeVar("_Chosen")


@dataclass(frozen=True, slots=True)
class Session:
    """What was asked for, and where results and files go."""

    groups: tuple[str, ...]
    rows: tuple[int, ...]
    rounds: int
    directory: Path
    records: Records
    recording: Path | None

    def run(self, kinds: tuple[str, ...]) -> None:
        only_pictures = set(self.groups) <= set(_PICTURES)
        sizes = [] if only_pictures else list(map(self._files, self.rows))
        before = catalog_files(self.directory, _ROWS_BEFORE_SAVES)
        for kind in kinds:
            with databases(kind, self.directory) as available:
                for files in sizes:
                    self._imports(available, files)
                    self._saves(available, before, files)
                    if kind == kinds[0]:
                        # No database has a part in reading.
                        self._readers(available, files)
                if "renditions" in self.groups:
                    self._renditions(available, with_rendering=kind == kinds[0])
                if "imagery" in self.groups:
                    measure_imagery(
                        databases=available,
                        directory=self.directory,
                        rounds=self.rounds,
                        records=self.records,
                    )
                if "light-table" in self.groups:
                    measure_light_table(
                        databases=available,
                        directory=self.directory,
                        rounds=self.rounds,
                        recording=self.recording,
                        records=self.records,
                    )
                if "lists" in self.groups:
                    measure_lists(
                        databases=available,
                        files=sizes[0],
                        directory=self.directory,
                        rounds=self.rounds,
                        records=self.records,
                    )

    def _files(self, rows: int) -> CatalogFiles:
        return catalog_files(self.directory, rows, with_changes=rows <= _EVERYTHING_UP_TO)

    def _renditions(self, available: Databases, *, with_rendering: bool) -> None:
        """No database has a part in rendering."""
        for measure in (measure_rendering, measure_requests)[not with_rendering :]:
            measure(
                databases=available,
                directory=self.directory,
                rounds=self.rounds,
                records=self.records,
            )

    def _imports(self, available: Databases, files: CatalogFiles) -> None:
        if not {"imports", "import-export"} & set(self.groups):
            return
        is_small = files.rows <= _EVERYTHING_UP_TO
        if not is_small and files.rows // 10 not in self.rows:
            # What its time is compared with.
            tenth = catalog_files(self.directory, files.rows // 10, with_changes=False)
            self._round(0, available, tenth).run(Peers())
        peers = Peers(
            floor=is_small and "imports" in self.groups,
            reading="imports" in self.groups,
            changes=is_small and "imports" in self.groups,
            import_export="import-export" in self.groups and files.rows <= _IMPORT_EXPORT_UP_TO,
        )
        for number in range(self.rounds if is_small else 1):
            self._round(number, available, files).run(peers)

    def _round(self, number: int, available: Databases, files: CatalogFiles) -> ImportRound:
        return ImportRound(
            number=number,
            databases=available,
            files=files,
            directory=self.directory,
            records=self.records,
        )

    def _saves(self, available: Databases, before: CatalogFiles, files: CatalogFiles) -> None:
        if "saves" not in self.groups or files.rows > _EVERYTHING_UP_TO:
            return
        for number in range(self.rounds):
            measure_saves(
                databases=available,
                before=before,
                files=files,
                directory=self.directory,
                number=number,
                records=self.records,
            )

    def _readers(self, available: Databases, files: CatalogFiles) -> None:
        if "readers" not in self.groups or files.rows > _EVERYTHING_UP_TO:
            return
        for number in range(self.rounds):
            ReaderRound(
                number=number,
                databases=available,
                files=files,
                directory=self.directory,
                records=self.records,
            ).run()


def main() -> None:
    chosen = _arguments()
    records = Records()
    try:
        with TemporaryDirectory(prefix="catalog-bench-", dir=chosen.directory) as directory:
            Session(
                groups=chosen.only,
                rows=tuple(sorted(chosen.rows)),
                rounds=chosen.rounds,
                directory=Path(directory),
                records=records,
                recording=chosen.recording,
            ).run(chosen.databases)
    finally:
        # What was measured before something failed is not lost.
        if records.found:
            name = "-".join([f"{datetime.now(UTC):%Y-%m-%d}", *map(str, sorted(chosen.rows))])
            report = write_report(records=records, directory=chosen.results, name=name)
            sys.stdout.write(report.read_text(encoding="utf-8"))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--rows", type=_several(int), default=(10_000, 100_000), help="sizes, comma-separated"
    )
    parser.add_argument("--databases", type=_several(_one_of(KINDS)), default=KINDS)
    parser.add_argument("--only", type=_several(_one_of(_GROUPS)), default=_GROUPS)
    parser.add_argument("--rounds", type=int, default=3, help="medians are taken over these")
    parser.add_argument("--directory", type=Path, help="where the databases lie meanwhile")
    parser.add_argument("--results", type=Path, default=_RESULTS)
    parser.add_argument("--recording", type=Path, help="a ZIP file for the light table's run")
    return parser.parse_args()


def _several(of: Callable[[str], _Chosen]) -> Callable[[str], tuple[_Chosen, ...]]:
    return lambda text: tuple(of(part) for part in text.split(","))


def _one_of(names: tuple[str, ...]) -> Callable[[str], str]:
    def chosen(text: str) -> str:
        if text not in names:
            raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(names)}")
        return text

    return chosen


if __name__ == "__main__":
    main()
