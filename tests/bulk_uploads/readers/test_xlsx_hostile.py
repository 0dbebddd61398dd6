"""Workbooks made to do harm, or broken on the way: refused by name, before they cost anything."""

import contextlib
import io
import struct
import time
import zipfile
from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulk_uploads.readers import ReadLimits, UnreadableCode, UnreadableFile, open_reader

from .memory import peak_of_reading
from .reading import opened
from .workbooks import (
    in_another_form,
    parts_of,
    shared_workbook,
    sheet_xml,
    with_part,
    with_parts,
    workbook,
    zipped,
)

MEGABYTE = 1_000_000
HEADER = '<row r="1"><c r="A1" t="str"><v>SKU</v></c></row>'
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "lol">'
    + "".join(
        f'<!ENTITY {x} "{f"&{y};" * 10}">' for x, y in zip("bcdefghij", "abcdefghi", strict=True)
    )
    + "]>"
)
FETCH = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def refusal(data: bytes, *, limits: ReadLimits | None = None) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as refused:
        list(opened(data, limits=limits) if limits else opened(data))
    return refused.value


@pytest.mark.parametrize("declaration", [LAUGHS, FETCH])
@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"]
)
def test_document_types_and_entities_are_refused(declaration, part):
    data = shared_workbook(["SKU"], ["A1"])
    content = parts_of(data)[part].partition(b"?>\n")[2] or parts_of(data)[part]
    error = refusal(with_part(data, part, declaration.encode() + content))
    assert error.code == UnreadableCode.DAMAGED_WORKBOOK
    assert error.message.startswith(f"The workbook is damaged: its part “{part}” declares a doc")


def test_an_entity_nobody_declared_is_refused():
    rows = HEADER + '<row r="2"><c r="A2" t="str"><v>&j;</v></c></row>'
    assert refusal(with_parts(sheet_xml(rows))).code == UnreadableCode.DAMAGED_WORKBOOK


def test_a_part_that_unpacks_to_far_too_much_is_refused_unread():
    bomb = sheet_xml(HEADER + " " * 40 * MEGABYTE)
    error = refusal(with_parts(bomb))
    assert error.code == UnreadableCode.UNPACKS_TOO_LARGE
    assert "“xl/worksheets/sheet1.xml” would unpack from" in error.message


def test_a_part_that_is_larger_than_it_says_is_refused():
    data = bytearray(with_parts(sheet_xml(HEADER + '<row r="2"><c r="A2"><v>1</v></c></row>' * 9)))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    # Sizes stand in the local header and in the directory; both are made to lie.
    place = -1
    while (place := data.find(struct.pack("<L", size), place + 1)) >= 0:
        data[place : place + 4] = struct.pack("<L", 150)
    assert refusal(bytes(data)).code == UnreadableCode.DAMAGED_WORKBOOK


def test_an_archive_of_very_many_files_is_refused():
    data = zipped({f"xl/{number}": "" for number in range(10_001)})
    error = refusal(data)
    assert error.code == UnreadableCode.UNPACKS_TOO_LARGE
    assert "more than 10,000 files" in error.message


def test_a_directory_said_to_be_huge_is_refused_unread():
    data = bytearray(workbook(["SKU"]))
    end = data.rfind(b"PK\x05\x06")
    data[end + 12 : end + 16] = struct.pack("<L", 2**31)
    assert refusal(bytes(data)).code == UnreadableCode.UNPACKS_TOO_LARGE


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.95, 0.999])
def test_a_workbook_cut_off_is_called_damaged(share):
    data = workbook(["SKU", "N"], *([f"A{n}", n] for n in range(500)))
    error = refusal(data[: int(len(data) * share)])
    assert error.code == UnreadableCode.DAMAGED_WORKBOOK
    assert "upload" in error.message


def test_a_flipped_bit_is_noticed():
    data = bytearray(workbook(["SKU", "N"], *([f"A{n}", n] for n in range(500))))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    data[info.header_offset + 200] ^= 0x10
    assert refusal(bytes(data)).code == UnreadableCode.DAMAGED_WORKBOOK


@pytest.mark.parametrize(
    "sheet",
    [
        "",
        "no xml",
        "<worksheet>",
        sheet_xml(HEADER).removesuffix("</sheetData></worksheet>"),
        sheet_xml(HEADER).removesuffix("</row></sheetData></worksheet>"),
        sheet_xml(HEADER + '<row r="2"><c r="A2" t="s"><v>7</v></c></row>'),
        sheet_xml(HEADER + '<row r="2"><c r="A2" t="s"><v>-1</v></c></row>'),
        sheet_xml(HEADER + '<row r="2"><c r="A2" t="s"><v>x</v></c></row>'),
        sheet_xml(HEADER + f'<row r="2"><c r="A2" t="s"><v>{"9" * 5000}</v></c></row>'),
        sheet_xml(HEADER + '<row r="2"><c r="XFE2"><v>1</v></c></row>'),
        sheet_xml(HEADER + '<row r="2"><c r="ZZZ2"><v>1</v></c></row>'),
        sheet_xml(HEADER + '<row r="2"><c r="ä2"><v>1</v></c></row>'),
        sheet_xml(HEADER + '<row r="1"><c r="A1"><v>1</v></c></row>'),
        sheet_xml(HEADER + '<row r="0"><c r="A0"><v>1</v></c></row>'),
    ],
)
def test_a_sheet_that_is_none_is_called_damaged(sheet):
    error = refusal(with_parts(sheet, strings="<si><t>a</t></si>"))
    assert error.code == UnreadableCode.DAMAGED_WORKBOOK
    assert error.message.startswith("The workbook is damaged: ")


