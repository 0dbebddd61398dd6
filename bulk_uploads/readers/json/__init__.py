"""Reads JSON and JSON Lines as tables, object by object, in constant memory."""

from typing import BinaryIO

from bulk_uploads.readers.base import ReadHints, ReadLimits
from bulk_uploads.readers.json.json_file import JsonFile

__all__ = ["open_json"]


def open_json(stream: BinaryIO, *, limits: ReadLimits, hints: ReadHints) -> JsonFile:
    """Reads the whole file for its header. Raises UnreadableFile."""
    return JsonFile(stream, limits=limits, hints=hints)
