"""The archive itself, made while it is sent: one picture in memory at a time, nothing on disk."""

from collections.abc import Iterator
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.core.files.storage import default_storage

from bulk_uploads.writers import TableColumn, delimited_chunks
from catalog.exporting import Selection
from imagery.marketplace_sets.contents import CHANNELS, Piece, pieces
from imagery.marketplace_sets.file_names import FileNames

INDEX = "index.csv"
_COLUMNS = [TableColumn("File"), TableColumn("SKU"), TableColumn("Role"), TableColumn("Note")]
_NOT_BUILT = "Not built yet: download the set again later."


def archive_chunks(selection: Selection, *, channel: str, at: datetime) -> Iterator[bytes]:
    """A ZIP of every built picture, with an index at its end that names those that are missing.

    `at` becomes the date of its files. Raises KeyError for an unknown channel.
    """
    sink, names, index = _Sink(), FileNames(channel), list[list[str]]()
    with ZipFile(sink, "w", ZIP_STORED) as archive:
        for of_sku in pieces(selection, CHANNELS[channel]):
            files = names.of(of_sku[0].image.sku, [piece.image.role for piece in of_sku])
            for name, piece in zip(files, of_sku, strict=True):
                content = _content(piece)
                if content is not None:
                    archive.writestr(_entry(name, at), content)
                    yield sink.taken()
                note = "" if content is not None else _NOT_BUILT
                index.append([name, piece.image.sku, piece.image.role, note])
        told = b"".join(delimited_chunks(_COLUMNS, [index]))
        archive.writestr(_entry(INDEX, at), told, ZIP_DEFLATED)
    yield sink.taken()


class _Sink:
    """What a ZIP is written to that nobody seeks in; the pieces are taken as they come."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, content: bytes) -> int:
        self._written += content
        return len(content)

    def flush(self) -> None:
        """What is written waits to be taken."""

    def close(self) -> None:
        """The archive does not own it."""

    def taken(self) -> bytes:
        content = bytes(self._written)
        self._written.clear()
        return content


def _entry(name: str, at: datetime) -> ZipInfo:
    entry = ZipInfo(name, date_time=(at.year, at.month, at.day, at.hour, at.minute, at.second))
    entry.external_attr = 0o644 << 16
    return entry


def _content(piece: Piece) -> bytes | None:
    if piece.storage_path is None:
        return None
    try:
        with default_storage.open(piece.storage_path) as file:
            content: bytes = file.read()
    except FileNotFoundError:
        return None
    return content
