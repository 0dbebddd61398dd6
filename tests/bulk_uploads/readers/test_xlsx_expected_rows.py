"""Rows of a sheet like those before them are read at once; whatever is otherwise is not lost."""

import pytest

from bulk_uploads.readers import DefectCode, ReadLimits, UnreadableCode, UnreadableFile
from bulk_uploads.readers.xlsx.strings import MEMORY_BYTES, SharedStrings

from .reading import opened
from .workbooks import sheet_xml, with_parts

HEADER = (
    '<row r="1"><c r="A1" t="str"><v>SKU</v></c><c r="B1" t="str"><v>N</v></c>'
    '<c r="C1" t="str"><v>Note</v></c></row>'
)
STRINGS = "<si><t>first</t></si><si><t>second</t></si>"
STYLES = (
    '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="00000"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="9"/></cellXfs></styleSheet>'
)
BEFORE = 20


def sheet_ending_with(*cells: str, styles: str = "") -> bytes:
    """Twenty rows of a shared text and a number, and then one of these cells."""
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c><c r="B{n}"><v>{n}.5</v></c></row>'
        for n in range(2, 2 + BEFORE)
    )
    last = f'<row r="{2 + BEFORE}">{"".join(cells)}</row>'
    return with_parts(sheet_xml(HEADER + rows + last), strings=STRINGS, styles=styles)


SKU = '<c r="A22" t="s"><v>1</v></c>'


@pytest.mark.parametrize(
    ("cells", "texts"),
    [
        ([SKU, '<c r="B22"><v>7</v></c>'], ["second", "7", ""]),
        ([SKU], ["second", "", ""]),
        (['<c r="B22"><v>7</v></c>'], ["", "7", ""]),
        ([SKU, '<c r="B22"><v>7.0</v></c>'], ["second", "7", ""]),
        ([SKU, '<c r="B22"><v>007</v></c>'], ["second", "7", ""]),
        ([SKU, '<c r="B22"><v>1.5E+3</v></c>'], ["second", "1500", ""]),
        ([SKU, '<c r="B22"><v>null</v></c>'], ["second", "null", ""]),
        ([SKU, '<c r="B22"><v>1234567890.123456</v></c>'], ["second", "1234567890.12346", ""]),
        ([SKU, '<c r="B22"><v>&#55;</v></c>'], ["second", "7", ""]),
        ([SKU, '<c r="B22" t="s"><v>0</v></c>'], ["second", "first", ""]),
        ([SKU, '<c r="B22" t="b"><v>1</v></c>'], ["second", "TRUE", ""]),
        (['<c r="A22" t="s"><v>01</v></c>'], ["second", "", ""]),
        ([SKU, '<c r="C22" t="str"><v>new</v></c>'], ["second", "", "new"]),
        (['<c r="B22"><v>7</v></c>', SKU], ["second", "7", ""]),
        ([SKU, SKU.replace(">1<", ">0<")], ["first", "", ""]),
        ([SKU, '<c r="B22" s="2"><v>7</v></c>'], ["second", "7", ""]),
        ([SKU, '<c r="B22" s="1"><v>7</v></c>'], ["second", "00007", ""]),
    ],
    ids=range(17),
)
def test_a_row_is_read_for_what_it_is_whatever_came_before(cells, texts):
    *before, last = opened(sheet_ending_with(*cells, styles=STYLES))
    assert [row.cells for row in before] == [["first", f"{n}.5", ""] for n in range(2, 22)]
    assert (last.number, last.cells, last.defects) == (22, texts, [])


def test_results_of_formulas_come_with_their_references_resolved():
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c>'
        f'<c r="B{n}" t="str"><f>C{n}&amp;""</f><v>nuts &amp; bolts</v></c></row>'
        for n in range(2, 42)
    )
    rows = list(opened(with_parts(sheet_xml(HEADER + rows))))
    assert [row.cells for row in rows] == [[str(n), "nuts & bolts", ""] for n in range(2, 42)]


def test_error_cells_are_defects_of_their_own_rows_only():
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c>'
        + (f'<c r="B{n}" t="e"><v>#N/A</v></c>' if n % 3 else f'<c r="B{n}"><v>{n}</v></c>')
        + "</row>"
        for n in range(2, 42)
    )
    rows = list(opened(with_parts(sheet_xml(HEADER + rows), strings=STRINGS)))
    assert [[(d.code, d.column) for d in row.defects] for row in rows] == [
        [(DefectCode.ERROR_CELL, 2)] if n % 3 else [] for n in range(2, 42)
    ]


def test_rows_before_a_damaged_one_come_first():
    rows = iter(opened(sheet_ending_with('<c r="A22" t="s"><v>2</v></c>')))
    assert [next(rows).number for _ in range(BEFORE)] == list(range(2, 22))
    with pytest.raises(UnreadableFile, match="text number “2”") as refused:
        next(rows)
    assert refused.value.code == UnreadableCode.DAMAGED_WORKBOOK


def test_a_row_is_not_given_more_texts_from_the_file_than_a_row_may_hold():
    limits = ReadLimits(max_rows=10, max_columns=10, max_cell_chars=100)
    strings = SharedStrings(limits)
    strings.extend(["x" * MEMORY_BYTES])
    strings.extend(["y" * 1_000_000] * 5)
    strings.begin_row(2)
    assert [len(strings.numbered(f"{n}")) for n in range(1, 5)] == [1_000_000] * 4
    with pytest.raises(UnreadableFile, match="Row 2 holds more than") as refused:
        strings.numbered("5")
    assert refused.value.code == UnreadableCode.ROW_TOO_LONG
    strings.begin_row(3)
    assert len(strings.numbered("5")) == 1_000_000
