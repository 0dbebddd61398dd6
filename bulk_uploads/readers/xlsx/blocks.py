"""Cuts XML that repeats one element into blocks of whole elements.

Nearly every program writes sheets and string tables in one plain form, which a regular expression
reads several times faster than an XML parser. Whoever takes the blocks makes sure that it has
recognised all that is in them; from what is not in the plain form on, the `rest` is for a parser.
"""

import re
from collections.abc import Callable, Iterator

_MOST_HEAD_CHARS = 1024 * 1024
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_REFERENCE = re.compile(r"&(?:(lt|gt|amp|quot|apos)|#([0-9]{1,7})|#x([0-9a-fA-F]{1,6}));")


class XmlBlocks:
    """Iterate once for the blocks, each up to an end tag; what follows the last is the `tail`.

    `head` is what comes before the first block; without a plain one there are no blocks.
    """

    def __init__(
        self,
        texts: Iterator[str],
        *,
        head: re.Pattern[str],
        end_tag: str,
        close_tag: str,
        max_chars: int,
        too_long: Callable[[], Exception],
    ) -> None:
        """An element of more than `max_chars` raises what `too_long` gives."""
        self._texts = texts
        self._end_tag = end_tag
        self._close_tag = close_tag
        self._max_chars = max_chars
        self._too_long = too_long
        self.head, self.tail = self._read_head(head)

    def _read_head(self, pattern: re.Pattern[str]) -> tuple[str, str]:
        text = ""
        for more in self._texts:
            text += more
            found = pattern.search(text)
            if found and "<!" not in text[: found.end()]:
                return text[: found.end()], text[found.end() :]
            if found or len(text) > _MOST_HEAD_CHARS:
                break
        return "", text

    def __iter__(self) -> Iterator[str]:
        if not self.head:
            return
        while True:
            cut = self.tail.rfind(self._end_tag) + len(self._end_tag)
            if cut >= len(self._end_tag):
                block, self.tail = self.tail[:cut], self.tail[cut:]
                yield block
            if self._close_tag in self.tail:
                return
            if len(self.tail) > self._max_chars:
                raise self._too_long()
            more = next(self._texts, None)
            if more is None:
                return
            self.tail += more

    def rest(self, unread: str = "") -> Iterator[str]:
        """The XML with its head, but without the blocks taken; `unread` is of the last of them."""
        yield self.head + unread + self.tail
        yield from self._texts

    def drain(self) -> None:
        """Reads what follows the close tag, so that the archive can check that all is whole."""
        for _ in self._texts:
            pass


def is_marked_up(block: str) -> bool:
    """Whether it holds comments, CDATA or instructions, inside which nothing is what it seems."""
    # One character is found many times faster than two.
    return ("!" in block and "<!" in block) or ("?" in block and "<?" in block)


def resolved(text: str) -> str | None:
    """Plain text with its references resolved; None where one is not known."""
    if "&" not in text:
        return text
    if text.count("&") != len(_REFERENCE.findall(text)):
        return None
    try:
        return _REFERENCE.sub(_character, text)
    except (ValueError, OverflowError):
        return None


def _character(reference: re.Match[str]) -> str:
    name, decimal, hexadecimal = reference.groups()
    if name:
        return _ENTITIES[name]
    return chr(int(decimal) if decimal else int(hexadecimal, 16))
