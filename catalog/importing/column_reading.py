"""Reading a column of many rows at once: what is usual is recognised whole, the rest cell by cell.

Each reader takes the column's texts, outer blanks gone, and returns their values in the same
order; a blank text stays "". Where some cell cannot be taken it raises CellError, and the caller
reads that column cell by cell.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from catalog.file_format import cells

ReadCell = Callable[[str], Any]

_MOST_REMEMBERED = 8_192
_LONGEST_REMEMBERED = 80
# Numbers that any column holds, or blanks, one a line.
_NUMBER = r"(?:[0-9]{1,9}(?:\.[0-9]{1,2})?)?"
_SIMPLE_NUMBERS = re.compile(rf"{_NUMBER}(?:\n{_NUMBER})*\Z")
_WHOLE_NUMBERS = re.compile(r"(?:[0-9]{1,9})?(?:\n(?:[0-9]{1,9})?)*\Z")


class RepeatingColumn(dict[str, Any]):
    """Values by text: columns repeat themselves, and a look-up is cheaper than reading."""

    def __init__(self, read: ReadCell) -> None:
        super().__init__({"": ""})
        self._read = read

    def __missing__(self, text: str) -> Any:
        value = self._read(text)
        if len(text) <= _LONGEST_REMEMBERED:
            if len(self) >= _MOST_REMEMBERED:
                self.clear()
                self[""] = ""
            self[text] = value
        return value

    def read(self, texts: Sequence[str]) -> Sequence[Any]:
        return list(map(self.__getitem__, texts))

    def read_cell(self, text: str) -> Any:
        return self[text]


class TextColumn:
    """Texts are taken as they are, if they are no longer than `longest` and hold no controls."""

    def __init__(self, longest: int) -> None:
        self._longest = longest

    def read(self, texts: Sequence[str]) -> Sequence[str]:
        if "".join(texts).isprintable() and len(max(texts, key=len)) <= self._longest:
            return texts
        return [self.read_cell(text) for text in texts]

    def read_cell(self, text: str) -> str:
        return cells.parse_text(text, longest=self._longest)


class NumberColumn:
    """Simple numbers are the text they are written in; others are read one by one.

    With decimal commas only whole numbers are simple: a point is no decimal sign then.
    """

    def __init__(self, read: ReadCell, *, decimal_comma: bool) -> None:
        self._read = read
        self._decimal_comma = decimal_comma
        self._simple = _WHOLE_NUMBERS if decimal_comma else _SIMPLE_NUMBERS

    def read(self, texts: Sequence[str]) -> Sequence[str]:
        lines = "\n".join(texts)
        if self._simple.match(lines) and lines.count("\n") == len(texts) - 1:
            return texts
        return [self.read_cell(text) for text in texts]

    def read_cell(self, text: str) -> str:
        if not text or cells.is_simple_number(text, decimal_comma=self._decimal_comma):
            return text
        number: str = self._read(text)
        return number


class ListColumn:
    """`#;` lists of text."""

    def read(self, texts: Sequence[str]) -> Sequence[Any]:
        if len(max(texts, key=len)) <= cells.LONGEST_ITEM and "".join(texts).isprintable():
            return [cells.split_list(text) for text in texts]
        return [self.read_cell(text) for text in texts]

    def read_cell(self, text: str) -> list[str]:
        return cells.parse_items(text)


class UrlColumn:
    """`#;` lists of URLs."""

    def read(self, texts: Sequence[str]) -> Sequence[Any]:
        lists = [cells.split_list(text) for text in texts]
        if cells.are_plain_urls([url for urls in lists for url in urls]):
            return lists
        return [self.read_cell(text) for text in texts]

    def read_cell(self, text: str) -> list[str]:
        return cells.parse_urls(text)


ColumnReader = RepeatingColumn | TextColumn | NumberColumn | ListColumn | UrlColumn
