"""Opens an uploaded file as rows of text, by what the file holds and not by its name."""

from collections.abc import Callable
from typing import BinaryIO

from bulk_uploads.readers.archives import kind_of_compound, kind_of_zip
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
from bulk_uploads.readers.json import open_json
from bulk_uploads.readers.restored import RestoredFile
from bulk_uploads.readers.xlsx import open_workbook
from bulk_uploads.spreadsheet_text import marker_places

__all__ = [
    "ContentKind",
    "Defect",
    "DefectCode",
    "FileFormat",
    "OpenedFile",
    "RawRow",
    "ReadHints",
    "ReadLimits",
    "Reader",
    "RestoredFile",
    "UnreadableCode",
    "UnreadableFile",
    "kind_of_content",
    "open_reader",
]

_READERS: dict[ContentKind, Reader] = {
    ContentKind.DELIMITED: open_delimited,
    ContentKind.XLSX: open_workbook,
    ContentKind.JSON: open_json,
}
# What the first bytes cannot tell apart.
_CLOSER_LOOKS: dict[ContentKind, Callable[[BinaryIO], ContentKind]] = {
    ContentKind.ZIP: kind_of_zip,
    ContentKind.XLS: kind_of_compound,
}


def kind_of_content(stream: BinaryIO) -> ContentKind:
    """What a seekable stream holds, whether we read such files or not. Raises UnreadableFile."""
    stream.seek(0)
    kind = identify(stream.read(HEAD_BYTES))
    look = _CLOSER_LOOKS.get(kind)
    return look(stream) if look else kind


def open_reader(
    stream: BinaryIO, *, name: str, limits: ReadLimits, hints: ReadHints | None = None
) -> OpenedFile:
    """The rows of the file in `stream`, which is seekable and stays the caller's to close.

    `name` is only for messages. A file that carries our export marker is restored to what was
    exported. Raises UnreadableFile, also later, while rows are taken.
    """
    kind = kind_of_content(stream)
    reader = _READERS.get(kind)
    if reader is None:
        raise UnreadableFile(
            UnreadableCode.UNSUPPORTED_FORMAT, f"“{name}” is {kind.value}. {_advice(kind)}"
        )
    opened = reader(stream, limits=limits, hints=hints or ReadHints())
    marks = marker_places(opened.header.cells)
    return RestoredFile(opened, without=marks, is_export=True) if marks else opened


def _advice(kind: ContentKind) -> str:
    if kind is ContentKind.ENCRYPTED:
        return "Save it without the password and upload it again."
    return "Save the table as XLSX or CSV (UTF-8) and upload that file."
