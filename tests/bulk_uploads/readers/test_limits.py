"""Limits: a file over one is refused with a clear error, and memory stays flat at any size."""

from pathlib import Path

import pytest

from bulk_uploads.readers import ReadLimits, UnreadableCode, UnreadableFile

from .memory import peak_of_reading
from .reading import opened

SMALL = ReadLimits(max_rows=2, max_columns=3, max_cell_chars=1_000)
MEGABYTE = 1_000_000


def test_an_empty_file_is_refused():
    with pytest.raises(UnreadableFile, match="0 bytes") as refused:
        opened(b"")
    assert refused.value.code == UnreadableCode.EMPTY_FILE


@pytest.mark.parametrize("data", [b"\n\n", b" , ,\r\n", b"\xef\xbb\xbf", b"sep=;\n", b"\xff\xfe"])
def test_a_file_of_blank_rows_has_no_header(data):
    with pytest.raises(UnreadableFile) as refused:
        opened(data)
    assert refused.value.code == UnreadableCode.NO_HEADER


def test_too_many_columns_are_refused():
    opened(b"a,b,c\n", limits=SMALL)
    with pytest.raises(UnreadableFile, match="names 4 columns; at most 3") as refused:
        opened(b"a,b,c,d\n", limits=SMALL)
    assert refused.value.code == UnreadableCode.TOO_MANY_COLUMNS


def test_too_many_rows_are_refused_where_blank_rows_do_not_count():
    assert len(list(opened(b"a\n1\n\n2\n\n", limits=SMALL))) == 2
    rows = iter(opened(b"a\n1\n2\n3\n", limits=SMALL))
    assert [next(rows).number, next(rows).number] == [2, 3]
    with pytest.raises(UnreadableFile, match="more than 2 rows") as refused:
        next(rows)
    assert refused.value.code == UnreadableCode.TOO_MANY_ROWS


@pytest.fixture
def large_file(tmp_path):
    """Makes a file of 20 MB: a header, a beginning, and one block over and over."""

    def make(start: bytes, block: bytes) -> Path:
        path = tmp_path / "large.csv"
        with path.open("wb") as target:
            target.write(b"SKU,Name,Text\n" + start)
            for _ in range(20):
                target.write(block * (MEGABYTE // len(block)))
        return path

    return make


def test_memory_stays_flat_while_reading_twenty_megabytes(large_file):
    row = "A1,Ventilator für Räume,".encode() + b"x" * 5_000 + b"\r\n"
    peak, ended = peak_of_reading(large_file(b"", row))
    assert ended is None
    assert peak < 3 * MEGABYTE


def test_a_quote_never_closed_does_not_swallow_the_file(large_file):
    peak, ended = peak_of_reading(large_file(b'A1,"12 inch,', b"A2,b,c\n" * 1_000))
    assert ended == UnreadableCode.UNTERMINATED_QUOTE
    assert peak < 16 * MEGABYTE


def test_a_row_without_end_is_refused_before_it_fills_the_memory(large_file):
    peak, ended = peak_of_reading(large_file(b"A1,b,", b"x" * 1_000))
    assert ended == UnreadableCode.ROW_TOO_LONG
    assert peak < 16 * MEGABYTE


def test_quoted_cells_without_end_of_row_are_refused_before_they_fill_the_memory(large_file):
    peak, ended = peak_of_reading(large_file(b"A1,b", b',"c\n"' * 1_000))
    assert ended in (UnreadableCode.ROW_TOO_LONG, UnreadableCode.UNTERMINATED_QUOTE)
    assert peak < 64 * MEGABYTE
