"""The counts of an upload, each leading to the rows or issues it counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from bulk_uploads.models import BulkUpload, Level, Outcome


@dataclass(frozen=True, slots=True)
class Tile:
    """`query` opens the list on the upload's page at `anchor`; "" where nothing is listed."""

    label: str
    count: int
    tone: str
    query: str
    anchor: str


def tiles(upload: BulkUpload) -> list[Tile]:
    """What every upload has first; the rarer counts only where there is something to count."""
    return [tile for tile in _all(upload) if tile.count or tile.label in _ALWAYS]


_ALWAYS = frozenset({"Created", "Updated", "Unchanged", "Failed", "Warnings"})


def _all(upload: BulkUpload) -> Iterator[Tile]:
    yield _of_outcome("Created", upload.created_rows, Outcome.CREATED, "good")
    yield _of_outcome("Updated", upload.updated_rows, Outcome.UPDATED)
    yield _of_outcome("Unchanged", upload.unchanged_rows, Outcome.UNCHANGED)
    yield _of_outcome("Merged", upload.merged_rows, Outcome.MERGED)
    yield _of_outcome("Failed", upload.failed_rows, Outcome.FAILED, "bad")
    yield _of_issues("Warnings", upload.warnings, Level.WARNING, "warn")
    output = upload.output or {}
    yield Tile("Deactivated", output.get("deactivated", 0), "warn", "", "")
    yield Tile("Not as previewed", output.get("differences", 0), "warn", "", "differences")
    yield Tile("Not applied", upload.not_applied_rows, "warn", "", "")
    yield Tile("Blank rows", upload.blank_rows, "", "", "")


def _of_outcome(label: str, count: int, outcome: Outcome, tone: str = "") -> Tile:
    query = urlencode({"outcome": outcome.label}) if count else ""
    return Tile(label, count, tone if count else "", query, "rows")


def _of_issues(label: str, count: int, level: Level, tone: str) -> Tile:
    query = urlencode({"level": level.value}) if count else ""
    return Tile(label, count, tone if count else "", query, "issues")
