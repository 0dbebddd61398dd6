"""An upload's rows as the uploader wrote them: own columns, own order, one after another."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, cast

from django.core.files.storage import default_storage

from bulk_uploads.corrections.corrected_file import recognised
from bulk_uploads.engine.laying_out import layout_of
from bulk_uploads.engine.reading import read_limits
from bulk_uploads.layouts import GroupsRows
from bulk_uploads.models import BulkUpload
from bulk_uploads.readers import ReadHints, open_reader
from bulk_uploads.spool import SpoolReader

_ROWS = 1_000

#: A row's number and its cells, at least as many as the header has.
OwnRow = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class OwnRows:
    """`rows` can be gone through once."""

    header: Sequence[str]
    rows: Iterator[OwnRow]

    def numbered(self, wanted: Iterable[int]) -> Iterator[OwnRow]:
        """Of the rows still to come, those with these ascending numbers."""
        width = len(self.header)
        left = iter(wanted)
        number = next(left, None)
        for at, cells in self.rows if number is not None else ():
            if at == number:
                yield at, [*cells, *[""] * (width - len(cells))]
                number = next(left, None)
                if number is None:
                    return


@contextmanager
def own_rows(upload: BulkUpload) -> Iterator[OwnRows]:
    """From the spool; where a layout made other rows of them, from the file itself."""
    header = upload.own_header
    if not upload.layout:
        with default_storage.open(upload.spool_path, "rb") as spool:
            yield OwnRows(header, _spooled(SpoolReader(cast(BinaryIO, spool.file))))
        return
    with default_storage.open(upload.file.storage_path, "rb") as stored:
        stream = cast(BinaryIO, stored.file)
        opened = open_reader(
            stream,
            name=upload.file.name,
            limits=read_limits(),
            hints=ReadHints(sheet=(upload.extradata or {}).get("sheet")),
        )
        source = recognised(opened, upload=upload) or opened
        yield OwnRows(header, ((row.number, row.cells) for row in source))


def _spooled(reader: SpoolReader) -> Iterator[OwnRow]:
    while batch := reader.read_batch(_ROWS):
        for row in batch:
            yield row.number, row.cells()


def selected_rows(upload: BulkUpload, wanted: Iterable[int]) -> Iterator[OwnRow]:
    """The rows with these ascending numbers, and those of the file that they lean on."""
    layout = layout_of(upload, upload.own_header, upload.extradata or {}) if upload.layout else None
    if not isinstance(layout, GroupsRows):
        with own_rows(upload) as rows:
            yield from rows.numbered(wanted)
        return
    numbers = list(wanted)
    groups: set[str] = set()
    with own_rows(upload) as rows:
        for _, cells in rows.numbered(numbers):
            groups.update(layout.groups_of(cells))
    with own_rows(upload) as rows:
        yield from _with_groups(rows, frozenset(numbers), groups, layout)


def _with_groups(
    rows: OwnRows, numbers: Collection[int], groups: set[str], layout: GroupsRows
) -> Iterator[OwnRow]:
    width = len(rows.header)
    for number, cells in rows.rows:
        if number in numbers or not groups.isdisjoint(layout.groups_of(cells)):
            yield number, [*cells, *[""] * (width - len(cells))]
