"""The row ledger of an upload as people look through it: by outcome, key or row number."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from bulk_uploads.admin.entered_text import storable
from bulk_uploads.admin.object_pages import pages_for
from bulk_uploads.ledger import visible
from bulk_uploads.models import BulkUpload, Outcome, RowResult

PER_PAGE = 25
_OUTCOMES = {outcome.label: outcome for outcome in Outcome}


@dataclass(frozen=True, slots=True)
class RowFilter:
    """`from_row` is both a filter and the way to page: rows are found by their number."""

    outcome: Outcome | None
    key: str
    from_row: int

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "RowFilter":
        row = query.get("from_row", "")
        return cls(
            outcome=_OUTCOMES.get(query.get("outcome", "")),
            key=storable(query.get("key", "")).strip()[:255],
            from_row=int(row) if row.isascii() and row.isdigit() and len(row) < 10 else 0,
        )

    @property
    def is_on(self) -> bool:
        return bool(self.outcome or self.key or self.from_row)

    def query(self, *, from_row: int) -> str:
        chosen = {"outcome": self.outcome.label} if self.outcome else {}
        if self.key:
            chosen["key"] = self.key
        return urlencode(chosen | ({"from_row": str(from_row)} if from_row else {}))


@dataclass(frozen=True, slots=True)
class LedgerRow:
    number: int
    key: str
    outcome: str
    url: str | None


@dataclass(frozen=True, slots=True)
class RowTable:
    chosen: RowFilter
    rows: list[LedgerRow]
    outcomes: list[str]
    first_query: str | None
    next_query: str | None


def row_table(upload: BulkUpload, chosen: RowFilter) -> RowTable:
    """One query, by row number from where the last page ended; nothing is counted."""
    found = visible(upload)
    if chosen.outcome:
        found = found.filter(outcome=chosen.outcome)
    if chosen.key:
        found = found.filter(key=chosen.key)
    if chosen.from_row:
        found = found.filter(row__gte=chosen.from_row)
    page = list(found[: PER_PAGE + 1])
    more = page[PER_PAGE].row if len(page) > PER_PAGE else None
    return RowTable(
        chosen=chosen,
        rows=_shown(upload, page[:PER_PAGE]),
        outcomes=list(_OUTCOMES),
        first_query=chosen.query(from_row=0) if chosen.from_row else None,
        next_query=chosen.query(from_row=more) if more is not None else None,
    )


def _shown(upload: BulkUpload, results: list[RowResult]) -> list[LedgerRow]:
    pages = pages_for(upload)
    return [
        LedgerRow(
            number=result.row,
            key=result.key or "",
            outcome=Outcome(result.outcome).label,
            url=(
                pages.of_object(result.object_id)
                if pages and result.object_id and not result.is_dry
                else None
            ),
        )
        for result in results
    ]
