"""Reading a file into the spool, without a database."""

from pathlib import Path
from tempfile import TemporaryFile
from time import perf_counter

from django.conf import settings

from benchmarks.outcome import Outcome
from bulk_uploads.readers import open_reader
from bulk_uploads.readers.base import ReadHints, ReadLimits
from bulk_uploads.spool_writing import fill_spool


def measure(*, file: str) -> Outcome:
    limits = ReadLimits(
        max_rows=settings.UPLOAD_MAX_ROWS,
        max_columns=settings.UPLOAD_MAX_COLUMNS,
        max_cell_chars=settings.UPLOAD_MAX_CELL_CHARS,
    )
    started = perf_counter()
    with Path(file).open("rb") as stream, TemporaryFile() as spool:
        source = open_reader(stream, name=file, limits=limits, hints=ReadHints())
        counts = fill_spool(source=source, target=spool)
        spool.flush()
        seconds = perf_counter() - started
    return Outcome(seconds={"total": seconds}, facts={"rows": counts.rows})
