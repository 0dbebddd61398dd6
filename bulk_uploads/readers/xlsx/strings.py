"""The texts that a workbook's cells share, kept by number in bounded memory."""

import os
import re
import tempfile
import weakref
from array import array
from collections.abc import Iterator
from itertools import accumulate
from typing import NoReturn

from bulk_uploads.readers.base import ReadLimits, UnreadableCode, UnreadableFile
from bulk_uploads.readers.cells import shown
from bulk_uploads.readers.table import row_too_long
from bulk_uploads.readers.xlsx.archive import Part, WorkbookArchive, damaged
from bulk_uploads.readers.xlsx.blocks import XmlBlocks, is_marked_up, resolved
from bulk_uploads.readers.xlsx.xml import Attributes, XmlEvents, decoded, encoded

#: Bytes of texts held in memory, about; those beyond it wait in a temporary file.
MEMORY_BYTES = 64 * 1024 * 1024
_MAX_PART_BYTES = 1024**3
# Each text beyond the memory still costs eight bytes of it.
_MAX_TEXTS = 10_000_000
# What Python needs for a text beside its letters.
_TEXT_OVERHEAD = 64
_LONGEST_NUMBER = 9
_MOST_CHAR_BYTES = 4
_END_TAG = "</si>"
_HEAD = re.compile(r"<sst(?: [^<>]*[^<>/])?>")
_FIRST, _LAST = "<si><t>", "</t></si>"
_PLAIN = re.compile(r'<si><t(?: xml:space="preserve")?+>([^<]*+)</t></si>')
_RUN = re.compile(r'<t(?: xml:space="preserve")?>([^<]*)</t>')
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


class SharedStrings:
    """Texts by number. `held` are the first ones; the others are fetched from their file."""

    def __init__(self, limits: ReadLimits) -> None:
        self.held: list[str] = []
        self._limits = limits
        self._row_number = self._row_bytes = 0
        self._bytes = 0
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with this object
        weakref.finalize(self, self._file.close)
        self._ends = array("Q", [0])

    def extend(self, texts: list[str]) -> None:
        """Adds a few texts, which stay together in memory or in the file."""
        if self._bytes < MEMORY_BYTES:
            self.held += texts
            self._bytes += sum(map(len, texts)) + _TEXT_OVERHEAD * len(texts)
        else:
            self._store(texts)

    def _store(self, texts: list[str]) -> None:
        if len(self._ends) > _MAX_TEXTS:
            raise UnreadableFile(
                UnreadableCode.UNPACKS_TOO_LARGE,
                f"The workbook holds more than {_MAX_TEXTS:,} different texts."
                " Save the table as CSV (UTF-8) and upload that file.",
            )
        stored = [text.encode("utf-8", "surrogatepass") for text in texts]
        self._file.write(b"".join(stored))
        # What is read goes past the buffer.
        self._file.flush()
        self._ends.extend(accumulate(map(len, stored), initial=self._ends.pop()))

    def begin_row(self, number: int) -> None:
        """From here on texts are for that row, or for it and a few more."""
        self._row_number, self._row_bytes = number, 0

    def numbered(self, number: str) -> str:
        """The text with a number as cells write it.

        Raises UnreadableFile if there is none, or if too much was fetched for a row.
        """
        index = int(number) if number.isdecimal() and len(number) <= _LONGEST_NUMBER else -1
        if 0 <= index < len(self.held):
            return self.held[index]
        place = index - len(self.held)
        if not 0 <= place < len(self._ends) - 1:
            raise damaged(f"a cell refers to text number “{shown(number)}”, which is not there")
        start, end = self._ends[place], self._ends[place + 1]
        self._row_bytes += end - start
        if self._row_bytes > _MOST_CHAR_BYTES * self._limits.max_row_chars:
            raise row_too_long(self._row_number, self._limits)
        return os.pread(self._file.fileno(), end - start, start).decode("utf-8", "surrogatepass")


def read_strings(archive: WorkbookArchive, path: str, *, limits: ReadLimits) -> SharedStrings:
    """Reads all texts; none may be longer than a row. Raises UnreadableFile."""
    strings = SharedStrings(limits)
    part = archive.part(path, max_bytes=_MAX_PART_BYTES)
    if part is not None:
        for texts in _texts(part, limits.max_row_chars):
            strings.extend(texts)
    return strings


