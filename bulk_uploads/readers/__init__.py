"""Opens an uploaded file as rows of text, by what the file holds and not by its name."""

from typing import BinaryIO

from bulk_uploads.readers.base import (
    Defect,
    DefectCode,
    FileFormat,
    OpenedFile,
    RawRow,
    Reader,
    ReadHints,
    ReadLimits,
    UnreadableCode,
    UnreadableFile,
)
from bulk_uploads.readers.content import HEAD_BYTES, ContentKind, identify
from bulk_uploads.readers.delimited import open_delimited

__all__ = [
    "Defect",
    "DefectCode",
    "FileFormat",
    "OpenedFile",
    "RawRow",
    "ReadHints",
    "ReadLimits",
    "Reader",
    "UnreadableCode",
    "UnreadableFile",
    "open_reader",
]

_READERS: dict[ContentKind, Reader] = {ContentKind.DELIMITED: open_delimited}


def open_reader(
    stream: BinaryIO, *, name: str, limits: ReadLimits, hints: ReadHints | None = None
) -> OpenedFile:
    """The rows of the file in `stream`, which is seekable and stays the caller's to close.

    `name` is only for messages. Raises UnreadableFile, also later, while rows are taken.
    """
    stream.seek(0)
    kind = identify(stream.read(HEAD_BYTES))
    reader = _READERS.get(kind)
    if reader is None:
        raise UnreadableFile(
            UnreadableCode.UNSUPPORTED_FORMAT,
            f"“{name}” is {kind.value}. Save the table as CSV (UTF-8) and upload that file.",
        )
    return reader(stream, limits=limits, hints=hints or ReadHints())
