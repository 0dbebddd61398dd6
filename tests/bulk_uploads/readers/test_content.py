"""Files that are not delimited text: named for what they are, whatever they are called."""

import gzip
import struct

import pytest

from bulk_uploads.readers import UnreadableCode, UnreadableFile

from .reading import opened
from .workbooks import parts_of, workbook, zipped


def archive(*names: str) -> bytes:
    return zipped(dict.fromkeys(names, "SKU\n1\n"))


def compound(*streams: str) -> bytes:
    """The beginning of an OLE compound file: its header, and a directory of these streams."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(22) + struct.pack("<H", 9) + bytes(16)
    header += struct.pack("<L", 1)
    directory = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in streams)
    return header.ljust(1024, b"\0") + directory


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (archive("products.csv"), "a ZIP archive"),
        (archive("[Content_Types].xml", "xl/workbook.bin"), "a binary Excel workbook (XLSB)"),
        (archive("[Content_Types].xml", "word/document.xml"), "a Word or PowerPoint document"),
        (archive("content.xml", "styles.xml"), "an OpenDocument spreadsheet (ODS)"),
        (gzip.compress(b"SKU\n1\n", mtime=0), "a gzip archive"),
        (compound("Root Entry", "Workbook"), "an old Excel workbook (XLS)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook (XLS)"),
        (
            b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
            "ODS",
        ),
        (b"%PDF-1.7\n%\xe2\xe3\n", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "an image"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "an image"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "an image"),
        (b"<!DOCTYPE html><table><tr><td>SKU", "an HTML or XML document"),
        (b"<?xml version='1.0'?><products/>", "an HTML or XML document"),
        ("<?xml version='1.0'?><products/>".encode("utf-16"), "an HTML or XML document"),
        ("SKU\n1\n".encode("utf-32"), "UTF-32 text"),
        (b"SQLite format 3\x00" + bytes(84), "a database"),
        (bytes(range(256)) * 16, "binary data"),
    ],
    # The bytes would make other names each time: archives hold the moment they were made.
    ids=lambda value: value if isinstance(value, str) else "content",
)
def test_other_content_is_refused_by_its_name(data, named):
    with pytest.raises(UnreadableFile) as refused:
        opened(data)
    assert refused.value.code == UnreadableCode.UNSUPPORTED_FORMAT
    assert refused.value.message.startswith("“products.csv” is ")
    assert named in refused.value.message
    assert refused.value.message.endswith(
        "Save the table as XLSX or CSV (UTF-8) and upload that file."
    )


def test_a_workbook_with_a_password_is_refused_with_what_to_do():
    with pytest.raises(UnreadableFile) as refused:
        opened(compound("Root Entry", "EncryptionInfo", "EncryptedPackage"))
    assert refused.value.code == UnreadableCode.UNSUPPORTED_FORMAT
    assert refused.value.message == (
        "“products.csv” is a workbook protected by a password."
        " Save it without the password and upload it again."
    )


def test_a_workbook_is_known_wherever_its_parts_lie():
    parts = parts_of(workbook(["SKU"], ["A1"]))
    reordered = {"docProps/thumbnail.jpeg": bytes(9_000), **dict(reversed(parts.items()))}
    assert [row.cells for row in opened(zipped(reordered))] == [["A1"]]


@pytest.mark.parametrize(
    "header", ["[sku],[name]", "{sku},{name}", "<sku>,<name>", "PK,BM", "MM,II"]
)
def test_odd_headers_are_still_text(header):
    assert opened(f"{header}\n1,2\n".encode()).header.cells == header.split(",")


def test_text_with_some_damage_is_not_called_binary():
    source = opened(b"SKU,N\n" + b"1,a fairly long cell with one bad \x00 byte\n" * 500)
    assert sum(len(row.defects) for row in source) == 500
