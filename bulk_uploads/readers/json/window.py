"""The stretch of a long text that is looked at: it grows ahead and is forgotten behind."""

import re
from collections.abc import Iterator

_BLANKS = re.compile(r"[ \t\r\n]*")


class TextWindow:
    """`text[at:]` is what lies ahead of the place reached, as far as it has been read."""

    def __init__(self, chunks: Iterator[str]) -> None:
        self._chunks = chunks
        self.text = ""
        self.at = 0
        self.is_complete = False
        self._behind = 0
        self._lines_behind = 0
        self._chars_behind = 0

    @property
    def passed(self) -> int:
        """How many characters lie behind."""
        return self._behind + self.at

    @property
    def unread(self) -> int:
        """How many characters lie ahead so far."""
        return len(self.text) - self.at

    def grow(self) -> bool:
        """Reads at least as much again as lies ahead; False where the text has ended."""
        wanted = max(self.unread, 1)
        parts = []
        while wanted > 0:
            chunk = next(self._chunks, None)
            if chunk is None:
                self.is_complete = True
                break
            parts.append(chunk)
            wanted -= len(chunk)
        self._forget()
        self.text += "".join(parts)
        return bool(parts)

    def _forget(self) -> None:
        self._behind += self.at
        lines = self.text.count("\n", 0, self.at)
        self._lines_behind += lines
        if lines:
            self._chars_behind = self.at - self.text.rfind("\n", 0, self.at) - 1
        else:
            self._chars_behind += self.at
        self.text, self.at = self.text[self.at :], 0

    def next_char(self) -> str:
        """Goes past blanks. The character there, or nothing at the end of the text."""
        while True:
            found = _BLANKS.match(self.text, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.grow():
                return ""

    def line(self, *, max_chars: int) -> str | None:
        """Goes to the end of this line, and gives it; None if it is longer than that."""
        start = self.at
        while (end := self.text.find("\n", start)) < 0:
            if self.unread > max_chars:
                return None
            if not self.grow():
                end = len(self.text)
                break
            start = self.at
        line = self.text[self.at : end]
        self.at = end
        return line

    def place(self, at: int | None = None) -> str:
        """Line and character of a place in `text`, of the place reached by default."""
        at = self.at if at is None else at
        lines = self.text.count("\n", 0, at)
        line_start = self.text.rfind("\n", 0, at) if lines else -1 - self._chars_behind
        column = at - line_start
        return f"line {self._lines_behind + lines + 1:,}, character {column:,}"

    @property
    def line_number(self) -> int:
        return self._lines_behind + self.text.count("\n", 0, self.at) + 1
