"""Finds the text encoding of a file and decodes it piece by piece, marking what is not text."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from bulk_uploads.readers.base import UnreadableCode, UnreadableFile
from bulk_uploads.readers.content import HEAD_BYTES, is_utf16_be, is_utf16_le

CHUNK_BYTES = 64 * 1024
# Names a person may give, and the Python codec behind each.
ENCODINGS = {
    "utf-8": "utf-8",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "windows-1252": "cp1252",
    "iso-8859-1": "latin-1",
    "mac-roman": "mac_roman",
}
_MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
}
# Encoded surrogates count as well-formed: they say "UTF-8 from a careless writer", not "Latin".
_ENCODED_SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
_CUT_MULTIBYTE = re.compile(
    rb"(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})\Z"
)
# Stands for a byte that ends the file in the middle of a UTF-16 character.
_STRAY_BYTE_MARK = "\udc80"


@dataclass(frozen=True, slots=True)
class TextEncoding:
    """How a file's bytes become text. `mark_bytes` is the length of its byte order mark."""

    name: str
    mark_bytes: int

    @property
    def codec(self) -> str:
        return ENCODINGS[self.name]


def detect_encoding(stream: BinaryIO, *, hint: str | None = None) -> TextEncoding:
    """The encoding of the whole file: the hint, a byte order mark, or what all its bytes fit.

    Without a hint or a mark every byte is looked at: a file is UTF-8 also where its first letter
    outside ASCII comes after gigabytes. Leaves the stream anywhere. Raises UnreadableFile for a
    hint not in ENCODINGS.
    """
    stream.seek(0)
    head = stream.read(HEAD_BYTES)
    if hint is not None:
        return _hinted(hint, head)
    for name, mark in _MARKS.items():
        if head.startswith(mark):
            return TextEncoding(name, len(mark))
    if is_utf16_le(head):
        return TextEncoding("utf-16-le", 0)
    if is_utf16_be(head):
        return TextEncoding("utf-16-be", 0)
    return TextEncoding("utf-8" if _looks_like_utf8(stream) else "windows-1252", 0)


def _hinted(hint: str, head: bytes) -> TextEncoding:
    name = hint.strip().lower()
    if name not in ENCODINGS:
        raise UnreadableFile(
            UnreadableCode.UNKNOWN_ENCODING,
            f"The encoding “{hint}” is not known. Known are: {', '.join(ENCODINGS)}.",
        )
    mark = _MARKS.get(name, b"")
    return TextEncoding(name, len(mark) if head.startswith(mark) else 0)


def _looks_like_utf8(stream: BinaryIO) -> bool:
    """Whether UTF-8 explains the bytes outside ASCII better than a one-byte encoding does.

    One stray byte must not turn a million good rows into mojibake, so it is a majority: such a
    byte then becomes the defect of its row. What is weighed are the continuation bytes of whole
    characters against the bytes that belong to none.
    """
    multibyte = stray = 0
    tail = b""
    stream.seek(0)
    while chunk := stream.read(CHUNK_BYTES):
        if not tail and chunk.isascii():
            continue
        chunk = tail + chunk
        cut = _CUT_MULTIBYTE.search(chunk, max(0, len(chunk) - 3))
        tail = chunk[cut.start() :] if cut else b""
        whole = chunk[: len(chunk) - len(tail)]
        text = whole.decode(errors="ignore")
        fitting = len(text.encode())
        multibyte += fitting - len(text)
        if fitting < len(whole):
            surrogates = len(_ENCODED_SURROGATE.findall(whole))
            multibyte += 2 * surrogates
            stray += len(whole) - fitting - 3 * surrogates
    return stray + len(tail) == 0 or multibyte > stray + len(tail)


def decoded_chunks(stream: BinaryIO, encoding: TextEncoding) -> Iterator[str]:
    """The file's text without its byte order mark, in pieces of at most CHUNK_BYTES characters.

    What is not text in this encoding comes as lone surrogates (U+D800 to U+DFFF), which valid text
    cannot hold.
    """
    is_utf16 = encoding.name.startswith("utf-16")
    decoder = codecs.getincrementaldecoder(encoding.codec)(
        "surrogatepass" if is_utf16 else "surrogateescape"
    )
    stream.seek(encoding.mark_bytes)
    while chunk := stream.read(CHUNK_BYTES):
        if text := decoder.decode(chunk):
            yield text
    rest = decoder.getstate()[0]
    try:
        text = decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        # Half a UTF-16 character; half a line break, added by a naive tool, is no loss.
        text = "" if rest in (b"\n", b"\r", b"\0") else _STRAY_BYTE_MARK
    if text:
        yield text
