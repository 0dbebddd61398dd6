"""What stands in a workbook's cells comes as the text a person reads there."""

from datetime import date, datetime, time, timedelta

import openpyxl
import pytest

from bulk_uploads.readers import DefectCode, UnreadableCode, UnreadableFile
from bulk_uploads.readers.xlsx.styles import DateKind, ZeroPadding, date_kind, number_style

from .reading import cells_of, opened, rows_of
from .workbooks import saved, sheet, sheet_xml, with_parts, workbook

STYLES = (
    '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="46"/></cellXfs></styleSheet>'
)


def read_cell(cell: str, *, strings: str = "", styles: str = "") -> str:
    """The text of one cell given as XML."""
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>SKU</t></is></c></row>'
    data = with_parts(sheet_xml(f'{rows}<row r="2">{cell}</row>'), strings=strings, styles=styles)
    ((text,),) = cells_of(data)
    return text


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("1001.0", "1001"),
        ("1001", "1001"),
        ("0", "0"),
        ("-0", "0"),
        ("007", "7"),
        ("14788.5", "14788.5"),
        ("-12.50", "-12.5"),
        ("0.30000000000000004", "0.3"),
        ("19.989999999999998", "19.99"),
        ("1.1000000000000001", "1.1"),
        ("8.9010308652780002E+12", "8901030865278"),
        ("8901030865278", "8901030865278"),
        ("123456789012345", "123456789012345"),
        ("1E-5", "0.00001"),
        ("1.5E+3", "1500"),
        ("12345678901234567", "1.23456789012346E+16"),
        ("1E+15", "1E+15"),
        ("9.99E+307", "9.99E+307"),
        ("1E+400", "1E+400"),
        ("abc", "abc"),
        ("NaN", "NaN"),
        ("1_000", "1_000"),
        ("٣", "٣"),
        ("1" * 5000, "1" * 5000),
    ],
)
def test_numbers_keep_their_digits_and_gain_none(stored, text):
    assert read_cell(f'<c r="A2"><v>{stored}</v></c>') == text
    assert read_cell(f'<c r="A2" t="n"><v>{stored}</v></c>') == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2024, 3, 15), "2024-03-15"),
        (datetime(2024, 3, 15), "2024-03-15"),
        (datetime(2024, 3, 15, 9, 30), "2024-03-15T09:30:00"),
        (datetime(2024, 3, 15, 23, 59, 59), "2024-03-15T23:59:59"),
        (time(9, 30), "09:30:00"),
        (timedelta(hours=27, minutes=5), "27:05:00"),
        (date(1900, 1, 1), "1900-01-01"),
        (date(1900, 2, 28), "1900-02-28"),
        (date(1900, 3, 1), "1900-03-01"),
        (date(9999, 12, 31), "9999-12-31"),
    ],
)
def test_dates_are_written_as_iso_and_without_a_time_they_do_not_have(value, text):
    assert cells_of(workbook(["SKU"], [value])) == [[text]]


def test_dates_may_be_counted_from_1904():
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet(book).append(["SKU"])
    sheet(book).append([date(2024, 3, 15)])
    assert cells_of(saved(book)) == [["2024-03-15"]]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c r="A2" s="1"><v>45366</v></c>', "2024-03-15"),
        ('<c r="A2" s="1"><v>45366.000000011</v></c>', "2024-03-15T00:00:00.001"),
        ('<c r="A2" s="0"><v>45366</v></c>', "45366"),
        ('<c r="A2" s="2"><v>1.5</v></c>', "36:00:00"),
        ('<c r="A2" s="1"><v>-1</v></c>', "-1"),
        ('<c r="A2" s="1"><v>2958466</v></c>', "2958466"),
        ('<c r="A2" s="1" t="str"><v>45366</v></c>', "45366"),
        ('<c r="A2" t="d"><v>2024-03-15T00:00:00</v></c>', "2024-03-15"),
        ('<c r="A2" t="d"><v>2024-03-15T09:30:00</v></c>', "2024-03-15T09:30:00"),
    ],
)
def test_the_style_of_a_cell_says_whether_its_number_is_a_day(cell, text):
    assert read_cell(cell, styles=STYLES) == text


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("General", None),
        ("0.00", None),
        ("#,##0.00 [$€-407]", None),
        ('0.0" days"', None),
        ("[Red]0", None),
        (r"0\d", None),
        ("0.00E+00", None),
        ("@", None),
        ("yyyy-mm-dd", DateKind.MOMENT),
        ("[$-409]d/m/yy h:mm AM/PM;@", DateKind.MOMENT),
        ("mmm", DateKind.MOMENT),
        ("h:mm", DateKind.MOMENT),
        ("[h]:mm:ss", DateKind.DURATION),
        ("0;yyyy", None),
    ],
)
def test_a_number_format_is_known_for_a_date_by_its_letters(code, kind):
    assert date_kind(code) is kind


PADDED = (
    '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="00000"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>'
)


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("42", "00042"),
        ("42.0", "00042"),
        ("0", "00000"),
        ("1234567", "1234567"),
        ("4.5", "4.5"),
        ("-42", "-42"),
        ("1.22E+16", "1.22E+16"),
    ],
)
def test_a_format_of_zeros_fills_whole_numbers_up_as_the_cell_shows_them(stored, text):
    assert read_cell(f'<c r="A2" s="1"><v>{stored}</v></c>', styles=PADDED) == text
    assert read_cell(f'<c r="A2" s="1"><f>B2</f><v>{stored}</v></c>', styles=PADDED) == text


