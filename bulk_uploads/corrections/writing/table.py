"""A correction file as a table, whatever format it is written in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from bulk_uploads.corrections.failed_rows import FailedRow


@dataclass(frozen=True, slots=True)
class CorrectionTable:
    """`header` is the uploader's own; behind it come the errors and the rows' numbers."""

    header: Sequence[str]
    errors_header: str
    number_header: str
    rows: Iterator[FailedRow]

    @property
    def full_header(self) -> list[str]:
        return [*self.header, self.errors_header, self.number_header]

    def own_cells(self, row: FailedRow) -> list[str]:
        """As wide as the header: what stood beyond it is named by the row's message."""
        return row.cells[: len(self.header)]


class TableWriter(Protocol):
    """Writes one format."""

    @property
    def content_type(self) -> str: ...

    @property
    def ending(self) -> str:
        """Of the file's name, with its dot."""

    def write(self, table: CorrectionTable, target: BinaryIO) -> None: ...


_LEANT_ON = "Nothing is wrong here: another row of this product needs this one. Leave it in."


def messages(row: FailedRow) -> str:
    return " ".join(map(str, row.problems)) or _LEANT_ON
