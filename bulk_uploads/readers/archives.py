"""Tells what an archive holds from its directory, without unpacking any of it."""

import struct
import zipfile
from typing import BinaryIO

from bulk_uploads.readers.base import UnreadableCode, UnreadableFile
from bulk_uploads.readers.content import ContentKind

# A workbook has a dozen parts, one with many pictures a few thousand. Python reads the whole
# directory at once, so its size is what has to be bounded.
_MAX_ENTRIES = 10_000
_MAX_DIRECTORY_BYTES = 4 * 1024 * 1024
# The end record (22 bytes) with the longest comment, and what ZIP64 puts in front of it.
_TAIL_BYTES = 22 + 65_535 + 20 + 56
_END = b"PK\x05\x06"
_LOCATOR = b"PK\x06\x07"
_END_64 = b"PK\x06\x06"
_KINDS = (
    ("xl/workbook.xml", ContentKind.XLSX),
    ("xl/workbook.bin", ContentKind.XLSB),
    ("word/document.xml", ContentKind.OFFICE),
    ("ppt/presentation.xml", ContentKind.OFFICE),
    ("content.xml", ContentKind.ODS),
)


def open_zip(stream: BinaryIO) -> zipfile.ZipFile:
    """The archive, its directory read. Raises UnreadableFile if it is damaged or far too large."""
    _check_directory(stream)
    try:
        return zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, NotImplementedError, struct.error, ValueError, OSError) as error:
        raise _damaged() from error


def kind_of_zip(stream: BinaryIO) -> ContentKind:
    """Which document a ZIP archive is, by the names in its directory. Raises UnreadableFile."""
    with open_zip(stream) as archive:
        names = {part_name(name) for name in archive.namelist()}
    for name, kind in _KINDS:
        if name in names:
            return kind
    return ContentKind.XLSX if any(name.startswith("xl/") for name in names) else ContentKind.ZIP


def part_name(name: str) -> str:
    """A name as it is looked up: case does not count, and some writers use backslashes."""
    return name.replace("\\", "/").lstrip("/").lower()


def kind_of_compound(stream: BinaryIO) -> ContentKind:
    """Which document an OLE compound file is: Excel also wraps a workbook in one to encrypt it.

    Its header names the first sector of its directory; the format is [MS-CFB] 2.2 and 2.6.
    """
    stream.seek(0)
    header = stream.read(512)
    if len(header) == 512:
        (sector_shift,) = struct.unpack_from("<H", header, 30)
        (first_sector,) = struct.unpack_from("<L", header, 48)
        stream.seek((first_sector + 1) << min(sector_shift, 12))
        if "EncryptedPackage".encode("utf-16-le") in stream.read(4096):
            return ContentKind.ENCRYPTED
    return ContentKind.XLS


def _check_directory(stream: BinaryIO) -> None:
    size = stream.seek(0, 2)
    stream.seek(max(0, size - _TAIL_BYTES))
    tail = stream.read(_TAIL_BYTES)
    end = tail.rfind(_END)
    if end < 0 or len(tail) < end + 22:
        raise _damaged()
    entries, directory_bytes = struct.unpack_from("<HL", tail, end + 10)
    if end >= 76 and tail[end - 20 : end - 16] == _LOCATOR:
        entries, directory_bytes = _zip64_directory(tail, end, offset=size - len(tail))
    if entries > _MAX_ENTRIES or directory_bytes > _MAX_DIRECTORY_BYTES:
        raise UnreadableFile(
            UnreadableCode.UNPACKS_TOO_LARGE,
            f"The file is an archive of more than {_MAX_ENTRIES:,} files, which no workbook needs."
            " Save the table as CSV (UTF-8) and upload that file.",
        )


def _zip64_directory(tail: bytes, end: int, *, offset: int) -> tuple[int, int]:
    """Entries and size of the directory, from the only place where ZIP64 says them here."""
    record = end - 76
    (said,) = struct.unpack_from("<Q", tail, end - 12)
    if tail[record : record + 4] != _END_64 or said != offset + record:
        raise _damaged()
    entries, directory_bytes = struct.unpack_from("<QQ", tail, record + 32)
    return entries, directory_bytes


def _damaged() -> UnreadableFile:
    return UnreadableFile(
        UnreadableCode.DAMAGED_WORKBOOK,
        "The file begins as an Excel workbook or another archive does, but its directory is"
        " damaged or missing. Open and save it again, and upload it once more.",
    )
