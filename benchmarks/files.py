"""The catalog files of one size: as first imported, and with prices changed afterwards."""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.generate_catalog import Repricing, write_catalog


@dataclass(frozen=True, slots=True)
class CatalogFiles:
    """`tenth` changes each tenth row of `first`, `every` all rows of both; if they exist."""

    rows: int
    first: Path
    tenth: Path
    every: Path


def catalog_files(directory: Path, rows: int, *, with_changes: bool = True) -> CatalogFiles:
    files = CatalogFiles(
        rows=rows,
        first=directory / f"{rows}-first.csv",
        tenth=directory / f"{rows}-tenth.csv",
        every=directory / f"{rows}-every.csv",
    )
    write_catalog(files.first, rows)
    if not with_changes:
        return files
    write_catalog(files.tenth, rows, repricing=Repricing(every=10, by=1))
    write_catalog(files.every, rows, repricing=Repricing(every=1, by=2))
    return files
