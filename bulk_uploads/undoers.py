"""Taking back what an upload did: what a processor offers for it, one bounded step at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from bulk_uploads.errors import UnknownProcessor
from bulk_uploads.models import BulkUpload
from bulk_uploads.processors import processor_named

#: What a step leaves for the next one: anything that JSON can hold. None before the first step.
Cursor = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One object that an undo leaves as it is, wholly or in part, and why.

    `row` is the row of the file that wrote it, where one did; `key` names the object; `column`
    names what of it was kept, "" for the whole. `message` says what changed it since.
    """

    row: int | None
    key: str
    column: str
    reason_code: str
    message: str


@dataclass(frozen=True, slots=True)
class UndoStep:
    """What one step did. Each object counts once: as restored, as removed, or in `kept`."""

    cursor: Cursor
    restored: int
    removed: int
    kept: Sequence[KeptRow]
    done: bool


@dataclass(frozen=True, slots=True)
class UndoContext:
    """When and for whom a step is taken.

    `leaves_no_trace` is set where an all-or-nothing upload failed late: what nobody else has
    touched since shall be as if the upload had never run, its history included.
    """

    now: datetime
    user_id: int | None = None
    token_id: int | None = None
    leaves_no_trace: bool = False


class Undoer(Protocol):
    """Takes back one upload. It has the account's turn: no upload is applied meanwhile."""

    def forecast(self) -> Sequence[str]:
        """A sentence for each thing an undo would do now, in a bounded number of queries."""

    def step(self, *, cursor: Cursor, context: UndoContext) -> UndoStep:
        """Take the next batch back, inside a transaction of the caller's.

        It should be over within 100 ms on SQLite. The cursor is stored in the same transaction,
        so a step that is rolled back is taken again.
        """


@runtime_checkable
class Undoable(Protocol):
    """A processor whose uploads can be taken back."""

    def undoer(self, upload: BulkUpload) -> Undoer | None:
        """None where this upload left nothing that could be taken back."""


def undoer_for(upload: BulkUpload) -> Undoer | None:
    """None where the upload's processor has no way back, or is no longer installed."""
    try:
        processor = processor_named(upload.processor_name)
    except UnknownProcessor:
        return None
    return processor.undoer(upload) if isinstance(processor, Undoable) else None
