"""Processors: what makes something of a file's rows. Rooms that own data register theirs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, runtime_checkable

from bulk_uploads.errors import UnknownProcessor
from bulk_uploads.file_template import TemplateColumn
from bulk_uploads.models import BulkUpload, Level, Outcome
from bulk_uploads.preview_notes import PreviewNotes
from bulk_uploads.spool import SpoolRow


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing wrong. Without a row it is about the file as a whole."""

    row: int | None
    column: str
    value: str
    level: Level
    code: str
    message: str


class RowOutcome(NamedTuple):
    """`key` is null for a row that has none, or whose key an earlier row of the file holds."""

    row: int
    key: str | None
    outcome: Outcome
    object_id: int | None


@dataclass(slots=True)
class BatchResult:
    """One outcome for each row of the batch, in any order; notes only for a preview."""

    outcomes: list[RowOutcome] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    notes: PreviewNotes | None = None


class EarlierRows(Protocol):
    """What the ledger knows of the rows before this batch, in this pass."""

    def holding(self, keys: Collection[str]) -> Mapping[str, int]:
        """Row numbers by key, for those of the keys that an earlier row holds."""

    def accepted(self, keys: Collection[str]) -> Collection[str]:
        """Those of the keys that an earlier row holds which did not fail."""

    @property
    def is_exact(self) -> bool:
        """Whether to look keys up before judging. Otherwise the ledger's unique constraint finds
        one that is repeated, and the batch is judged again with `is_exact`."""


class RowElsewhere(NamedTuple):
    """A row of another upload. `root_row` is the row of its line's first upload it stands for."""

    upload_id: int
    row: int
    root_row: int


class LineRows(Protocol):
    """What a correction, retry or fix knows of the uploads whose rows it goes on with."""

    def holding(self, keys: Collection[str]) -> Mapping[str, RowElsewhere]:
        """By key, the row of another upload of the line that holds it and did not fail."""

    def root_row(self, number: int) -> int | None:
        """The row of the line's first upload that this batch's row stands for; None if new."""

    def taken_before(self, numbers: Collection[int]) -> Mapping[int, RowElsewhere]:
        """Of this batch's rows, by number, those that stand for one which another upload of the
        line has taken, and that upload's row. For what must not happen twice."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows to apply in one transaction. Dry: whatever is written is rolled back afterwards.

    Preview: somebody will look at what would change, so the result may come with notes of it.
    `line` is None for an upload that goes on with no other's rows.
    """

    rows: Sequence[SpoolRow]
    prepared: Any
    is_dry: bool
    earlier: EarlierRows
    is_preview: bool = False
    line: LineRows | None = None


class HeaderRejected(Exception):
    """The header cannot be worked with. Raised before any row is touched."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        super().__init__("; ".join(issue.message for issue in issues))
        self.issues = list(issues)


class Plan(Protocol):
    """A header compiled once. `apply` and `remember` run inside the batch's transaction."""

    issues: Sequence[Issue]
    extradata: Mapping[str, Any]

    def begin(self, *, is_dry: bool) -> None:
        """Before the first batch of a slice, in a transaction of its own."""

    def prepare(self, rows: Sequence[SpoolRow]) -> Any:
        """What can be done without the database: it may run in a thread of its own, a batch ahead
        of the one that is being applied."""

    def apply(self, batch: Batch) -> BatchResult:
        """Make the rows' effects, a fixed number of queries whatever the batch's size."""

    def remember(self, batch: Batch) -> None:
        """Write what later batches need to know; kept even where effects are rolled back."""

    def forget(self) -> None:
        """The effects of a batch were rolled back: drop what was learnt from them."""

    def finish_step(self) -> bool:
        """One bounded step of the work after the last row; False when nothing is left."""

    def summary(self, first_rows: Sequence[Sequence[str]]) -> Mapping[str, Any]:
        """What the processor adds to the upload's output."""


@runtime_checkable
class Recognising(Protocol):
    """A plan that can tell of many rows at once, from their lines, that nothing comes of them.

    What it recognises leaves the ledger, and what `remember` writes, and nothing else: no issue.
    """

    def glance(self, lines: Sequence[bytes]) -> Any | None:
        """What to recognise these lines of a spool by, rows with cells and nothing else, without
        the database, as `prepare`; None where it is not worth trying."""

    def recognise(self, batch: Batch) -> BatchResult | None:
        """From what it glanced at (`prepared`), whether it all is as it was; reads only, outside
        of a transaction. `rows` are empty. None: the rows are to be prepared and applied."""


@runtime_checkable
class Presuming(Protocol):
    """A plan that may apply a batch on what it presumes, for the database to refuse if it errs."""

    def doubt(self) -> bool:
        """The database refused the batch. True if it may be for something presumed: the same batch
        is to be applied again, and the plan looks up what it took for granted."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What is to be said of a file as a whole: `remark` ends the upload's message.

    `if_unchanged` begins it, in place of the usual words, where no row changes anything.
    """

    output: Mapping[str, Any] = field(default_factory=dict)
    issues: Sequence[Issue] = ()
    remark: str = ""
    changes_something: bool = False
    if_unchanged: str = ""


@runtime_checkable
class Concluding(Protocol):
    """A plan that also looks at what no row of the file says."""

    def conclude(self, *, is_dry: bool) -> Conclusion:
        """After the last finish step, outside of any transaction. It writes nothing; in a dry run
        it says what the finish steps, which are left out there, would have done."""


@runtime_checkable
class Settling(Protocol):
    """A plan whose applied rows leave something to put right, also where an upload is cut short:
    cancelled, stuck, or stopped by a difference. Otherwise its finish steps see to that."""

    def settle_step(self) -> bool:
        """One bounded step; False when nothing is left."""


class Processor(Protocol):
    """`options` are the names of the options it understands."""

    name: str
    label: str
    description: str
    options: frozenset[str]

    def plan(self, *, upload: BulkUpload, header: Sequence[str]) -> Plan:
        """Raises HeaderRejected."""

    def template(self, *, account_id: int) -> Sequence[TemplateColumn]:
        """The columns of an empty file for this account; none where any file will do."""


_registered: dict[str, Processor] = {}


def register(processor: Processor) -> None:
    """Called by a room as it gets ready; a name can be taken once."""
    if _registered.setdefault(processor.name, processor) is not processor:
        raise ValueError(f"processor {processor.name!r} is registered already")


def processor_named(name: str) -> Processor:
    """Raises UnknownProcessor."""
    try:
        return _registered[name]
    except KeyError:
        raise UnknownProcessor from None


def registered_processors() -> list[Processor]:
    return sorted(_registered.values(), key=lambda processor: processor.label)
