"""The reading phase: the file's bytes become the spool, once."""

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Self, cast

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage

from bulk_uploads.corrections.adoption import adopted_fields
from bulk_uploads.corrections.corrected_file import recognised
from bulk_uploads.engine.laying_out import fill_laid_out_spool
from bulk_uploads.layouts import LaidOutColumn, Layout, LayoutNote
from bulk_uploads.models import BulkUpload
from bulk_uploads.readers import ReadHints, ReadLimits, open_reader
from bulk_uploads.spool_writing import SpoolWriter, fill_spool

_LONGEST_SILENCE = 2.0


@dataclass(frozen=True, slots=True)
class LaidOut:
    """What a layout made of the file: its columns and theirs, and what it has to say of it."""

    layout: str
    columns: Sequence[LaidOutColumn]
    left_out: Sequence[str]
    notes: Sequence[LayoutNote]

    @classmethod
    def by(cls, layout: Layout) -> Self:
        return cls(layout.name, layout.columns(), layout.left_out(), layout.notes())


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What reading found; the spool lies in storage at `spool_path`. `header` is the file's.

    `adopted` are fields of the upload that follow from the one whose rows it goes on with.
    """

    header: list[str]
    header_row: int
    rows: int
    blank_rows: int
    spool_path: str
    spool_bytes: int
    extradata: dict[str, Any]
    laid_out: LaidOut | None = None
    adopted: Mapping[str, Any] = field(default_factory=dict)


def read_into_spool(
    *,
    upload: BulkUpload,
    spool_path: str,
    layout_of: Callable[[Sequence[str], Mapping[str, Any]], Layout | None],
    heartbeat: Callable[[int], None],
) -> ReadFile:
    """`layout_of` tells from the file's header and format whether rows are to be laid out anew.

    `heartbeat(rows so far)` is called every now and then; it may raise.

    Raises UnreadableFile. Nothing is left in storage unless the whole file was read.
    """
    with (
        default_storage.open(upload.file.storage_path, "rb") as stored,
        # Gone with the process, whatever ends it.
        tempfile.TemporaryFile() as scratch,
    ):
        paced = Paced(heartbeat)
        stream = _HeardStream(cast(BinaryIO, stored.file), paced)
        opened = open_reader(
            cast(BinaryIO, stream),
            name=upload.file.name,
            limits=read_limits(),
            hints=ReadHints(sheet=upload.options.get("sheet")),
        )
        corrected = recognised(opened, upload=upload)
        source = corrected or opened
        adopted = adopted_fields(upload, corrects=corrected.parent if corrected else None)
        for name, value in adopted.items():
            # The layout is chosen by the options that hold from now on.
            setattr(upload, name, value)

        def after_batch(writer: SpoolWriter) -> None:
            if corrected:
                corrected.write_origins(upload_id=upload.pk)
            paced.after_rows(writer.rows)

        extradata = source.format.as_extradata()
        layout = layout_of(source.header.cells, extradata)
        if layout is None:
            counts = fill_spool(source=source, target=cast(BinaryIO, scratch), on_batch=after_batch)
        else:
            with tempfile.TemporaryFile() as as_it_is:
                counts = fill_laid_out_spool(
                    source=source,
                    layout=layout,
                    scratch=cast(BinaryIO, as_it_is),
                    target=cast(BinaryIO, scratch),
                    on_batch=after_batch,
                    beat=paced.beat,
                )
        scratch.seek(0)
        path = default_storage.save(spool_path, File(scratch))
    return ReadFile(
        header=list(source.header.cells),
        header_row=source.header.number,
        rows=counts.rows,
        blank_rows=counts.blank_rows,
        spool_path=path,
        spool_bytes=counts.bytes,
        extradata=extradata,
        laid_out=LaidOut.by(layout) if layout else None,
        adopted=adopted,
    )


def read_limits() -> ReadLimits:
    """How much a file may hold, as this installation is set up."""
    return ReadLimits(
        max_rows=settings.UPLOAD_MAX_ROWS,
        max_columns=settings.UPLOAD_MAX_COLUMNS,
        max_cell_chars=settings.UPLOAD_MAX_CELL_CHARS,
    )


class Paced:
    """Passes on a heartbeat well within the lease, however often it is given."""

    def __init__(self, heartbeat: Callable[[int], None]) -> None:
        self._heartbeat = heartbeat
        self._last = time.monotonic()
        self._silence = min(_LONGEST_SILENCE, settings.UPLOAD_LEASE_SECONDS / 4)
        self._rows = 0

    def beat(self) -> None:
        if time.monotonic() - self._last >= self._silence:
            self._heartbeat(self._rows)
            self._last = time.monotonic()

    def after_rows(self, rows: int) -> None:
        self._rows = rows
        self.beat()


class _HeardStream:
    """A stream each of whose reads is a sign of life."""

    def __init__(self, stream: BinaryIO, paced: Paced) -> None:
        self._stream = stream
        self._paced = paced

    def read(self, size: int = -1) -> bytes:
        self._paced.beat()
        return self._stream.read(size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
