"""The ZIP archive that a workbook is: parts are read piece by piece, within bounds."""

import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from bulk_uploads.readers.archives import open_zip, part_name
from bulk_uploads.readers.base import UnreadableCode, UnreadableFile
from bulk_uploads.readers.cells import shown

_CHUNK_BYTES = 128 * 1024
# Real sheets shrink ten to sixty times. Small parts may shrink more without doing harm.
_MAX_RATIO = 250
_RATIO_FREE_BYTES = 16 * 1024 * 1024


def damaged(what: str) -> UnreadableFile:
    """The error for a workbook that is not what its format says."""
    return UnreadableFile(
        UnreadableCode.DAMAGED_WORKBOOK,
        f"The workbook is damaged: {what}. Open it in a spreadsheet program, save it again, and"
        " upload that file.",
    )


class Part:
    """One file of the archive. Unpacking stops at the size the directory states."""

    def __init__(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        self._archive = archive
        self._info = info
        self.name = shown(info.filename)

    def chunks(self) -> Iterator[bytes]:
        """The unpacked bytes. Raises UnreadableFile where they cannot be unpacked."""
        try:
            with self._archive.open(self._info) as handle:
                while chunk := handle.read(_CHUNK_BYTES):
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise damaged(f"its part “{self.name}” cannot be unpacked") from error
        except (NotImplementedError, RuntimeError) as error:
            # Another compression than ZIP's usual one, or a password on the part.
            raise damaged(f"its part “{self.name}” is packed in a way no workbook is") from error


class WorkbookArchive:
    """The parts of a workbook by name."""

    def __init__(self, stream: BinaryIO) -> None:
        """Raises UnreadableFile."""
        self._archive = open_zip(stream)
        self._infos = {part_name(info.filename): info for info in self._archive.infolist()}

    def part(self, name: str, *, max_bytes: int) -> Part | None:
        """A part by its path, None if there is none.

        Raises UnreadableFile for one that would unpack to more than `max_bytes`, or that shrank
        to so little that it can only be made to do harm.
        """
        info = self._infos.get(part_name(name))
        if info is None:
            return None
        suspicious = (
            info.file_size > _RATIO_FREE_BYTES and info.file_size > _MAX_RATIO * info.compress_size
        )
        if info.file_size > max_bytes or suspicious:
            raise UnreadableFile(
                UnreadableCode.UNPACKS_TOO_LARGE,
                f"The workbook's part “{shown(info.filename)}” would unpack from"
                f" {info.compress_size:,} to {info.file_size:,} bytes, which is refused."
                " Save the table as CSV (UTF-8) and upload that file.",
            )
        return Part(self._archive, info)