@pytest.mark.parametrize("encoding", ["klingon", "cp932"])
def test_xml_in_an_encoding_nobody_knows_is_called_damaged(encoding):
    styles = f'<?xml version="1.0" encoding="{encoding}"?><styleSheet/>'
    error = refusal(with_parts(sheet_xml(HEADER), styles=styles))
    assert error.code == UnreadableCode.DAMAGED_WORKBOOK


@pytest.mark.parametrize(
    ("strings", "cell"),
    [
        ("<si>" + "<rPh" * 1_000_000 + "</si>", ""),
        ("<si><t>" + "&" * 1_000_000 + "</t></si>", ""),
        ("", '<c r="A2" ' + "a" * 4_000_000 + "><v>1</v></c>"),
        ("", "<c " * 1_000_000),
        ("", '<c r="A2"><f' + "/" * 4_000_000 + "</c>"),
    ],
)
def test_no_text_makes_the_reader_search_for_hours(strings, cell):
    """Seconds at most; going back and forth over each of these would take days."""
    started = time.process_time()
    refusal(with_parts(sheet_xml(f'{HEADER}<row r="2">{cell}</row>'), strings=strings))
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    "name",
    ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/sharedStrings.xml"],
)
def test_broken_xml_in_any_part_is_called_damaged(name):
    data = with_part(shared_workbook(["SKU"], ["A1"]), name, "<a><b></a>")
    assert refusal(data).code == UnreadableCode.DAMAGED_WORKBOOK


def test_a_workbook_without_sheets_is_refused():
    data = with_part(workbook(["SKU"]), "xl/workbook.xml", "<workbook/>")
    assert refusal(data).code == UnreadableCode.NO_SHEET


WORKBOOKS = [
    write(["A", "B"], ["x & y", 1], [date(2024, 3, 15), True], ["=1", None], ["é", 2.5])
    for write in (workbook, shared_workbook)
]
SNIPPETS = ["<", ">", "&", '"', "</row>", "<c", "<v>", "<!--", "-->", '<row r="2">', "<f>", "-1"]
SNIPPETS += ["9" * 12, "\xff", "</c>", "&#0;", "&amp;", ' t="s"', ' s="9"', "e", "inf", ""]


@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_no_damage_crashes_the_reader(data):
    parts = parts_of(data.draw(st.sampled_from(WORKBOOKS)))
    name = data.draw(st.sampled_from([name for name in parts if name.endswith((".xml", ".rels"))]))
    part = parts[name]
    place = data.draw(st.integers(0, len(part)))
    end = place + data.draw(st.integers(0, 30))
    snippet = data.draw(st.sampled_from(SNIPPETS)).encode("latin-1")
    with contextlib.suppress(UnreadableFile):
        source = opened(zipped({**parts, name: part[:place] + snippet + part[end:]}))
        for row in source:
            assert len(row.cells) >= len(source.header.cells)
            "".join(row.cells).encode()


@pytest.mark.parametrize("reform", [bytes, in_another_form])
def test_one_long_text_in_very_many_cells_does_not_fill_the_memory(reform, tmp_path):
    columns = [*"BCDEFGHIJKLMNOPQRSTUVWXYZ", *(f"A{letter}" for letter in "ABCDEFGHIJKLMNOP")]
    names = "".join(f'<c r="{name}1" t="str"><v>{name}</v></c>' for name in columns)
    cells = "".join(f'<c r="{name}2" t="s"><v>0</v></c>' for name in columns)
    header = HEADER.replace("</row>", names + "</row>")
    data = with_parts(
        sheet_xml(header + f'<row r="2">{cells}</row>'), strings=f"<si><t>{'x' * 900_000}</t></si>"
    )
    path = tmp_path / "large.xlsx"
    path.write_bytes(reform(data))
    peak, ended = peak_of_reading(path)
    assert ended == UnreadableCode.ROW_TOO_LONG
    assert peak < 32 * MEGABYTE


@pytest.mark.parametrize("opening", ['<c r="A2" t="str"><v>', "<!-- --><c><v>", '<c r="'])
def test_a_cell_without_end_is_refused_before_it_fills_the_memory(opening, tmp_path):
    noise = "".join(f"{n * 7919 % 99991:05}" for n in range(100_000))
    path = tmp_path / "large.xlsx"
    path.write_bytes(with_parts(sheet_xml(HEADER + f'<row r="2">{opening}' + noise * 20)))
    peak, ended = peak_of_reading(path)
    assert ended in (UnreadableCode.ROW_TOO_LONG, UnreadableCode.DAMAGED_WORKBOOK)
    assert peak < 64 * MEGABYTE


def long_text(number: int) -> str:
    """Some 16,000 characters that do not shrink to nothing."""
    return sha256(str(number).encode()).hexdigest() * 256


def test_memory_stays_flat_while_reading_a_large_sheet(tmp_path):
    """Beyond what is held in memory, texts wait in a file."""
    path = tmp_path / "large.xlsx"
    count = 5_000
    items = "".join(f"<si><t>{long_text(n)}</t></si>" for n in range(count))
    rows = "".join(
        f'<row r="{n + 2}"><c r="A{n + 2}" t="s"><v>{n}</v></c></row>' for n in range(count)
    )
    path.write_bytes(with_parts(sheet_xml(HEADER + rows), strings=items))
    del items, rows
    peak, ended = peak_of_reading(path)
    assert ended is None
    assert peak < 75 * MEGABYTE
    limits = ReadLimits(max_rows=10**6, max_columns=10, max_cell_chars=20_000)
    with path.open("rb") as stream:
        for n, row in enumerate(open_reader(stream, name="large", limits=limits)):
            assert row.cells == [long_text(n)]
