"""Rows that a correction file cannot show as they stood: refused again until they are changed.

Beside the number of such a row stands a mark of its cells as they are shown. A row that comes back
with the same cells has not been corrected; taken, it would store what was never in the file.
"""

import re
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Final

import orjson

from bulk_uploads.readers.base import Defect, DefectCode

#: Of a row with one of these, the file showed something else or more than its cells hold now.
NOT_SHOWN_WHOLE: Final = frozenset(
    {
        DefectCode.NUL_BYTE,
        DefectCode.CONTROL_CHARACTER,
        DefectCode.INVALID_ENCODING,
        DefectCode.CELL_TOO_LONG,
        DefectCode.ERROR_CELL,
        DefectCode.FORMULA_WITHOUT_VALUE,
        DefectCode.INVALID_JSON,
        DefectCode.NOT_AN_OBJECT,
        DefectCode.DUPLICATE_KEY,
        DefectCode.NESTED_VALUE,
        DefectCode.NOT_A_NUMBER,
        DefectCode.NOT_CORRECTED,
    }
)
HINT: Final = (
    "What is shown here is not all that stood in the row, so it is refused again until it is "
    "changed."
)
_MESSAGE: Final = (
    "The row comes back as the correction file shows it, which is not all that stood in it. "
    "Correct it, or take it out of the file."
)
_LINE_END = re.compile(r"\r\n?")
# What a workbook cannot hold comes back from one as this sign.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LONGEST_CELL = 32_767


def mark_of(header: Sequence[str], cells: Mapping[str, str]) -> str:
    """Of a row's cells by the names of their columns, whatever order the columns are in."""
    shown = [(name, _plain(cells.get(name, ""))) for name in header]
    return blake2b(orjson.dumps(shown), digest_size=6).hexdigest()


def _plain(cell: str) -> str:
    """A cell without what a spreadsheet may do to it by only saving it."""
    text = _UNWRITABLE.sub("\ufffd", _LINE_END.sub("\n", cell))
    return text[:_LONGEST_CELL].strip()


def not_corrected() -> Defect:
    return Defect(DefectCode.NOT_CORRECTED, None, "", _MESSAGE)
