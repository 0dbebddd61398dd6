"""Files that are not delimited text: named for what they are, whatever they are called."""

import gzip
import io
import zipfile

import openpyxl
import pytest

from bulk_uploads.readers import UnreadableCode, UnreadableFile

from .reading import opened


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["SKU", "Name"])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def archive() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as files:
        files.writestr("products.csv", "SKU\n1\n")
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (workbook(), "an Excel workbook (XLSX)"),
        (archive(), "a ZIP archive"),
        (gzip.compress(b"SKU\n1\n"), "a gzip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "an old Excel workbook"),
        (
            b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
            "ODS",
        ),
        (b"%PDF-1.7\n%\xe2\xe3\n", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "an image"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "an image"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "an image"),
        (b'[{"sku": "1"}]', "JSON"),
        (b'\xef\xbb\xbf {\n "data": []}', "JSON"),
        (b"<!DOCTYPE html><table><tr><td>SKU", "an HTML or XML document"),
        (b"<?xml version='1.0'?><products/>", "an HTML or XML document"),
        ("SKU\n1\n".encode("utf-32"), "UTF-32 text"),
        (b"SQLite format 3\x00" + bytes(84), "a database"),
        (bytes(range(256)) * 16, "binary data"),
    ],
)
def test_other_content_is_refused_by_its_name(data, named):
    with pytest.raises(UnreadableFile) as refused:
        opened(data)
    assert refused.value.code == UnreadableCode.UNSUPPORTED_FORMAT
    assert refused.value.message.startswith("“products.csv” is ")
    assert named in refused.value.message
    assert refused.value.message.endswith("Save the table as CSV (UTF-8) and upload that file.")


@pytest.mark.parametrize(
    "header", ["[sku],[name]", "{sku},{name}", "<sku>,<name>", "PK,BM", "MM,II"]
)
def test_odd_headers_are_still_text(header):
    assert opened(f"{header}\n1,2\n".encode()).header.cells == header.split(",")


def test_text_with_some_damage_is_not_called_binary():
    source = opened(b"SKU,N\n" + b"1,a fairly long cell with one bad \x00 byte\n" * 500)
    assert sum(len(row.defects) for row in source) == 500
