"""Which sheet of a workbook is read, and how its rows are numbered."""

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from bulk_uploads.readers import (
    DefectCode,
    ReadHints,
    ReadLimits,
    UnreadableCode,
    UnreadableFile,
)
from tests.factories.accounts import AccountFactory
from tests.imports import import_bytes

from .reading import cells_of, opened, rows_of
from .workbooks import in_another_form, saved, sheet, sheet_xml, with_parts, workbook

ECHO = "file_content_echo_processor"
SHEETS = {"First": "visible", "Second": "hidden"}


def several_sheets(states: dict[str, str]) -> bytes:
    """A workbook whose sheets hold their own names."""
    book = openpyxl.Workbook()
    book.remove(sheet(book))
    for name, state in states.items():
        made = book.create_sheet(name)
        assert isinstance(made, Worksheet)
        made.sheet_state = state
        made.append(["SKU"])
        made.append([name])
    return saved(book)


def test_the_first_visible_sheet_is_read():
    data = several_sheets(
        {"Notes": "hidden", "Deep": "veryHidden", "Cat": "visible", "B": "visible"}
    )
    source = opened(data)
    assert [row.cells for row in source] == [["Cat"]]
    assert source.format.as_extradata() == {"format": "xlsx", "sheet": "Cat"}


@pytest.mark.parametrize("name", ["Notes", " notes "])
def test_a_sheet_may_be_named_also_a_hidden_one(name):
    data = several_sheets({"Cat": "visible", "Notes": "hidden"})
    assert [row.cells for row in opened(data, hints=ReadHints(sheet=name))] == [["Notes"]]


@pytest.mark.parametrize(
    ("name", "found"), [("Notes", "Notes"), (" Notes", " Notes"), ("notes", " Notes")]
)
def test_of_sheets_named_alike_the_one_with_just_that_name_is_read(name, found):
    data = several_sheets({"Cat": "visible", " Notes": "visible", "Notes": "visible"})
    assert [row.cells for row in opened(data, hints=ReadHints(sheet=name))] == [[found]]


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(UnreadableFile, match="Its sheets are: “Cat”, “B”") as refused:
        opened(several_sheets({"Cat": "visible", "B": "hidden"}), hints=ReadHints(sheet="Prices"))
    assert refused.value.code == UnreadableCode.NO_SHEET


def test_charts_are_no_sheets():
    book = openpyxl.Workbook()
    sheet(book).append(["SKU"])
    sheet(book).append(["A1"])
    book.create_chartsheet("Chart", 0)
    assert cells_of(saved(book)) == [["A1"]]


def test_rows_have_the_numbers_of_the_sheet():
    book = openpyxl.Workbook()
    for cell, value in {"A3": "SKU", "B3": "N", "A4": 1, "A7": 2, "B7": "x", "B8": " "}.items():
        sheet(book)[cell] = value
    source = opened(saved(book))
    assert (source.header.number, source.header.cells) == (3, ["SKU", "N"])
    assert [(row.number, row.cells) for row in source] == [(4, ["1", ""]), (7, ["2", "x"])]
    assert source.blank_rows == 2


def test_a_table_may_begin_in_a_later_column():
    book = openpyxl.Workbook()
    for cell, value in {"C1": "SKU", "D1": "N", "C2": "a", "D2": "b"}.items():
        sheet(book)[cell] = value
    source = opened(saved(book))
    assert source.header.cells == ["", "", "SKU", "N"]
    assert [row.cells for row in source] == [["", "", "a", "b"]]


def test_formatted_empty_cells_are_nothing():
    book = openpyxl.Workbook()
    sheet(book).append(["SKU", "N"])
    sheet(book).append(["a", "b"])
    for cell in ("F2", "A900", "C1"):
        sheet(book)[cell].number_format = "0.00"
    source = opened(saved(book))
    assert [(row.cells, row.defects) for row in source] == [(["a", "b"], [])]
    assert source.blank_rows == 0


def test_a_value_beside_the_table_is_a_defect_that_names_its_column():
    stray, fine = rows_of(workbook(["SKU", "N"], ["a", "b", None, "note"], ["c", "d"]))
    assert stray.cells == ["a", "b", "", "note"]
    assert [(d.code, d.column, d.value) for d in stray.defects] == [
        (DefectCode.RAGGED_ROW, None, "note")
    ]
    assert stray.defects[0].message.startswith("Cell D holds a value, but the header names no")
    assert fine.defects == []


