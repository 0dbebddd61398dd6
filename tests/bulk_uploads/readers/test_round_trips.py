"""Whatever a CSV writer writes, the reader gives back."""

import contextlib
import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from bulk_uploads.readers import ReadHints, UnreadableFile

from .reading import opened

# Everything a value may hold; control characters and surrogates are defects, tested apart.
CELL = st.text(st.characters(exclude_categories=("Cc", "Cs"), include_characters="\t\n"))
CODECS = ["utf-8", "utf-16-le", "utf-16-be"]


@st.composite
def tables(draw):
    width = draw(st.integers(1, 5))
    return draw(st.lists(st.lists(CELL, min_size=width, max_size=width), max_size=8)), width


def written(rows, *, delimiter, line_end, quoting):
    target = io.StringIO(newline="")
    writer = csv.writer(
        target, delimiter=delimiter, lineterminator=line_end, quoting=quoting, quotechar='"'
    )
    writer.writerows(rows)
    return target.getvalue()


@settings(deadline=None)
@given(
    table=tables(),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    # Quoting as little as possible, Python's writer leaves a line feed bare in a file of CRs.
    ending=st.sampled_from(
        [
            ("\n", csv.QUOTE_MINIMAL),
            ("\n", csv.QUOTE_ALL),
            ("\r\n", csv.QUOTE_MINIMAL),
            ("\r\n", csv.QUOTE_ALL),
            ("\r", csv.QUOTE_ALL),
        ]
    ),
    codec=st.sampled_from(CODECS),
)
def test_rows_of_any_dialect_come_back(table, delimiter, ending, codec):
    rows, width = table
    line_end, quoting = ending
    header = [f"column {number}" for number in range(width)]
    text = written([header, *rows], delimiter=delimiter, line_end=line_end, quoting=quoting)
    source = opened(text.encode(codec), hints=ReadHints(encoding=codec, delimiter=delimiter))
    wanted = [(n, row) for n, row in enumerate(rows, 2) if "".join(row).strip()]
    assert source.header.cells == header
    assert [(row.number, row.cells) for row in source] == wanted
    assert source.blank_rows == len(rows) - len(wanted)


@settings(deadline=None)
@given(
    rows=st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=8),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_the_dialect_of_a_fully_quoted_file_is_found(rows, delimiter, line_end):
    header = ["SKU", "Variant #; color", "Size, L|W"]
    text = written([header, *rows], delimiter=delimiter, line_end=line_end, quoting=csv.QUOTE_ALL)
    source = opened(text.encode("utf-8-sig"))
    assert source.format.delimiter == delimiter
    assert source.header.cells == header
    assert [row.cells for row in source] == [row for row in rows if "".join(row).strip()]


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_crash_the_reader(data):
    with contextlib.suppress(UnreadableFile):
        source = opened(b"SKU,Name\n" + data)
        for row in source:
            assert len(row.cells) >= len(source.header.cells)
            "".join(row.cells).encode()
