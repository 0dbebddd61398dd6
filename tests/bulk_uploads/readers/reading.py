"""Opens bytes as an uploaded file for the reader tests."""

import io

from bulk_uploads.readers import OpenedFile, RawRow, ReadHints, ReadLimits, open_reader

LIMITS = ReadLimits(max_rows=1_000_000, max_columns=100, max_cell_chars=50_000)


def opened(
    data: bytes, *, limits: ReadLimits = LIMITS, hints: ReadHints | None = None
) -> OpenedFile:
    return open_reader(io.BytesIO(data), name="products.csv", limits=limits, hints=hints)


def rows_of(data: bytes, *, limits: ReadLimits = LIMITS) -> list[RawRow]:
    return list(opened(data, limits=limits))


def cells_of(data: bytes) -> list[list[str]]:
    """The cells of all data rows, none of which may have a defect."""
    rows = rows_of(data)
    assert [row.defects for row in rows] == [[]] * len(rows)
    return [row.cells for row in rows]