def test_merged_cells_hold_their_value_once():
    book = openpyxl.Workbook()
    for row in (["SKU", "Group"], ["a", "fans"], ["b", None]):
        sheet(book).append(row)
    sheet(book).merge_cells("B2:B3")
    assert cells_of(saved(book)) == [["a", "fans"], ["b", ""]]


def test_columns_behind_z_are_found():
    header = [f"column {number}" for number in range(800)]
    values = [str(number) for number in range(800)]
    limits = ReadLimits(max_rows=10, max_columns=1_000, max_cell_chars=1_000)
    (row,) = rows_of(workbook(header, values), limits=limits)
    assert row.cells == values


def test_a_blank_sheet_has_no_header():
    with pytest.raises(UnreadableFile, match="The sheet “Sheet” is blank") as refused:
        opened(workbook())
    assert refused.value.code == UnreadableCode.NO_HEADER


def test_limits_hold_for_workbooks():
    small = ReadLimits(max_rows=2, max_columns=3, max_cell_chars=100)
    with pytest.raises(UnreadableFile, match="names 4 columns; at most 3") as refused:
        opened(workbook("abcd"), limits=small)
    assert refused.value.code == UnreadableCode.TOO_MANY_COLUMNS
    with pytest.raises(UnreadableFile, match="more than 2 rows") as refused:
        list(opened(workbook("a", "1", "2", "3"), limits=small))
    assert refused.value.code == UnreadableCode.TOO_MANY_ROWS
    (row,) = rows_of(workbook("a", ["x" * 101]), limits=small)
    assert [(d.code, d.column) for d in row.defects] == [(DefectCode.CELL_TOO_LONG, 1)]


@pytest.mark.parametrize(
    "row",
    [
        '<row r="2"><c r="A2"><!-- --><v>2</v></c></row>',
        '<row r="2"><c r="A2"><v><![CDATA[2]]></v></c></row>',
        '<row r="2"><c r="A2"><v>&#50;</v></c></row>',
        '\n<row r="2">\n<c r="A2">\n<v>2</v>\n</c>\n</row>\n',
        '<row r="2"><c s="0" r="A2"><v>2</v></c></row>',
        '<row r="2"><c r="A2" t="n" cm="1"><v>2</v></c></row>',
        '<row spans="1:1" r="2"><c r="A2"><v>2</v></c></row>',
        '<row r="2" ><c r="A2" ><v>2</v></c ></row >',
        "<row r='2'><c r='A2' t='s'><v>0</v></c></row>",
        '<row r="2"><c r="A2" t=\'s\'><v>0</v></c></row>',
        '<row r="2"><c r="A2"\tt="s"><v>0</v></c></row>',
        '<row r="2"><c r="A2" t = "s"><v>0</v></c></row>',
        '<row r="2"><c r="A2" t="&#115;"><v>0</v></c></row>',
        "<row><c><v>2</v></c></row>",
        '<row r="2"/><row r="3"><c r="A3"><v>2</v></c></row><row r="4"/>',
    ],
)
def test_sheets_in_unusual_xml_are_read_as_well(row):
    header = '<row r="1"><c r="A1"><v>1</v></c></row>'
    data = with_parts(sheet_xml(header + row), strings="<si><t>2</t></si>")
    assert cells_of(data) == [["2"]]
    assert cells_of(in_another_form(data)) == [["2"]]


def test_sheets_with_prefixed_names_are_read_as_well():
    rows = '<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>'
    rows += '<x:row r="2"><x:c r="A2" t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c></x:row>'
    part = f'<x:worksheet xmlns:x="m"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
    assert cells_of(with_parts(part)) == [["a"]]


def test_sheets_in_utf16_are_read_as_well():
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2" t="str"><v>é</v></c></row>'
    part = sheet_xml(rows).replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    assert cells_of(with_parts(part)) == [["é"]]


@pytest.mark.django_db
def test_an_upload_reads_the_sheet_that_its_option_names():
    account = AccountFactory()

    named = import_bytes(account, several_sheets(SHEETS), processor_name=ECHO, sheet=" second ")
    usual = import_bytes(account, several_sheets(SHEETS), processor_name=ECHO)
    unknown = import_bytes(account, several_sheets(SHEETS), processor_name=ECHO, sheet="Third")

    assert named.output["first_rows"] == [["Second"]]
    assert named.extradata["sheet"] == "Second"
    assert usual.output["first_rows"] == [["First"]]
    assert (unknown.status, unknown.output["code"]) == ("failure", "no_sheet")
    assert unknown.output["message"] == (
        "The workbook has no sheet “Third”. Its sheets are: “First”, “Second”."
    )
