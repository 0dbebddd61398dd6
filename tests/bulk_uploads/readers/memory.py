"""Measures how much memory the reading of a file takes."""

import tracemalloc
from pathlib import Path

from bulk_uploads.readers import ReadLimits, UnreadableCode, UnreadableFile, open_reader


def peak_of_reading(path: Path) -> tuple[int, UnreadableCode | None]:
    """Bytes at the peak of reading all rows, and how it ended."""
    limits = ReadLimits(max_rows=10**9, max_columns=100, max_cell_chars=50_000)
    ended = None
    tracemalloc.start()
    try:
        with path.open("rb") as stream:
            for _ in open_reader(stream, name=path.name, limits=limits):
                pass
    except UnreadableFile as error:
        ended = error.code
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return peak, ended