def unescaped(text: str) -> str:
    """A text without the escapes in which workbooks write what XML cannot: `_x000D_`."""
    if "_x" not in text:
        return text
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def _texts(part: Part, max_chars: int) -> Iterator[list[str]]:
    """The texts in their order, a few at a time."""
    blocks = XmlBlocks(
        decoded(part),
        head=_HEAD,
        end_tag=_END_TAG,
        close_tag="</sst>",
        # Room for the marks of rich text.
        max_chars=16 * max_chars,
        too_long=lambda: _too_long(max_chars),
    )
    for block in blocks:
        texts = _plain_texts(block)
        if texts is None:
            yield from _parsed_texts(part.name, blocks.rest(block), max_chars)
            return
        if len(block) > max_chars and len(max(texts, key=len)) > max_chars:
            raise _too_long(max_chars)
        yield [unescaped(text) for text in texts] if "_x" in block else texts
    if blocks.tail.lstrip().startswith("</sst>"):
        blocks.drain()
    else:
        yield from _parsed_texts(part.name, blocks.rest(), max_chars)


def _plain_texts(block: str) -> list[str] | None:
    """The texts of a block; None if anything in it is not in the plain form."""
    if is_marked_up(block):
        return None
    if block.startswith(_FIRST) and block.endswith(_LAST) and "&" not in block:
        texts = block[len(_FIRST) : -len(_LAST)].split(_LAST + _FIRST)
        # Four tags around each text, and none elsewhere.
        if block.count("<") == 4 * len(texts):
            return texts
    plain: list[str] = _PLAIN.findall(block)
    is_plain = len(plain) == block.count("<si")
    if is_plain and "&" not in block:
        return plain
    pieces = block.split(_END_TAG)[:-1]
    resolved_texts = (
        [resolved(text) for text in plain] if is_plain else list(map(_rich_text, pieces))
    )
    found = [text for text in resolved_texts if text is not None]
    return found if len(found) == len(resolved_texts) else None


def _rich_text(piece: str) -> str | None:
    """The joined runs of a text, of one style or several, where it is in the plain form."""
    if piece.count("<si") != 1 or not piece.lstrip().startswith("<si>"):
        return None
    if piece.count("<rPh") != piece.count("</rPh>"):
        return None
    spelt = _without_phonetics(piece)
    runs = _RUN.findall(spelt)
    if not spelt.count("<t") == len(runs) == spelt.count("</t>"):
        return None
    return resolved("".join(runs))


def _without_phonetics(piece: str) -> str:
    """The piece without how its text is pronounced, which East Asian texts may say."""
    first, *others = piece.split("<rPh")
    return first + "".join(part.partition("</rPh>")[2] for part in others)


def _parsed_texts(part_name: str, texts: Iterator[str], max_chars: int) -> Iterator[list[str]]:
    found = _TextEvents(max_chars)
    events = XmlEvents(
        part_name, start=found.start, end=found.end, text=found.text, encoding="utf-8"
    )
    for text in texts:
        events.feed(encoded(text))
        yield [unescaped(text) for text in found.taken()]
    events.feed(b"", is_last=True)
    yield [unescaped(text) for text in found.taken()]


class _TextEvents:
    def __init__(self, max_chars: int) -> None:
        self._max_chars = max_chars
        self._ready: list[str] = []
        self._runs: list[str] = []
        self._chars = 0
        self._is_text = self._is_phonetic = False

    def taken(self) -> list[str]:
        ready, self._ready = self._ready, []
        return ready

    def start(self, name: str, _attributes: Attributes) -> None:
        if name == "si":
            self._runs, self._chars = [], 0
        elif name == "rPh":
            self._is_phonetic = True
        elif name == "t":
            self._is_text = not self._is_phonetic

    def end(self, name: str) -> None:
        if name == "si":
            self._ready.append("".join(self._runs))
        elif name == "rPh":
            self._is_phonetic = False
        elif name == "t":
            self._is_text = False

    def text(self, text: str) -> None:
        if self._is_text:
            self._chars += len(text)
            if self._chars > self._max_chars:
                self._raise_too_long()
            self._runs.append(text)

    def _raise_too_long(self) -> NoReturn:
        raise _too_long(self._max_chars)


def _too_long(max_chars: int) -> UnreadableFile:
    return UnreadableFile(
        UnreadableCode.ROW_TOO_LONG,
        f"The workbook holds a text of more than {max_chars:,} characters. Shorten it.",
    )
