"""Everything that was measured, findable by database, size, measure and round."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from benchmarks.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Record:
    database: str
    rows: int
    measure: str
    round: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Records:
    found: list[Record] = field(default_factory=list)

    def add(self, record: Record) -> None:
        self.found.append(record)

    def sizes(self) -> list[tuple[str, int]]:
        """Database and number of rows of every table of results, in the order measured."""
        return list(dict.fromkeys((record.database, record.rows) for record in self.found))

    def measures(self, database: str, rows: int) -> list[str]:
        return list(dict.fromkeys(record.measure for record in self._at(database, rows)))

    def outcomes(self, database: str, rows: int, measure: str) -> dict[int, Outcome]:
        """By round."""
        return {
            record.round: record.outcome
            for record in self._at(database, rows)
            if record.measure == measure
        }

    def seconds(
        self, database: str, rows: int, measure: str, phase: str = "total"
    ) -> dict[int, float]:
        outcomes = self.outcomes(database, rows, measure)
        return {
            number: outcome.seconds[phase]
            for number, outcome in outcomes.items()
            if phase in outcome.seconds
        }

    def peak_mb(self, database: str, rows: int, measure: str) -> float | None:
        outcomes = self.outcomes(database, rows, measure).values()
        return median(outcome.peak_mb for outcome in outcomes) if outcomes else None

    def as_json(self) -> list[dict[str, Any]]:
        return [asdict(record) for record in self.found]

    def _at(self, database: str, rows: int) -> Iterator[Record]:
        return (r for r in self.found if (r.database, r.rows) == (database, rows))
