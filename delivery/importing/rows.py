"""What the rows of a pincode file say, read before the database is asked anything."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bulk_uploads.models import Level
from bulk_uploads.processors import Issue
from bulk_uploads.row_defects import issues_of_defects
from bulk_uploads.spool import SpoolRow
from delivery.importing.cells import CellRefused, says_nothing
from delivery.importing.columns import MODE, PINCODE
from delivery.importing.header import PincodeHeader


@dataclass(slots=True)
class PincodeRow:
    """`values` are those of the cells that say something. A row with issues is not to be applied;
    one whose pincode or mode cannot be read has no key."""

    number: int
    pincode: str = ""
    mode: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    @property
    def key(self) -> str | None:
        return key_of(self.pincode, self.mode) if self.pincode else None


def key_of(pincode: str, mode: str) -> str:
    """What the row ledger knows a pincode by."""
    return f"{pincode} {mode}".rstrip()


def read_row(header: PincodeHeader, source: SpoolRow) -> PincodeRow:
    row = PincodeRow(source.number, mode=header.mode)
    if source.defects:
        row.issues += issues_of_defects(source, header.cells)
        return row
    said = _read_cells(header, source.cells(), row)
    row.mode = said.pop(MODE, row.mode)
    row.pincode = said.pop(PINCODE, "")
    row.values = said
    if MODE in header.columns and any(i.column == header.columns[MODE].header for i in row.issues):
        row.pincode = ""
    return row


def _read_cells(header: PincodeHeader, cells: Sequence[str], row: PincodeRow) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, column in header.columns.items():
        text = cells[column.index].strip()
        if says_nothing(text):
            if name == PINCODE:
                message = "The row has no pincode; it needs one."
                row.issues.append(
                    Issue(row.number, column.header, text, Level.ERROR, "missing_key", message)
                )
            continue
        try:
            said[name] = column.read(text)
        except CellRefused as refused:
            row.issues.append(
                Issue(row.number, column.header, text, Level.ERROR, refused.code, refused.message)
            )
    return said
