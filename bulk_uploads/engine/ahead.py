"""Reading and preparing the next batch while the database is busy with the last one."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Any, BinaryIO, Self

from bulk_uploads.engine.asides import rows_to_apply
from bulk_uploads.processors import Plan, Recognising
from bulk_uploads.spool import SpoolLines, SpoolReader


@dataclass(frozen=True, slots=True)
class ReadyBatch:
    """No lines at the end of the spool. Those merged into others are not among the prepared.

    A batch that was only `glanced` at is prepared if the plan does not recognise it.
    """

    lines: SpoolLines
    prepared: Any = None
    glanced: Any = None

    @property
    def is_glance(self) -> bool:
        return self.glanced is not None


class BatchesAhead:
    """Batches of a spool in their order, the next one under way in a thread of its own.

    The plan prepares there: it must not touch the database. What it raises is raised by `take`.
    Where a pause between batches is owed to other writers anyway (`fills_pauses`), each batch is
    prepared when it is taken instead: that is the pause. Where `commits_take_long`, a batch behind
    one that writes waits for `begin_next`: two threads that both have something to do would only
    hinder each other, and the one that feeds the database is the more important.
    """

    def __init__(
        self,
        spool: BinaryIO,
        *,
        offset: int,
        plan: Plan,
        fills_pauses: bool,
        commits_take_long: bool,
    ) -> None:
        self._fills_pauses = fills_pauses
        self._commits_take_long = commits_take_long
        self._spool = spool
        self._plan = plan
        self._reader = SpoolReader(spool, offset=offset)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="batches-ahead")
        self._next: Future[ReadyBatch] | None = None
        self._rows = 0

    def take(self, rows: int) -> ReadyBatch:
        """The next batch; the one behind it will have at most `rows` rows."""
        if self._fills_pauses:
            return self._read(rows)
        batch = (self._next or self._begin(rows)).result()
        self._next, self._rows = None, rows if batch.lines else 0
        if batch.is_glance or not self._commits_take_long:
            self.begin_next()
        return batch

    def begin_next(self) -> None:
        """From here on it is the database that is busy."""
        if self._next is None and self._rows:
            self._next = self._begin(self._rows)

    def prepared(self, batch: ReadyBatch) -> ReadyBatch:
        """The same batch, to be applied."""
        return ReadyBatch(batch.lines, prepared=self._plan.prepare(rows_to_apply(batch.lines.rows)))

    def start_over(self, *, offset: int) -> None:
        """What was read ahead is dropped; the next batch begins at this byte of the spool."""
        self._drop()
        self._reader = SpoolReader(self._spool, offset=offset)

    def _begin(self, rows: int) -> Future[ReadyBatch]:
        return self._thread.submit(self._read, rows)

    def _read(self, rows: int) -> ReadyBatch:
        lines = self._reader.read_lines(rows)
        batch = ReadyBatch(lines, glanced=self._glance(lines))
        return batch if batch.is_glance or not lines else self.prepared(batch)

    def _glance(self, lines: SpoolLines) -> Any | None:
        if not (lines and isinstance(self._plan, Recognising) and lines.are_plain):
            return None
        return self._plan.glance(lines.lines)

    def _drop(self) -> None:
        if self._next is not None and not self._next.cancel():
            self._next.exception()
        self._next, self._rows = None, 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # The spool is closed behind this: nothing may be reading it any more.
        self._drop()
        self._thread.shutdown()
