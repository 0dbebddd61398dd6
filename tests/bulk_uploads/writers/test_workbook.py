"""Written workbooks, opened with a spreadsheet library that had no part in writing them."""

import io
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_uploads.file_template import CellKind
from bulk_uploads.readers import ReadLimits, open_reader
from bulk_uploads.writers import Sheet, TableColumn, TableTooLarge, marked, write_workbook
from bulk_uploads.writers.sheet import MOST_CHARS, MOST_ROWS, SheetWriter, column_letters

COLUMNS = [
    TableColumn("SKU", prompt="Any text & <more>."),
    TableColumn("Description", CellKind.LONG_TEXT),
    TableColumn("Price", CellKind.NUMBER),
    TableColumn("Active", CellKind.TRUTH, choices=("TRUE", "FALSE"), prompt='Say "which".'),
    TableColumn("Tags"),
]
ROWS = [
    ["00042", "One\nline & <b>more</b>", "5830.0001", True, ["a", "b"]],
    ["=1+1", "", None, False, []],
    ["'quoted", "x", "0", None, ["-x"]],
]


def written(columns=COLUMNS, batches=(ROWS,), *, marks=False):
    table = marked(columns, batches) if marks else (columns, batches)
    target = io.BytesIO()
    write_workbook(target, [Sheet("Cat & alog", *table)])
    return target.getvalue()


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def test_values_have_the_types_a_spreadsheet_keeps_them_by():
    sheet = opened(written()).active

    assert sheet.title == "Cat & alog"
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["SKU", "Description", "Price", "Active", "Tags"],
        ["00042", "One\nline & <b>more</b>", 5830.0001, True, "a#;b"],
        ["'=1+1", None, None, False, None],
        ["''quoted", "x", 0, None, "'-x"],
    ]
    assert [cell.data_type for cell in sheet[2]] == ["s", "s", "n", "b", "s"]
    assert [cell.number_format for cell in sheet[2]] == ["@", "General", "General", "General", "@"]


def test_the_header_is_styled_frozen_and_filtered():
    sheet = opened(written()).active

    header = sheet["A1"]
    assert header.font.bold
    assert (header.font.color.rgb, header.fill.fgColor.rgb) == ("FFFFFFFF", "FF4F39F6")
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:E4"
    # What is typed into a row that is not there yet is text as well.
    assert sheet.column_dimensions["A"].number_format == "@"
    assert 9 <= sheet.column_dimensions["A"].width < sheet.column_dimensions["B"].width <= 50


def test_a_column_of_choices_offers_them_and_refuses_others():
    by_range = {
        str(rule.sqref): rule for rule in opened(written()).active.data_validations.dataValidation
    }

    active = by_range[f"D2:D{MOST_ROWS}"]
    assert (active.type, active.formula1) == ("list", '"TRUE,FALSE"')
    assert (active.showErrorMessage, active.allowBlank) == (True, True)
    assert active.error == "Choose one of: TRUE, FALSE."
    assert active.prompt == 'Say "which".'
    assert by_range[f"A2:A{MOST_ROWS}"].prompt == "Any text & <more>."
    assert set(by_range) == {f"D2:D{MOST_ROWS}", f"A2:A{MOST_ROWS}"}


def test_the_marker_is_a_hidden_column_that_every_row_fills():
    sheet = opened(written(marks=True)).active

    assert [cell.value for cell in sheet["F"]] == ["Export Marker v1", ".", ".", "."]
    assert sheet.column_dimensions["F"].hidden


def test_the_same_table_gives_the_same_bytes():
    assert written() == written()
    names = zipfile.ZipFile(io.BytesIO(written())).namelist()
    assert sorted(names) == [
        "[Content_Types].xml",
        "_rels/.rels",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
    ]


def test_a_table_without_rows_is_a_header():
    sheet = opened(written(batches=())).active

    assert (sheet.max_row, sheet.auto_filter.ref) == (1, "A1:E1")


@given(
    st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), min_size=1)
)
def test_any_text_is_read_as_it_was_written(text):
    content = written([TableColumn("SKU"), TableColumn("Text")], [[["a", text]]], marks=True)

    limits = ReadLimits(max_rows=10, max_columns=10, max_cell_chars=100_000)
    rows = list(open_reader(io.BytesIO(content), name="x.xlsx", limits=limits))

    assert [(row.cells, row.defects) for row in rows] == [(["a", text], [])]


def test_a_text_longer_than_a_cell_is_refused():
    longest = "x" * MOST_CHARS

    assert opened(written([TableColumn("A")], [[[longest]]])).active["A2"].value == longest
    with pytest.raises(TableTooLarge, match=r"Cell A2 would have 32,768 characters; .* CSV or"):
        written([TableColumn("A")], [[[longest + "x"]]])
    with pytest.raises(TableTooLarge, match="Cell A2 would have 32,768 characters"):
        # The quote that makes it harmless is one too many.
        written([TableColumn("A")], [[["=" + longest[1:]]]])


def test_more_rows_than_a_sheet_has_are_refused():
    writer = SheetWriter([TableColumn("A")], is_filtered=True, is_first=True)
    pieces = writer.pieces([[["x"]], [["y"]]])
    for _ in range(3):
        next(pieces)
    writer.rows = MOST_ROWS

    with pytest.raises(TableTooLarge, match=r"A sheet holds 1,048,575 rows below its header\."):
        next(pieces)


def test_more_columns_than_a_sheet_has_are_refused():
    with pytest.raises(TableTooLarge, match="has 16,385 columns; a workbook holds 16,384"):
        written([TableColumn("A")] * 16_385, [])


@pytest.mark.parametrize(
    ("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA")]
)
def test_columns_have_the_letters_of_a_spreadsheet(number, letters):
    assert column_letters(number) == letters