def test_zeros_that_a_real_program_shows_are_kept_and_texts_left_alone():
    book = openpyxl.Workbook()
    for row in (["SKU", "EAN"], [42, 12], ["42", 4006381333931]):
        sheet(book).append(row)
    for cells in sheet(book)["A2:B3"]:
        cells[0].number_format, cells[1].number_format = "00000", "0000000000000"

    assert cells_of(saved(book)) == [["00042", "0000000000012"], ["42", "4006381333931"]]


@pytest.mark.parametrize(
    ("code", "style"),
    [
        ("0", None),
        ("00", ZeroPadding(2)),
        ("00000;-00000", ZeroPadding(5)),
        ("00000-0000", None),
        ("00.00", None),
        ("#,##0", None),
        ("0" * 31, None),
        ("yyyy", DateKind.MOMENT),
    ],
)
def test_only_a_format_of_zeros_alone_fills_up(code, style):
    assert number_style(code) == style


def test_truth_values_are_upper_case_words():
    assert cells_of(workbook(["A", "B"], [True, False])) == [["TRUE", "FALSE"]]


def test_formulas_count_by_their_stored_result():
    rows = (
        '<c r="A2"><f>B2*2</f><v>42</v></c>',
        '<c r="A2" t="str"><f>"a"&amp;"b"</f><v>ab</v></c>',
        '<c r="A2" t="b"><f>TRUE()</f><v>1</v></c>',
        '<c r="A2"><f t="shared" si="0"/><v>7</v></c>',
        '<c r="A2"><f t="shared" ref="A2:A9" si="0">B2</f><v>7</v></c>',
    )
    assert [read_cell(row) for row in rows] == ["42", "ab", "TRUE", "7", "7"]


def test_an_empty_text_as_a_result_is_blank():
    header = '<row r="1"><c r="A1" t="str"><v>SKU</v></c><c r="B1" t="str"><v>N</v></c></row>'
    row = '<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="str"><f>""</f><v></v></c></row>'
    assert cells_of(with_parts(sheet_xml(header + row))) == [["1", ""]]


def test_a_formula_that_was_never_calculated_is_a_defect_and_not_a_blank():
    (row,) = rows_of(workbook(["SKU", "Price"], ["A1", "=1+1"]))
    assert row.cells == ["A1", ""]
    (defect,) = row.defects
    assert (defect.code, defect.column) == (DefectCode.FORMULA_WITHOUT_VALUE, 2)
    assert defect.message.startswith("Cell B holds a formula whose result")


@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "#REF!"])
def test_a_cell_that_shows_an_error_is_a_defect_of_its_row_only(error):
    bad, fine = rows_of(workbook(["SKU", "Price"], ["A1", error], ["A2", 5]))
    assert [(d.code, d.column, d.value) for d in bad.defects] == [(DefectCode.ERROR_CELL, 2, error)]
    assert bad.defects[0].message.startswith(f"Cell B shows the error {error} and not a value.")
    assert (fine.cells, fine.defects) == (["A2", "5"], [])


def test_an_error_in_the_header_makes_the_file_unreadable():
    with pytest.raises(UnreadableFile, match="row 1, column 2") as refused:
        opened(workbook(["SKU", "#REF!"], ["A1", 1]))
    assert refused.value.code == UnreadableCode.BAD_HEADER


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("<si><t>plain</t></si>", "plain"),
        ('<si><t xml:space="preserve"> kept </t></si>', " kept "),
        ("<si><t>a &lt; b &amp; c &#233; &#xe9;</t></si>", "a < b & c é é"),
        ("<si><r><t>rich </t></r><r><rPr><b/></rPr><t>text</t></r></si>", "rich text"),
        (
            '<si><t>東京</t><rPh sb="0" eb="2"><t>とうきょう</t></rPh><phoneticPr/></si>',
            "東京",
        ),
        ("<si><t>two_x000D_\nlines</t></si>", "two\nlines"),
        ("<si><t>_x005F_x0041_</t></si>", "_x0041_"),
        ("<si><t><![CDATA[a <b> c]]></t></si>", "a <b> c"),
        ("<si>\n  <t>spaced</t>\n</si>", "spaced"),
        ("<si><t>Ünïcode 🌀</t></si>", "Ünïcode 🌀"),
    ],
)
def test_shared_texts_come_whole_whatever_their_form(item, text):
    assert read_cell('<c r="A2" t="s"><v>0</v></c>', strings=item) == text
    others = "<si><t>x</t></si>" + item + "<si><t>y</t></si>"
    assert read_cell('<c r="A2" t="s"><v>1</v></c>', strings=others) == text


@pytest.mark.parametrize(
    ("inline", "text"),
    [
        ("<is><t>plain</t></is>", "plain"),
        ("<is><r><t>ri</t></r><r><t>ch</t></r></is>", "rich"),
        ("<is><t>a_x0009_b</t></is>", "a\tb"),
        ("<is><t>&quot;12&quot;</t></is>", '"12"'),
    ],
)
def test_texts_inside_the_cell_come_whole(inline, text):
    assert read_cell(f'<c r="A2" t="inlineStr">{inline}</c>') == text


def test_control_characters_are_the_defect_of_a_row():
    strings = "<si><t>SKU</t></si><si><t>a_x0001_b</t></si>"
    rows = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row>'
    )
    (row,) = rows_of(with_parts(sheet_xml(rows), strings=strings))
    assert [(d.code, d.column) for d in row.defects] == [(DefectCode.CONTROL_CHARACTER, 1)]
