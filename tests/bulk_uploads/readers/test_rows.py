"""Rows: numbered as a spreadsheet shows them, whatever line ends and quotes the file has."""

import pytest

from bulk_uploads.readers import DefectCode, UnreadableCode, UnreadableFile

from .reading import cells_of, opened, rows_of


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_breaks_inside_quotes_do_not_shift_row_numbers(line_end):
    text = 'SKU,Text\n1,"two\nlines"\n2,"three\n\nlines"\n3,one\n'
    rows = rows_of(text.replace("\n", line_end).encode())
    assert [(row.number, row.cells) for row in rows] == [
        (2, ["1", "two\nlines"]),
        (3, ["2", "three\n\nlines"]),
        (4, ["3", "one"]),
    ]


def test_line_ends_may_be_mixed():
    assert cells_of(b"SKU,N\r\n1,a\n2,b\r3,c") == [["1", "a"], ["2", "b"], ["3", "c"]]


def test_a_file_of_one_long_line_end_kind_is_cut_right_at_every_chunk():
    body = "".join(f'{number},"a\r\nb"\r\n' for number in range(30_000))
    rows = rows_of(("SKU,N\r\n" + body).encode())
    assert len(rows) == 30_000
    assert rows[-1].number == 30_001
    assert {row.cells[1] for row in rows} == {"a\nb"}


def test_unicode_line_separators_are_text():
    data = "SKU,N\n1,a\u2028b\u2029c\n2,d\n".encode()
    assert cells_of(data) == [["1", "a\u2028b\u2029c"], ["2", "d"]]


def test_doubled_quotes_are_one_and_quotes_inside_a_cell_are_text():
    assert cells_of(b'SKU,N\n1,"say ""hi"""\n2,12" fan\n') == [["1", 'say "hi"'], ["2", '12" fan']]


def test_tabs_and_non_breaking_spaces_inside_cells_stay():
    assert cells_of("SKU,N\n1,a\tb\xa0c\n".encode()) == [["1", "a\tb\xa0c"]]


def test_blank_rows_are_skipped_and_counted_and_keep_their_number():
    source = opened(b"SKU,N\n1,a\n\n , \n,,,\n2,b\n\n")
    assert [(row.number, row.cells) for row in source] == [(2, ["1", "a"]), (6, ["2", "b"])]
    assert source.blank_rows == 4


def test_leading_blank_rows_shift_the_numbers_but_are_not_counted():
    source = opened(b"\n,,\nSKU,N\n1,a\n")
    assert (source.header.number, source.header.cells) == (3, ["SKU", "N"])
    assert [(row.number, row.cells) for row in source] == [(4, ["1", "a"])]
    assert source.blank_rows == 0


def test_a_file_with_only_a_header_has_no_rows():
    assert rows_of(b"SKU,Name") == []


def test_header_names_lose_blanks_marks_and_non_breaking_spaces():
    source = opened("\ufeff\ufeffSKU , Sweep\xa0size ,\xa0Price\n".encode())
    assert source.header.cells == ["SKU", "Sweep size", "Price"]


def test_unnamed_columns_at_the_end_of_the_header_are_dropped():
    source = opened(b"SKU,,N,,\n1,2,3,,\n1,2,3\n")
    assert source.header.cells == ["SKU", "", "N"]
    assert [(row.cells, row.defects) for row in source] == [(["1", "2", "3"], [])] * 2


def test_extra_cells_that_are_blank_are_dropped():
    assert cells_of(b"SKU,N\n1,a,, ,\n") == [["1", "a"]]


def test_a_row_with_too_few_cells_is_filled_up_and_says_so():
    short, fine = rows_of(b"SKU,N,P\n1,a\n2,b,3\n")
    assert short.cells == ["1", "a", ""]
    (defect,) = short.defects
    assert (defect.code, defect.column, defect.value) == (DefectCode.RAGGED_ROW, None, "a")
    assert "expected 3 as in the header, found 2." in defect.message
    assert fine.defects == []


def test_a_row_with_too_many_cells_keeps_them_and_says_so():
    long, fine = rows_of(b"SKU,N\n1,a,b,c,\n2,b\n")
    assert long.cells == ["1", "a", "b", "c"]
    (defect,) = long.defects
    assert (defect.code, defect.column, defect.value) == (DefectCode.RAGGED_ROW, None, "b")
    assert "expected 2 as in the header, found 4." in defect.message
    assert fine.defects == []


@pytest.mark.parametrize("ending", ["", "\n", "\n3,c\n4,d\n"])
def test_a_quote_never_closed_makes_the_file_unreadable_and_names_the_row(ending):
    source = iter(opened(f'SKU,N\n1,a\n2,"b{ending}'.encode()))
    assert next(source).cells == ["1", "a"]
    with pytest.raises(UnreadableFile, match="Row 3 opens a quoted cell") as refused:
        next(source)
    assert refused.value.code == UnreadableCode.UNTERMINATED_QUOTE


def test_a_quote_never_closed_in_the_header_makes_the_file_unreadable():
    with pytest.raises(UnreadableFile, match="Row 1 opens a quoted cell") as refused:
        opened(b'SKU,"N\n1,a\n')
    assert refused.value.code == UnreadableCode.UNTERMINATED_QUOTE


def test_the_format_is_told_for_the_upload_page():
    assert opened("\ufeffSKU;N\n".encode()).format.as_extradata() == {
        "format": "csv",
        "encoding": "utf-8",
        "delimiter": ";",
        "byte_order_mark": "true",
    }
