"""Text encodings: told from the bytes of the whole file, or from a hint."""

import codecs

import pytest

from bulk_uploads.readers import DefectCode, ReadHints, UnreadableCode, UnreadableFile

from .reading import cells_of, opened, rows_of

TEXT = "SKU,Name\nA1,Crème brûlée — 3 €\n"
ROWS = [["A1", "Crème brûlée — 3 €"]]


@pytest.mark.parametrize(
    ("data", "encoding", "marked"),
    [
        (TEXT.encode(), "utf-8", False),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8", True),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16-le", True),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be", True),
        (TEXT.encode("utf-16-le"), "utf-16-le", False),
        (TEXT.encode("utf-16-be"), "utf-16-be", False),
        (TEXT.encode("cp1252"), "windows-1252", False),
    ],
)
def test_each_encoding_gives_the_same_rows(data, encoding, marked):
    source = opened(data)
    assert [row.cells for row in source] == ROWS
    assert source.header.cells == ["SKU", "Name"]
    assert source.format.encoding == encoding
    assert source.format.byte_order_mark is marked


def test_iso_8859_1_is_read_as_its_superset_windows_1252():
    assert cells_of("SKU,Name\n1,Merci à toi\n".encode("latin-1")) == [["1", "Merci à toi"]]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_every_encoding_goes_with_every_line_end(codec, line_end):
    assert cells_of(TEXT.replace("\n", line_end).encode(codec)) == ROWS


def test_ascii_is_named_utf_8():
    assert opened(b"SKU\n1\n").format.encoding == "utf-8"


def test_a_first_windows_1252_byte_five_megabytes_into_the_file_decides_the_encoding():
    filler = (b"A1," + b"plain " * 15 + b"\n") * 60_000
    source = opened(b"SKU,Name\n" + filler + "Z9,café\n".encode("cp1252"))
    assert source.format.encoding == "windows-1252"
    *_, last = source
    assert (last.number, last.cells, last.defects) == (60_002, ["Z9", "café"], [])


def test_a_multibyte_character_on_every_chunk_seam_is_still_utf_8():
    body = "".join(f"{number},é€😀é€😀é€😀\n" for number in range(20_000))
    source = opened(("SKU,Name\n" + body).encode())
    assert source.format.encoding == "utf-8"
    assert {row.cells[1] for row in source} == {"é€😀é€😀é€😀"}


def test_utf_16_without_a_mark_is_found_in_a_script_without_latin_letters():
    text = "SKU,名称\n" + "".join(f"{n},风扇吊扇台扇落地扇\n" for n in range(100))
    source = opened(text.encode("utf-16-le"))
    assert source.format.encoding == "utf-16-le"
    assert next(iter(source)).cells == ["0", "风扇吊扇台扇落地扇"]


def test_one_stray_byte_in_a_utf_8_file_is_the_defect_of_its_row_only():
    data = "SKU,Name\n1,Größe\n2,Höhe\n".encode() + b"3,caf\xe9\n" + "4,Länge\n".encode()
    source = opened(data)
    rows = list(source)
    assert source.format.encoding == "utf-8"
    assert [row.cells for row in rows] == [
        ["1", "Größe"],
        ["2", "Höhe"],
        ["3", "caf\ufffd"],
        ["4", "Länge"],
    ]
    assert [[(d.code, d.column, d.value) for d in row.defects] for row in rows] == [
        [],
        [],
        [(DefectCode.INVALID_ENCODING, 2, "caf\ufffd")],
        [],
    ]


def test_a_surrogate_encoded_as_utf_8_is_the_defect_of_its_row_only():
    rows = rows_of(b"SKU,Name\n1,x\xed\xa0\xbdy\n2,fine\n")
    assert [(d.code, d.column) for d in rows[0].defects] == [(DefectCode.INVALID_ENCODING, 2)]
    assert rows[0].cells == ["1", "x\ufffd\ufffd\ufffdy"]
    assert rows[1].defects == []


def test_a_lone_surrogate_in_utf_16_is_the_defect_of_its_row_only():
    data = codecs.BOM_UTF16_LE + "SKU,Name\n1,x\ud83dy\n2,😀\n".encode("utf-16-le", "surrogatepass")
    rows = rows_of(data)
    assert [(d.code, d.column, d.value) for d in rows[0].defects] == [
        (DefectCode.INVALID_ENCODING, 2, "x\ufffdy")
    ]
    assert rows[1].cells == ["2", "😀"]
    assert rows[1].defects == []


def test_a_byte_windows_1252_does_not_define_is_a_defect():
    rows = rows_of(b"SKU,Name\n1,caf\xe9 \x81\n2,caf\xe9\n")
    assert [[d.code for d in row.defects] for row in rows] == [[DefectCode.INVALID_ENCODING], []]


def test_a_utf_8_mark_is_believed_over_bytes_that_do_not_fit():
    source = opened(codecs.BOM_UTF8 + b"SKU,Name\n1,caf\xe9\n")
    (row,) = source
    assert source.format.encoding == "utf-8"
    assert [d.code for d in row.defects] == [DefectCode.INVALID_ENCODING]


def test_utf_16_that_ends_inside_a_character_marks_the_last_row():
    rows = rows_of(codecs.BOM_UTF16_LE + "SKU,Name\n1,ab".encode("utf-16-le") + b"c")
    assert [(d.code, d.column) for d in rows[0].defects] == [(DefectCode.INVALID_ENCODING, 2)]


def test_half_a_line_break_after_utf_16_is_no_row():
    data = codecs.BOM_UTF16_LE + "SKU,Name\n1,ab\n".encode("utf-16-le") + b"\n"
    assert cells_of(data) == [["1", "ab"]]


def test_an_encoding_hint_decides_what_bytes_cannot():
    source = opened("SKU,Name\r1,Café\r".encode("mac_roman"), hints=ReadHints(encoding="Mac-Roman"))
    assert [row.cells for row in source] == [["1", "Café"]]
    assert source.format.encoding == "mac-roman"


def test_a_hint_does_not_leave_the_byte_order_mark_in_the_header():
    source = opened(codecs.BOM_UTF8 + b"SKU\n1\n", hints=ReadHints(encoding="utf-8"))
    assert source.header.cells == ["SKU"]


def test_an_unknown_encoding_hint_is_refused_and_names_the_known_ones():
    with pytest.raises(UnreadableFile, match="windows-1252") as refused:
        opened(b"SKU\n1\n", hints=ReadHints(encoding="ebcdic"))
    assert refused.value.code == UnreadableCode.UNKNOWN_ENCODING
