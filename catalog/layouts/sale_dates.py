"""The dates beside a sale price that say when it holds: outside of them the regular price does."""

import operator
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any, Final

from bulk_uploads.readers.base import Defect, DefectCode
from catalog.layouts.base import RowDraft
from catalog.layouts.file_columns import FileColumns

_YEAR_FIRST: Final = re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?:[ T,].*)?")
_YEAR_LAST: Final = re.compile(
    r"(?P<a>\d{1,2})(?P<by>[-/.])(?P<b>\d{1,2})(?P=by)(?P<y>\d{4}|\d{2})(?:[ T,].*)?"
)
#: How databases write that there is no date.
_NO_DATE: Final = "0000-00-00"


class SaleDates:
    """The columns with a sale's start and end; or one with both, parted by a slash (`interval`).

    All rows of a file are judged by the one moment `now`.
    """

    def __init__(
        self,
        columns: FileColumns,
        *,
        now: datetime,
        starts: Sequence[str] = (),
        ends: Sequence[str] = (),
        interval: str = "",
    ) -> None:
        self._now = now
        self._starts, self._ends = columns.cell(*starts), columns.cell(*ends)
        self._interval = columns.cell(interval)
        self._column = columns.name_of(interval, *starts, *ends)

    def holds(self, draft: RowDraft) -> bool:
        """Whether the sale price is the price now. Dates that cannot be told are remarked on, and
        the regular price stands."""
        cells = draft.source.cells
        starts, ends = self._starts(cells), self._ends(cells)
        if interval := self._interval(cells):
            starts, _, ends = interval.partition("/")
        on = is_on(starts, ends, now=self._now)
        if on is None:
            given = interval or " / ".join((starts, ends))
            text = (
                f"{given!r} does not tell when the sale price holds, so the regular price is "
                "taken. Write dates such as '2026-01-31'."
            )
            draft.remarks.append(Defect(DefectCode.UNCLEAR_SALE_DATES, self._column, given, text))
        return bool(on)


def is_on(starts: str, ends: str, *, now: datetime) -> bool | None:
    """Whether `now`, in UTC, lies between them; a blank one is no bound. None if it cannot be told.

    A moment with its offset from UTC counts as it is, any other date as its whole day in UTC.
    """
    told = (_told(starts, operator.le, now), _told(ends, operator.ge, now))
    if {False} in told:
        return False
    return True if told == ({True}, {True}) else None


def _told(text: str, bound: Callable[[Any, Any], bool], now: datetime) -> set[bool]:
    """What a date says of now, in each way it can be read: `3/4/26` is in March or in April."""
    text = text.strip()
    if not text or text.startswith(_NO_DATE):
        return {True}
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return {bound(day, now.date()) for day in _days(text)}
    if moment.tzinfo is not None:
        return {bound(moment, now)}
    return {bound(moment.date(), now.date())}


def _days(text: str) -> list[date]:
    orders: list[tuple[str, str, str]] = []
    if match := _YEAR_FIRST.fullmatch(text):
        orders = [(match["y"], match["m"], match["d"])]
    elif match := _YEAR_LAST.fullmatch(text):
        year = match["y"] if len(match["y"]) == 4 else f"20{match['y']}"
        orders = [(year, match["b"], match["a"])]
        if match["by"] != ".":
            orders.append((year, match["a"], match["b"]))
    found = []
    for year, month, day in orders:
        with suppress(ValueError):
            found.append(date(int(year), int(month), int(day)))
    return found
