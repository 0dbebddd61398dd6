"""A first look at a file while its sender waits: what it is, and its header where that is cheap."""

import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, Final, cast

from django.core.files import File

from bulk_uploads.readers import (
    ContentKind,
    OpenedFile,
    RawRow,
    ReadHints,
    ReadLimits,
    UnreadableFile,
    kind_of_content,
    open_reader,
)

#: Bytes of a delimited file that are looked at: whatever its size, its header is in there.
HEAD_BYTES: Final = 1024 * 1024
#: Workbooks and JSON are read whole to find their header, so only small ones are.
MOST_BYTES: Final = 512 * 1024
_FORMATS: Final = {
    ContentKind.DELIMITED: "csv",
    ContentKind.XLSX: "xlsx",
    ContentKind.JSON: "json",
}


@dataclass(frozen=True, slots=True)
class Glimpse:
    """`format` is "csv", "xlsx" or "json"; `header` is None where it is not known yet.

    `rows` are the cells of the first rows, as many as were asked for.
    """

    format: str
    header: list[str] | None = None
    header_row: int = 1
    rows: tuple[list[str], ...] = ()


def peek(
    content: "File[bytes]",
    *,
    name: str,
    limits: ReadLimits,
    hints: ReadHints | None = None,
    first_rows: int = 0,
    most_bytes: int = MOST_BYTES,
) -> Glimpse:
    """Leaves `content` at its start. Raises UnreadableFile where it surely cannot be read.

    Workbooks and JSON of more than `most_bytes` are not looked into.
    """
    stream = cast(BinaryIO, content.file)
    kind = kind_of_content(stream)
    stream.seek(0)
    head: BinaryIO = stream
    is_whole = content.size <= (HEAD_BYTES if kind is ContentKind.DELIMITED else most_bytes)
    if kind is ContentKind.DELIMITED and not is_whole:
        head = io.BytesIO(stream.read(HEAD_BYTES))
    elif kind in _FORMATS and not is_whole:
        return Glimpse(_FORMATS[kind])
    try:
        opened = open_reader(head, name=name, limits=limits, hints=hints)
        rows = tuple(row.cells for row in _first(opened, first_rows))
    except UnreadableFile:
        if is_whole or kind not in _FORMATS:
            raise
        # The end of the head may be what is wrong with it: the upload itself will tell.
        return Glimpse(_FORMATS[kind])
    finally:
        stream.seek(0)
    return Glimpse(_FORMATS[kind], opened.header.cells, opened.header.number, rows)


def _first(opened: OpenedFile, rows: int) -> Iterator[RawRow]:
    """The first rows, as far as they can be read: what is wrong further down is not asked here."""
    if rows:
        with suppress(UnreadableFile):
            yield from islice(opened, rows)
