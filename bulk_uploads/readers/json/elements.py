"""Takes a JSON text apart into the values that are its rows, one at a time.

Rows are the elements of the array the text is, those of the array under `data` in the object it
is, or objects that follow one another, such as JSON Lines. Objects come as tuples of (key, value),
so that no key is lost, and arrays as lists; numbers come as the text they are written in.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from bulk_uploads.readers.base import UnreadableCode, UnreadableFile
from bulk_uploads.readers.json.window import TextWindow

Pairs = tuple[tuple[str, Any], ...]

# How far before the end of what has been read a value can look wrong only because it is cut.
_CUT_CHARS = 12
# How far the first line may reach for the file to be taken as JSON Lines.
_FIRST_LINE_CHARS = 256 * 1024


class NotANumber(str):
    """NaN, Infinity or -Infinity, which Python writes into JSON and JSON does not have."""

    __slots__ = ()


_DECODER = json.JSONDecoder(
    object_pairs_hook=tuple,
    parse_int=str,
    parse_float=str,
    parse_constant=NotANumber,
    # Bare control characters in a text are the defect of a row, not the end of the file.
    strict=False,
)


class Element(NamedTuple):
    """A row's value, or for a line that is not JSON the `problem` and the line as `value`."""

    value: Any
    problem: str = ""


class JsonElements:
    """The values that are rows, in order. Iterate once; raises UnreadableFile."""

    def __init__(self, chunks: Iterator[str], *, max_chars: int) -> None:
        """`max_chars` bounds each value, and so the memory."""
        self._window = TextWindow(chunks)
        self._max_chars = max_chars

    def __iter__(self) -> Iterator[Element]:
        window = self._window
        first = window.next_char()
        if first == "[":
            window.at += 1
            yield from self._array()
            self._expect_end()
        elif self._is_lines():
            yield from self._lines()
        elif first:
            yield from self._envelope()

    def _is_lines(self) -> bool:
        """Whether one line holds one object: the first ends one, and the second begins one."""
        window = self._window
        while (end := window.text.find("\n", window.at)) < 0 or window.text[end:].isspace():
            if window.unread > _FIRST_LINE_CHARS or not window.grow():
                return False
        first, rest = window.text[window.at : end], window.text[end:]
        return first.rstrip().endswith("}") and rest.lstrip().startswith("{")

    def _lines(self) -> Iterator[Element]:
        """Each line by itself, so that one that is broken is one broken row."""
        window = self._window
        while window.next_char():
            line = window.line(max_chars=self._max_chars)
            if line is None:
                raise self._too_long()
            try:
                yield Element(_DECODER.decode(line))
            except json.JSONDecodeError as error:
                where = f"Line {window.line_number:,}"
                at = f"character {error.pos + 1:,}"
                yield Element(line, f"{where} is not valid JSON: {_said(error)} at {at}.")
            except RecursionError:
                yield Element(line, f"Line {window.line_number:,} nests values too deeply.")

    def _array(self) -> Iterator[Element]:
        """The elements of the array whose bracket was passed, and past its end."""
        window = self._window
        if window.next_char() == "]":
            window.at += 1
            return
        while True:
            yield Element(self._value())
            if self._passed(",]") == "]":
                return

    def _envelope(self) -> Iterator[Element]:
        """The rows under `data` in the object that begins here, or the objects themselves."""
        window = self._window
        window.at += 1
        start = window.passed
        members: list[tuple[str, Any]] = []
        while window.next_char() != "}":
            if members:
                self._passed(",")
            key = self._key()
            if key == "data" and self._begins_rows():
                yield from self._array()
                self._skip_members()
                self._expect_end()
                return
            members.append((key, self._value()))
            if window.passed - start > self._max_chars:
                raise self._too_long()
        window.at += 1
        yield Element(_answer(members) or tuple(members))
        while window.next_char():
            yield Element(self._value())

    def _key(self) -> str:
        if self._window.next_char() != '"':
            raise self._broken("Expecting property name enclosed in double quotes")
        key = self._value()
        self._passed(":")
        return str(key)

    def _begins_rows(self) -> bool:
        """Goes past the bracket of an array that is empty or begins with an object."""
        window = self._window
        if window.next_char() != "[":
            return False
        # Looking on past blanks must not lose the bracket where it is another array.
        while not (ahead := window.text[window.at + 1 :].lstrip()) and window.grow():
            pass
        if ahead[:1] not in ("{", "]"):
            return False
        window.at += 1
        return True

    def _skip_members(self) -> None:
        """Past the rest of the object that held the rows."""
        while self._passed(",}") == ",":
            self._key()
            self._value()

    def _passed(self, expected: str) -> str:
        """Goes past one of the characters expected next."""
        found = self._window.next_char()
        if not found or found not in expected:
            raise self._broken("Expecting " + " or ".join(f"'{char}'" for char in expected))
        self._window.at += 1
        return found

    def _value(self) -> Any:
        """The value that begins here, and past it."""
        window = self._window
        window.next_char()
        while True:
            try:
                value, end = _DECODER.raw_decode(window.text, window.at)
            except json.JSONDecodeError as error:
                if window.is_complete or not _may_be_cut(error, len(window.text)):
                    raise self._broken(_said(error), error.pos) from error
            except RecursionError as error:
                raise self._broken("Values are nested too deeply") from error
            else:
                # A number may go on where the text read so far ends.
                if end < len(window.text) or window.is_complete:
                    window.at = end
                    return value
            if window.unread > self._max_chars:
                raise self._too_long()
            window.grow()

    def _expect_end(self) -> None:
        if self._window.next_char():
            raise self._broken("There is more text after the end")

    def _broken(self, what: str, at: int | None = None) -> UnreadableFile:
        window = self._window
        if window.is_complete and (window.at if at is None else at) >= len(window.text.rstrip()):
            what = "The text ends in the middle of a value, as if it were cut off"
        return UnreadableFile(
            UnreadableCode.INVALID_JSON,
            f"The file is not valid JSON: {what} ({window.place(at)}).",
        )

    def _too_long(self) -> UnreadableFile:
        return UnreadableFile(
            UnreadableCode.ROW_TOO_LONG,
            f"The value at {self._window.place()} has more than {self._max_chars:,} characters."
            " Check that the file is an array of objects, one for each row.",
        )


def _said(error: json.JSONDecodeError) -> str:
    """Without the words that lead to the place, which is named in other ones."""
    return error.msg.rstrip(": ").removesuffix(" at").removesuffix(" starting")


def _may_be_cut(error: json.JSONDecodeError, length: int) -> bool:
    return error.msg.startswith("Unterminated string") or error.pos >= length - _CUT_CHARS


def _answer(members: list[tuple[str, Any]]) -> Pairs | None:
    """The one object that a successful answer of the platform API holds."""
    keyed = dict(members)
    data = keyed.get("data")
    return data if keyed.get("status") == "success" and isinstance(data, tuple) else None
