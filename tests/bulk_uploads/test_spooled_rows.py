"""Rows of a spool are found by their numbers, wherever they lie in it."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_uploads import spooled_rows
from bulk_uploads.readers import Defect, DefectCode, RawRow
from bulk_uploads.spool_writing import SpoolWriter
from bulk_uploads.spooled_rows import cells_by_row


def spool(rows: list[RawRow]) -> io.BytesIO:
    target = io.BytesIO()
    SpoolWriter(target, header=RawRow(1, ["SKU", "Text"])).write_rows(rows)
    return target


@given(
    sizes=st.lists(st.tuples(st.integers(1, 3), st.integers(0, 400)), max_size=60),
    asked=st.sets(st.integers(0, 200)),
)
def test_the_rows_asked_for_are_found(sizes, asked):
    number, rows = 1, []
    for step, length in sizes:
        number += step
        rows.append(RawRow(number, [str(number), "x" * length]))

    found = _with_short_stretches(spool(rows), asked)

    assert found == {row.number: row.cells for row in rows if row.number in asked}


def _with_short_stretches(source: io.BytesIO, asked: set[int]) -> dict[int, list[str]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spooled_rows, "_STRETCH", 50)
        return cells_by_row(source, asked)


def test_a_row_with_defects_is_found_too():
    defect = Defect(DefectCode.NUL_BYTE, 2, "x", "The cell holds a NUL.")
    source = spool([RawRow(2, ["A", "b"]), RawRow(5, ["C", "d"], [defect])])

    assert cells_by_row(source, [5, 5, 3]) == {5: ["C", "d"]}


def test_few_bytes_are_read_to_find_a_row_of_a_large_spool(tmp_path):
    path = tmp_path / "spool"
    with path.open("wb") as target:
        writer = SpoolWriter(target, header=RawRow(1, ["SKU", "Text"]))
        writer.write_rows([RawRow(n, [f"FAN-{n}", "x" * 100]) for n in range(2, 50_002)])

    class Counted(io.FileIO):
        taken = 0

        def readline(self, size: int | None = -1, /) -> bytes:
            line = super().readline(-1 if size is None else size)
            self.taken += len(line)
            return line

    with Counted(path) as source:
        found = cells_by_row(source, [2, 25_000, 50_001])

    assert [cells[0] for cells in found.values()] == ["FAN-2", "FAN-25000", "FAN-50001"]
    assert source.taken < 100_000 < path.stat().st_size
