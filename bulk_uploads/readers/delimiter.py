"""Finds the character between the cells of a delimited text from its first lines."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bulk_uploads.readers.base import UnreadableCode, UnreadableFile

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
_SAMPLE_ROWS = 50
# Excel's own way to name the delimiter; a spreadsheet never shows this line.
_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?[ \t]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Delimiter:
    """The delimiter, and whether the file begins with a line (`sep=;`) that only names it."""

    char: str
    has_separator_line: bool


def detect_delimiter(sample: str, *, hint: str | None = None) -> Delimiter:
    """The delimiter of a text that begins with `sample`; a comma where there is but one column.

    Raises UnreadableFile for a hint not in DELIMITERS.
    """
    if hint is not None and hint not in DELIMITERS:
        known = ", ".join(DELIMITERS.values())
        raise UnreadableFile(
            UnreadableCode.UNKNOWN_DELIMITER,
            f"The delimiter {hint!r} is not known. Known are: {known}.",
        )
    named = _SEPARATOR_LINE.match(sample)
    if named:
        return Delimiter(hint or named.group(1), has_separator_line=True)
    return Delimiter(hint or max(DELIMITERS, key=_Fit(sample).rank), has_separator_line=False)


class _Fit:
    """How well each delimiter explains a sample."""

    def __init__(self, sample: str) -> None:
        self._sample = sample

    def rank(self, delimiter: str) -> tuple[bool, int, float]:
        """More is better: most rows as wide as the header, then columns, then the share of rows.

        Equal ranks go to the delimiter named first.
        """
        rows = list(islice(self._rows(delimiter), _SAMPLE_ROWS))
        if not rows or len(rows[0]) == 1:
            return (False, 0, 0.0)
        header, *others = rows
        # `#;` separates the parts of a header and the values of a cell, not cells. Only a header
        # that has no other delimiter may use it ("Item #;Price").
        inner = sum(cell.endswith("#") for cell in header[:-1]) if delimiter == ";" else 0
        columns = len(header) - inner
        fitting = sum(len(row) == len(header) for row in others)
        share = fitting / len(others) if others else 1.0
        if columns == 1 and share < 0.5:
            return (False, 0, 0.0)
        return (share >= 0.5, columns, share)

    def _rows(self, delimiter: str) -> Iterator[list[str]]:
        """The sample's rows with any text in them; the last may be cut off."""
        lines = io.StringIO(self._sample, newline=None)
        for cells in csv.reader(lines, delimiter=delimiter):
            if any(cell.strip() for cell in cells):
                yield cells
