"""Reads a part's XML as events, refusing the document types and entities no workbook needs."""

import codecs
from collections.abc import Callable, Iterator
from xml.parsers import expat

from bulk_uploads.readers.xlsx.archive import Part, damaged

Attributes = dict[str, str]
# The parser keeps a tag until it is whole; no tag of a workbook is this long.
_MAX_TAG_BYTES = 4 * 1024 * 1024


class XmlEvents:
    """Calls back for each start, end and text, with names free of namespaces.

    What a workbook's XML means does not hang on namespaces; which prefix its writer chose differs.
    """

    def __init__(
        self,
        part_name: str,
        *,
        start: Callable[[str, Attributes], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
        encoding: str | None = None,
    ) -> None:
        """`encoding` overrides what the XML says of itself."""
        self._part_name = part_name
        self._start = start
        self._silent_bytes = 0
        parser = self._parser = expat.ParserCreate(encoding)
        parser.buffer_text = True
        parser.StartElementHandler = self._started
        parser.StartDoctypeDeclHandler = self._refuse
        if end:
            parser.EndElementHandler = lambda name: end(_local(name))
        if text:
            parser.CharacterDataHandler = text

    def feed(self, data: bytes, *, is_last: bool = False) -> None:
        """Raises UnreadableFile for XML that is not well-formed."""
        self._silent_bytes += len(data)
        try:
            self._parser.Parse(data, is_last)
        except (expat.ExpatError, LookupError, ValueError) as error:
            # The last two are for an encoding that the XML says it has.
            raise damaged(f"the XML of its part “{self._part_name}” is broken ({error})") from error
        if self._silent_bytes > _MAX_TAG_BYTES:
            raise damaged(f"its part “{self._part_name}” holds a tag without end")

    def _started(self, name: str, attributes: Attributes) -> None:
        self._silent_bytes = 0
        self._start(_local(name), attributes)

    def _refuse(self, *_: object) -> None:
        raise damaged(f"its part “{self._part_name}” declares a document type")


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def attribute(attributes: Attributes, name: str) -> str | None:
    """An attribute by its name without namespace."""
    if name in attributes:
        return attributes[name]
    return next((value for key, value in attributes.items() if _local(key) == name), None)


def read_elements(part: Part, on_start: Callable[[str, Attributes], None]) -> None:
    """Calls back for the start of each element of a small part. Raises UnreadableFile."""
    events = XmlEvents(part.name, start=on_start)
    for chunk in part.chunks():
        events.feed(chunk)
    events.feed(b"", is_last=True)


def decoded(part: Part) -> Iterator[str]:
    """A part's text in pieces: UTF-8, or UTF-16 with its mark, as the format demands.

    Bytes that are not UTF-8 come as lone surrogates; they become a defect of their row.
    """
    chunks = part.chunks()
    first = next(chunks, b"")
    is_utf16 = first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    make = codecs.getincrementaldecoder("utf-16" if is_utf16 else "utf-8-sig")
    decoder = make("strict" if is_utf16 else "surrogateescape")
    try:
        yield decoder.decode(first)
        for chunk in chunks:
            yield decoder.decode(chunk)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise damaged(f"its part “{part.name}” is not text") from error


def encoded(text: str) -> bytes:
    """The bytes that `decoded` had, as UTF-8."""
    return text.encode("utf-8", "surrogateescape")
