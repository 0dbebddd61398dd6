"""The spool: rows in, the same rows out, from any place in it."""

import csv
import io

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulk_uploads.layouts import LaidOutRow
from bulk_uploads.readers import Defect, DefectCode, RawRow, ReadLimits, UnreadableFile, open_reader
from bulk_uploads.spool import SpoolDamaged, SpoolReader
from bulk_uploads.spool_writing import SpoolCounts, SpoolWriter, fill_spool

HEADER = RawRow(1, ["SKU", "Name"])
RAGGED = Defect(DefectCode.RAGGED_ROW, None, "x", "expected 2, found 3")
LIMITS = ReadLimits(max_rows=1_000, max_columns=10, max_cell_chars=1_000)


def spool_of(rows: list[RawRow], header: RawRow = HEADER) -> bytes:
    target = io.BytesIO()
    SpoolWriter(target, header=header).write_rows(rows)
    return target.getvalue()


def test_a_line_holds_number_and_cells_and_defects_only_where_there_are_some():
    rows = [RawRow(2, ["A1", 'say "hi"\n']), RawRow(4, ["A2", "b", "c"], [RAGGED])]
    assert spool_of(rows).splitlines(keepends=True) == [
        b'[1,["SKU","Name"]]\n',
        b'[2,["A1","say \\"hi\\"\\n"]]\n',
        b'[4,["A2","b","c"],[["ragged_row",null,"x","expected 2, found 3"]]]\n',
    ]


def test_a_row_comes_back_with_its_bytes_cells_and_defects():
    data = spool_of([RawRow(2, ["A1", "é,]]]"]), RawRow(3, ["A2", "]]]"], [RAGGED])])
    first, second = SpoolReader(io.BytesIO(data)).read_batch(10)
    assert (first.number, first.cells(), first.defects) == (2, ["A1", "é,]]]"], ())
    assert first.cells_json == '["A1","é,]]]"]'.encode()
    assert (second.number, second.cells(), second.defects) == (3, ["A2", "]]]"], (RAGGED,))
    assert second.cells_json == b'["A2","]]]"]'
    assert second.end_offset == len(data)


def test_reading_goes_on_from_any_row():
    data = spool_of([RawRow(number, [str(number), "x"]) for number in range(2, 9)])
    whole = SpoolReader(io.BytesIO(data)).read_batch(100)
    assert [row.number for row in whole] == [2, 3, 4, 5, 6, 7, 8]
    for place, row in enumerate(whole, 1):
        reader = SpoolReader(io.BytesIO(data), offset=row.end_offset)
        assert reader.header.cells() == ["SKU", "Name"]
        assert reader.read_batch(100) == whole[place:]


def test_batches_have_the_size_asked_for_and_end_empty():
    data = spool_of([RawRow(number, ["a", "b"]) for number in range(2, 7)])
    reader = SpoolReader(io.BytesIO(data))
    assert [[row.number for row in reader.read_batch(2)] for _ in range(4)] == [
        [2, 3],
        [4, 5],
        [6],
        [],
    ]


def test_a_batch_of_long_rows_is_cut_by_bytes():
    data = spool_of([RawRow(number, ["x" * 100, ""]) for number in range(2, 7)])
    reader = SpoolReader(io.BytesIO(data))
    assert len(reader.read_batch(10, max_bytes=150)) == 2
    assert len(reader.read_batch(10, max_bytes=1)) == 1
    assert len(reader.read_batch(10)) == 2


@pytest.mark.parametrize("cut", [1, 2, 3, 10])
@pytest.mark.parametrize("defects", [[], [RAGGED]])
def test_a_spool_that_ends_inside_a_row_is_refused(cut, defects):
    data = spool_of([RawRow(2, ["A1", "a longer cell"], defects)])
    with pytest.raises(SpoolDamaged):
        SpoolReader(io.BytesIO(data[:-cut])).read_batch(10)


def test_a_spool_without_a_header_is_refused():
    with pytest.raises(SpoolDamaged):
        SpoolReader(io.BytesIO(b""))


def test_lone_surrogates_a_reader_let_through_become_a_defect():
    target = io.BytesIO()
    writer = SpoolWriter(target, header=HEADER)
    writer.write_rows([RawRow(2, ["A1", "x\ud800"], [RAGGED]), RawRow(3, ["A2", "y"])])
    bad, fine = SpoolReader(io.BytesIO(target.getvalue())).read_batch(10)
    assert bad.cells() == ["A1", "x\ufffd"]
    assert [(d.code, d.column) for d in bad.defects] == [
        (DefectCode.RAGGED_ROW, None),
        (DefectCode.INVALID_ENCODING, 2),
    ]
    assert (fine.cells(), fine.defects) == (["A2", "y"], ())
    assert (writer.rows, writer.defective_rows) == (2, 1)


def test_filling_counts_everything_and_calls_back_after_each_batch():
    source = open_reader(
        io.BytesIO(b"SKU,Name\n1,a\n\n2,b,c\n3,d\n"), name="stock.csv", limits=LIMITS
    )
    target = io.BytesIO()
    beats: list[int] = []
    counts = fill_spool(
        source=source,
        target=target,
        batch_rows=2,
        on_batch=lambda writer: beats.append(writer.rows),
    )
    assert counts == SpoolCounts(
        rows=3, defective_rows=1, blank_rows=1, bytes=len(target.getvalue())
    )
    assert beats == [2, 3]
    reader = SpoolReader(io.BytesIO(target.getvalue()))
    assert reader.header.number == 1
    assert [row.number for row in reader.read_batch(10)] == [2, 4, 5]


