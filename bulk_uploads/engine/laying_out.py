"""From a file's rows to those of a processor: a layout's second look at them, from the scratch."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, BinaryIO

from bulk_uploads.errors import UnknownProcessor
from bulk_uploads.layouts import Layout, layout_for
from bulk_uploads.models import BulkUpload
from bulk_uploads.processors import processor_named
from bulk_uploads.readers.base import OpenedFile, RawRow, has_numbers
from bulk_uploads.spool import SpoolReader
from bulk_uploads.spool_writing import SpoolCounts, SpoolWriter, fill_spool

_BATCH_ROWS = 200


def layout_of(
    upload: BulkUpload, header: Sequence[str], extradata: Mapping[str, Any]
) -> Layout | None:
    """The layout of a file with this header and format, where it is to be taken by one."""
    try:
        processor = processor_named(upload.processor_name)
    except UnknownProcessor:
        # Said where the rows would go to it.
        return None
    return layout_for(
        processor=processor,
        account=upload.account,
        header=header,
        options=upload.options,
        has_numbers=has_numbers(extradata),
    )


def fill_laid_out_spool(
    *,
    source: OpenedFile,
    layout: Layout,
    scratch: BinaryIO,
    target: BinaryIO,
    on_batch: Callable[[SpoolWriter], None],
    beat: Callable[[], None],
) -> SpoolCounts:
    """Spools the file as it is into `scratch`, surveyed on the way, and laid out into `target`.

    `on_batch` is called while the file is read, `beat` while its rows are laid out.

    Raises UnreadableFile as reading does, and where the layout cannot hold what it must remember.
    """
    read = fill_spool(source=source, target=scratch, on_batch=on_batch, survey=layout.survey)
    header = RawRow(source.header.number, [column.header for column in layout.columns()])
    writer = SpoolWriter(target, header=header)
    rows = iter(layout.lay_out(_spooled(scratch)))
    while batch := list(islice(rows, _BATCH_ROWS)):
        writer.write_laid_out(batch)
        beat()
    if writer.rows != read.rows:
        raise AssertionError(f"the layout made {writer.rows} rows of {read.rows}")
    return SpoolCounts(
        rows=writer.rows,
        defective_rows=writer.defective_rows,
        blank_rows=read.blank_rows,
        bytes=writer.bytes,
    )


def _spooled(scratch: BinaryIO) -> Iterator[RawRow]:
    reader = SpoolReader(scratch)
    while batch := reader.read_batch(_BATCH_ROWS):
        for row in batch:
            yield RawRow(row.number, row.cells(), list(row.defects))
