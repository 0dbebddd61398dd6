"""How many rows a batch takes, and how fast the upload is going."""

import time
from dataclasses import dataclass

#: Seconds a SQLite batch aims to hold the one write lock, and rests before the next.
_SQLITE_HOLD = 0.07
_SQLITE_REST = 0.01
_POSTGRES_ROWS = 2_000
_SQLITE_FIRST_ROWS = 250
_MOST_ROWS = 2_000
#: Of rows that change nothing, only the ledger is written: a few microseconds a row. Where that
#: keeps nobody waiting, what a batch costs beside its rows is spread over more of them.
_SQLITE_RECOGNISED_ROWS = 5_000
_POSTGRES_RECOGNISED_ROWS = 16_000
#: Weight of the newest batch in the moving average of the rate.
_NEWEST = 0.3


@dataclass(slots=True)
class Pace:
    """SQLite shares its one writer with the admin, so a batch there is as large as its time."""

    rows: int
    is_shared_writer: bool
    rows_per_second: float | None = None
    _fixed: bool = False
    _recognises: bool = False
    _committed_at: float | None = None

    @classmethod
    def for_database(cls, vendor: str, *, fixed_rows: int | None = None) -> "Pace":
        shared = vendor == "sqlite"
        usual = _SQLITE_FIRST_ROWS if shared else _POSTGRES_ROWS
        return cls(rows=fixed_rows or usual, is_shared_writer=shared, _fixed=fixed_rows is not None)

    def rest(self) -> None:
        """Let another writer in, if it has not been long enough since the last commit."""
        if not self.is_shared_writer or self._committed_at is None:
            return
        left = _SQLITE_REST - (time.monotonic() - self._committed_at)
        if left > 0:
            time.sleep(left)

    @property
    def next_rows(self) -> int:
        """How many rows to take: many, as long as they turn out to change nothing."""
        if not self._recognises or self._fixed:
            return self.rows
        return _SQLITE_RECOGNISED_ROWS if self.is_shared_writer else _POSTGRES_RECOGNISED_ROWS

    def recognised(self, *, rows: int, took: float) -> None:
        """A batch changed nothing. It says nothing of how long one that changes something takes."""
        self._recognises = True
        self._count(rows, took)

    def not_recognised(self) -> None:
        self._recognises = False

    def committed(self, *, rows: int, held: float, took: float) -> None:
        """`held` seconds in the transaction, `took` seconds since the last commit."""
        self._count(rows, took)
        if self._fixed:
            return
        if not self.is_shared_writer:
            self.rows = min(_POSTGRES_ROWS, self.rows * 4)
            return
        fitting = int(rows * _SQLITE_HOLD / max(held, 1e-6))
        self.rows = max(1, min(_MOST_ROWS, fitting, self.rows * 2))

    def _count(self, rows: int, took: float) -> None:
        self._committed_at = time.monotonic()
        rate = rows / max(took, 1e-6)
        before = self.rows_per_second
        self.rows_per_second = rate if before is None else before + _NEWEST * (rate - before)

    def step_committed(self) -> None:
        """A transaction that says nothing of the pace of rows."""
        self._committed_at = time.monotonic()

    def shrink(self) -> None:
        """A batch held a row the database refuses: come closer to it."""
        self.rows = max(1, self.rows // 8)
        self._fixed = self._recognises = False
