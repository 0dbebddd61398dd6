"""JSON of any size and shape is read in constant memory, or refused before it fills it."""

import contextlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulk_uploads.readers import ReadHints, ReadLimits, UnreadableCode, UnreadableFile
from bulk_uploads.readers.json import open_json

from .memory import peak_of_reading
from .reading import opened

MEGABYTE = 1_000_000


@pytest.mark.parametrize(
    ("opening", "between"), [(b"[", b","), (b'{"data": [', b","), (b"", b"\n")]
)
def test_memory_stays_flat_while_reading_many_megabytes(opening, between, tmp_path):
    row = b'{"sku": "A1", "name": "' + "Ventilator für Räume ".encode() * 40 + b'"}' + between
    path = tmp_path / "large.json"
    ending = {b"[": b'{"sku": "A2"}]', b"": b""}.get(opening, b'{"sku": "A2"}]}')
    path.write_bytes(opening + row * (8 * MEGABYTE // len(row)) + ending)
    peak, ended = peak_of_reading(path)
    assert ended is None
    assert peak < 3 * MEGABYTE


@pytest.mark.parametrize(
    "opening", [b'[{"sku": "', b'{"data": [{"sku": "', b'{"sku": "', b'{"sku": "1"}\n{"sku": "']
)
def test_a_value_without_end_is_refused_before_it_fills_the_memory(opening, tmp_path):
    path = tmp_path / "large.json"
    path.write_bytes(opening + b"x" * 30 * MEGABYTE)
    peak, ended = peak_of_reading(path)
    assert ended == UnreadableCode.ROW_TOO_LONG
    assert peak < 60 * MEGABYTE


def test_an_object_without_end_is_refused():
    with pytest.raises(UnreadableFile, match="more than 4,194,304 characters") as refused:
        opened(b'{"a": 1' + (b', "b": [1, "' + b"x" * 500 + b'"]') * 9_000)
    assert refused.value.code == UnreadableCode.ROW_TOO_LONG


@settings(deadline=None, max_examples=300)
@given(
    st.text('[]{}",:\\ntrue1.-e \nsku', max_size=60),
    st.sampled_from(["", '{"a":1}\n', '{"data":[']),
)
def test_no_text_crashes_the_reader(text, opening):
    limits = ReadLimits(max_rows=100, max_columns=100, max_cell_chars=1_000)
    stream = io.BytesIO((opening + text).encode())
    with contextlib.suppress(UnreadableFile):
        source = open_json(stream, limits=limits, hints=ReadHints())
        for row in source:
            assert len(row.cells) >= len(source.header.cells)