def test_a_header_alone_fills_a_spool_without_rows():
    source = open_reader(io.BytesIO(b"SKU,Name\n"), name="stock.csv", limits=LIMITS)
    target = io.BytesIO()
    assert fill_spool(source=source, target=target).rows == 0
    assert SpoolReader(io.BytesIO(target.getvalue())).read_batch(10) == []


def test_a_file_that_turns_out_unreadable_stops_the_filling():
    source = open_reader(io.BytesIO(b'SKU,Name\n1,a\n2,"b\n'), name="stock.csv", limits=LIMITS)
    with pytest.raises(UnreadableFile):
        fill_spool(source=source, target=io.BytesIO())


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(st.text(), max_size=4),
            st.lists(
                st.builds(
                    Defect,
                    code=st.sampled_from(DefectCode),
                    column=st.none() | st.integers(1, 9),
                    value=st.text(max_size=5),
                    message=st.text(max_size=5),
                ),
                max_size=2,
            ),
        ),
        max_size=8,
    )
)
def test_any_rows_come_back_with_the_bytes_they_were_spooled_as(drawn):
    rows = [RawRow(number, cells, defects) for number, (cells, defects) in enumerate(drawn, 2)]
    data = spool_of(rows)
    batch = SpoolReader(io.BytesIO(data)).read_batch(100)
    assert [(r.number, r.cells(), list(r.defects)) for r in batch] == [
        (r.number, r.cells, r.defects) for r in rows
    ]
    assert [r.cells_json for r in batch] == [orjson.dumps(r.cells) for r in rows]
    assert all(data[r.end_offset - 1 : r.end_offset] == b"\n" for r in batch)


def test_rows_of_a_layout_keep_what_was_said_of_them():
    target = io.BytesIO()
    writer = SpoolWriter(target, header=RawRow(1, ["SKU", "EAN"]))
    remark = Defect(DefectCode.SPREADSHEET_DAMAGE, "Barcode", "1.2E+11", "Enter it again.")
    defect = Defect(DefectCode.GROUP_TORN, "Option1", "x", "Sort the file.")
    writer.write_laid_out(
        [
            LaidOutRow(2, ["A", ""]),
            LaidOutRow(3, ["B", ""], remarks=[remark]),
            LaidOutRow(4, [], merged_into=2),
            LaidOutRow(5, ["", ""], defects=[defect]),
            LaidOutRow(6, ["C", ""], defects=[defect], remarks=[remark]),
        ]
    )

    rows = SpoolReader(target).read_batch(10)

    assert (writer.rows, writer.defective_rows) == (5, 2)
    assert [(row.number, row.cells(), row.merged_into) for row in rows] == [
        (2, ["A", ""], None),
        (3, ["B", ""], None),
        (4, [], 2),
        (5, ["", ""], None),
        (6, ["C", ""], None),
    ]
    assert [row.remarks for row in rows] == [(), (remark,), (), (), (remark,)]
    assert [row.defects for row in rows] == [(), (), (), (defect,), (defect,)]
    assert SpoolReader(target, offset=rows[1].end_offset).read_batch(1)[0].number == 4
    assert rows[-1].end_offset == writer.bytes == len(target.getvalue())


@pytest.mark.parametrize("cut", [1, 2, 3, 5])
def test_a_spool_cut_inside_a_merged_row_is_damaged(cut):
    target = io.BytesIO()
    writer = SpoolWriter(target, header=RawRow(1, ["SKU"]))
    writer.write_laid_out([LaidOutRow(3, [], merged_into=2)])

    with pytest.raises(SpoolDamaged):
        SpoolReader(io.BytesIO(target.getvalue()[:-cut])).read_batch(10)


CLEAN = ("a", "", '7" pipe', "two\nlines", "tab\there", "1,5", "é", "°£", "\u2028")
DIRTY = ("\x00", "\x1b", "\x7f", "\x85", "\r", "x" * 101, "\\x", "\\u0041")


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(st.sampled_from(CLEAN + DIRTY), min_size=1, max_size=3), max_size=5),
    st.booleans(),
)
def test_rows_spooled_in_bulk_are_the_rows_spooled_one_by_one(cells, with_stray_bytes):
    text = io.StringIO()
    csv.writer(text).writerows([["SKU", "Name"], *cells])
    data = text.getvalue().encode() + (b"\xff,stray\n" if with_stray_bytes else b"")
    limits = ReadLimits(max_rows=10, max_columns=5, max_cell_chars=100)
    spools = []
    for survey in (None, lambda rows: None):
        source, target = open_reader(io.BytesIO(data), name="a.csv", limits=limits), io.BytesIO()
        counts = fill_spool(source=source, target=target, survey=survey, batch_rows=2)
        spools.append((counts, target.getvalue()))

    assert spools[0] == spools[1]
    assert spools[0][0].rows + spools[0][0].blank_rows == len(cells) + with_stray_bytes


def test_clean_rows_are_spooled_without_a_look_at_single_cells():
    writer = SpoolWriter(io.BytesIO(), header=RawRow(1, ["SKU", "Name"]))
    assert writer.write_unexamined([(2, ["a", cell]) for cell in CLEAN], width=2, max_chars=100)
    assert writer.rows == len(CLEAN)


@pytest.mark.parametrize("cell", [*DIRTY, "\udc80"], ids=ascii)
def test_what_may_be_wrong_is_left_to_be_examined(cell):
    target = io.BytesIO()
    writer = SpoolWriter(target, header=RawRow(1, ["SKU", "Name"]))
    before = target.getvalue()
    assert not writer.write_unexamined([(2, ["a", cell])], width=2, max_chars=100)
    assert not writer.write_unexamined([(2, ["a"])], width=2, max_chars=100)
    assert (target.getvalue(), writer.rows) == (before, 0)
