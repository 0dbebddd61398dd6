"""Rows that a correction file cannot show as they stood: refused again until they are changed.

Beside the number of such a row stand marks: of each cell that shows something else than the first
file did, or of the whole row. What comes back under its mark has not been corrected; taken, it
would store what was never in the file.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Final

import orjson

from bulk_uploads.readers.base import Defect, DefectCode

#: A cell with one of these shows something else than what stood in it.
_OF_CELLS: Final = frozenset(
    {
        DefectCode.NUL_BYTE,
        DefectCode.CONTROL_CHARACTER,
        DefectCode.INVALID_ENCODING,
        DefectCode.CELL_TOO_LONG,
        DefectCode.ERROR_CELL,
        DefectCode.NESTED_VALUE,
        DefectCode.NOT_A_NUMBER,
        DefectCode.NOT_CORRECTED,
    }
)
#: What such a row shows may be right: any change says that somebody has looked at it.
_OF_ROWS: Final = frozenset(
    {
        DefectCode.FORMULA_WITHOUT_VALUE,
        DefectCode.DUPLICATE_KEY,
        DefectCode.INVALID_JSON,
        DefectCode.NOT_AN_OBJECT,
    }
)
HINT: Final = (
    "What is shown here is not all that stood in the row, so it is refused again until it is "
    "changed."
)
_OF_CELL: Final = (
    "The cell comes back as the correction file shows it, which is not what stood in it. "
    "Correct it, or take the row out of the file."
)
_OF_ROW: Final = (
    "The row comes back as the correction file shows it, which is not all that stood in it. "
    "Correct it, or take it out of the file."
)
_LINE_END = re.compile(r"\r\n?")
# What a workbook cannot hold comes back from one as this sign.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LONGEST_CELL = 32_767


def places_to_change(
    problems: Iterable[tuple[int | None, str]], *, has_more_cells: bool
) -> frozenset[int | None]:
    """The cells that must be changed, by place from 0, None for any of the row.

    `problems` are (place, code) of what is wrong with the row.
    """
    found = {
        place if code in _OF_CELLS else None
        for place, code in problems
        if code in _OF_CELLS or code in _OF_ROWS
    }
    return frozenset(found | {None}) if has_more_cells else frozenset(found)


def marks_of(
    header: Sequence[str], cells: Mapping[str, str], places: Collection[int | None]
) -> tuple[str, ...]:
    """Of these cells, by the names of their columns, and of the whole row for None."""
    found = {
        _mark(header, cells) if place is None else _mark([header[place]], cells) for place in places
    }
    return tuple(sorted(found))


def left_as_shown(
    header: Sequence[str], cells: Mapping[str, str], marks: Collection[str]
) -> list[str | None]:
    """The columns whose cells are as they were marked, None for the row; whatever their order."""
    found: list[str | None] = [name for name in header if _mark([name], cells) in marks]
    return found if found or _mark(header, cells) not in marks else [None]


def _mark(names: Sequence[str], cells: Mapping[str, str]) -> str:
    shown = [(name, _plain(cells.get(name, ""))) for name in names]
    return blake2b(orjson.dumps(shown), digest_size=6).hexdigest()


def _plain(cell: str) -> str:
    """A cell without what a spreadsheet may do to it by only saving it."""
    text = _UNWRITABLE.sub("\ufffd", _LINE_END.sub("\n", cell))
    return text[:_LONGEST_CELL].strip()


def not_corrected(column: int | None, value: str) -> Defect:
    """`column` counts from 1."""
    message = _OF_ROW if column is None else _OF_CELL
    return Defect(DefectCode.NOT_CORRECTED, column, value, message)
