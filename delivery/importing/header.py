"""From a pincode file's header to columns, or to everything that is wrong with it in one answer."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field

from bulk_uploads.models import Level
from bulk_uploads.processors import Issue
from delivery.importing.columns import (
    FIELD_BY_NAME,
    MODE,
    PINCODE,
    Column,
    mode_without_column,
    reader_of,
    squeeze,
)


@dataclass(slots=True)
class PincodeHeader:
    """`mode` is that of every row where no column says it."""

    cells: tuple[str, ...]
    columns: dict[str, Column] = field(default_factory=dict)
    mode: str = ""
    ignored: list[str] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    @property
    def is_usable(self) -> bool:
        return not any(issue.level is Level.ERROR for issue in self.issues)


def parse_pincode_header(cells: Sequence[str], *, row: int) -> PincodeHeader:
    """`row` is the header's number, where its issues stand."""
    header = PincodeHeader(tuple(cell.strip() for cell in cells))
    names = {squeeze(cell): index for index, cell in enumerate(header.cells)}
    for index, cell in enumerate(header.cells):
        _take(header, index, cell, row)
    if MODE not in header.columns:
        header.mode = mode_without_column(names)
    if PINCODE not in header.columns:
        found = ", ".join(repr(cell) for cell in header.cells[:40] if cell) or "no headers at all"
        text = f"No column holds the pincodes: a 'pincode' column is needed. Found: {found}."
        header.issues.append(Issue(row, "pincode", "", Level.ERROR, "missing_key_column", text))
    return header


def _take(header: PincodeHeader, index: int, cell: str, row: int) -> None:
    name = FIELD_BY_NAME.get(squeeze(cell))
    if name is None:
        header.ignored.append(cell)
        text = f"Column {cell!r} is not known, so it is left out.{_hint(cell)}"
        if not cell:
            text = f"Column {index + 1} has no header, so it is left out."
        header.issues.append(Issue(row, cell, cell, Level.WARNING, "ignored_header", text))
        return
    first = header.columns.setdefault(name, Column(index, cell, name, reader_of(name)))
    if first.index != index:
        text = (
            f"Columns {first.index + 1} ({first.header!r}) and {index + 1} ({cell!r}) are the "
            "same; keep one of them."
        )
        header.issues.append(Issue(row, cell, cell, Level.ERROR, "repeated_header", text))


def _hint(cell: str) -> str:
    near = difflib.get_close_matches(squeeze(cell), FIELD_BY_NAME, n=1, cutoff=0.6)
    return f" Did you mean {near[0]!r}?" if near else ""
