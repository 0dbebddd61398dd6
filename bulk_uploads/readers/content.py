"""Tells from its first bytes what kind of file was sent, whatever its name says."""

import re
from enum import Enum

HEAD_BYTES = 4096
# Random bytes hold 11 % control characters; text that merely has a few bad cells stays far below.
_BINARY_MIN_CONTROLS = 64
_BINARY_SHARE = 0.05
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")


class ContentKind(Enum):
    """A kind of file; the value names it to a person."""

    DELIMITED = "delimited text"
    XLSX = "an Excel workbook (XLSX)"
    XLS = "an old Excel workbook (XLS) or another Office document"
    XLSB = "a binary Excel workbook (XLSB)"
    ENCRYPTED = "a workbook protected by a password"
    OFFICE = "a Word or PowerPoint document"
    ODS = "an OpenDocument spreadsheet (ODS)"
    ZIP = "a ZIP archive"
    GZIP = "a gzip archive"
    ARCHIVE = "an archive"
    PDF = "a PDF document"
    IMAGE = "an image"
    JSON = "JSON"
    MARKUP = "an HTML or XML document"
    UTF32 = "UTF-32 text"
    DATABASE = "a database or Parquet file"
    BINARY = "binary data"


_MAGIC = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ContentKind.XLS),
    (b"\x1f\x8b\x08", ContentKind.GZIP),
    (b"7z\xbc\xaf\x27\x1c", ContentKind.ARCHIVE),
    (b"Rar!\x1a\x07", ContentKind.ARCHIVE),
    (b"BZh9", ContentKind.ARCHIVE),
    (b"\xfd7zXZ\x00", ContentKind.ARCHIVE),
    (b"%PDF-", ContentKind.PDF),
    (b"\x89PNG\r\n\x1a\n", ContentKind.IMAGE),
    (b"\xff\xd8\xff", ContentKind.IMAGE),
    (b"GIF87a", ContentKind.IMAGE),
    (b"GIF89a", ContentKind.IMAGE),
    (b"II*\x00", ContentKind.IMAGE),
    (b"MM\x00*", ContentKind.IMAGE),
    (b"\xff\xfe\x00\x00", ContentKind.UTF32),
    (b"\x00\x00\xfe\xff", ContentKind.UTF32),
    (b"SQLite format 3\x00", ContentKind.DATABASE),
    (b"PAR1", ContentKind.DATABASE),
)
_ZIP = re.compile(rb"PK(?:\x03\x04|\x05\x06|\x07\x08)")
_WEBP = re.compile(rb"RIFF.{4}WEBP", re.DOTALL)
_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*[\[{\"\]]|\{\s*[\"}])")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml|table|head|body)\b", re.I)


def identify(head: bytes) -> ContentKind:
    """The kind of file that begins with `head` (up to HEAD_BYTES of it)."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if _ZIP.match(head):
        return _zip_kind(head)
    if _WEBP.match(head):
        return ContentKind.IMAGE
    text = _one_byte_each(head)
    if _JSON.match(text):
        return ContentKind.JSON
    if _MARKUP.match(text):
        return ContentKind.MARKUP
    return ContentKind.BINARY if _is_binary(head) else ContentKind.DELIMITED


def _one_byte_each(head: bytes) -> bytes:
    """The head without what UTF-16 puts between its letters."""
    if head.startswith(b"\xff\xfe") or is_utf16_le(head):
        return (
            head.removeprefix(b"\xff\xfe").decode("utf-16-le", "ignore").encode("utf-8", "replace")
        )
    if head.startswith(b"\xfe\xff") or is_utf16_be(head):
        return (
            head.removeprefix(b"\xfe\xff").decode("utf-16-be", "ignore").encode("utf-8", "replace")
        )
    return head


def _zip_kind(head: bytes) -> ContentKind:
    if b"opendocument.spreadsheet" in head:
        return ContentKind.ODS
    return ContentKind.ZIP


def _is_binary(head: bytes) -> bool:
    if is_utf16_le(head) or is_utf16_be(head) or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls >= _BINARY_MIN_CONTROLS and controls > _BINARY_SHARE * len(head)


def is_utf16_le(head: bytes) -> bool:
    """Whether the second of each two bytes is often NUL: UTF-16 text without a mark."""
    return _nul_pattern(nuls=head[1::2], letters=head[0::2])


def is_utf16_be(head: bytes) -> bool:
    """Whether the first of each two bytes is often NUL: UTF-16 text without a mark."""
    return _nul_pattern(nuls=head[0::2], letters=head[1::2])


def _nul_pattern(*, nuls: bytes, letters: bytes) -> bool:
    """Whether the one half has so many NULs, and the other so few, that it cannot be damage.

    Text in another script has them only at its delimiters, digits and line ends.
    """
    found = nuls.count(0)
    needed = 0.6 if found < 16 else 0.2
    return found >= 2 and found >= needed * len(nuls) and letters.count(0) * 4 < found
