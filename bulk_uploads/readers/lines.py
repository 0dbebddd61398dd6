"""Feeds csv.reader the lines of a text that comes in chunks, with bounded memory."""

import io
from collections.abc import Iterable, Iterator

from bulk_uploads.readers.base import UnreadableCode, UnreadableFile

# What str.splitlines takes for a line end and a CSV file does not.
_NO_LINE_ENDS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"


class LineFeed:
    """The lines of a chunked text with their ends (LF, CRLF or CR, also mixed).

    csv.reader pulls a line only when it needs one. So whoever takes the rows and counts them in
    `row_number` lets the feed notice a row that does not end, before it fills the memory.
    """

    def __init__(self, chunks: Iterable[str], *, max_row_chars: int) -> None:
        self._chunks = chunks
        self._max_row_chars = max_row_chars
        self.row_number = 0
        # Whether a line was asked for after the last one; a row that comes then never ended.
        self.exhausted = False

    def __iter__(self) -> Iterator[str]:
        carry = ""
        open_chars = 0
        for chunk in self._chunks:
            ended_before = self.row_number
            text = carry + chunk
            # A carriage return at the very end may be the first half of a CRLF.
            cut = max(text.rfind("\n"), text.rfind("\r", 0, len(text) - 1)) + 1
            carry = text[cut:]
            yield from _lines(text[:cut])
            open_chars = 0 if self.row_number > ended_before else open_chars + len(chunk)
            if open_chars > self._max_row_chars:
                raise self._endless(in_one_line=len(carry) >= open_chars)
        yield from _lines(carry)
        self.exhausted = True

    def _endless(self, *, in_one_line: bool) -> UnreadableFile:
        number = self.row_number + 1
        if in_one_line:
            return UnreadableFile(
                UnreadableCode.ROW_TOO_LONG,
                f"Row {number:,} has no line break within {self._max_row_chars:,} characters."
                " Check that the file is a table saved as CSV.",
            )
        return unterminated_quote(number)


def _lines(text: str) -> Iterable[str]:
    if any(char in text for char in _NO_LINE_ENDS):
        return io.StringIO(text, newline="")
    return text.splitlines(keepends=True)


def unterminated_quote(row_number: int) -> UnreadableFile:
    """The error for a row in which a quoted cell never ends, so that no later row is certain."""
    return UnreadableFile(
        UnreadableCode.UNTERMINATED_QUOTE,
        f'Row {row_number:,} opens a quoted cell (") that is never closed, so the rows after it'
        " cannot be told apart. Close the quote, or double it if it belongs to the text.",
    )
