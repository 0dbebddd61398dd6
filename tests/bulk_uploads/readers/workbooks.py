"""Makes workbooks for the reader tests: by a real writer, or part by part where none would."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence

import openpyxl
import xlsxwriter
from openpyxl.worksheet.worksheet import Worksheet

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def workbook(*rows: Sequence[object]) -> bytes:
    """A workbook of one sheet, as openpyxl writes it."""
    book = openpyxl.Workbook()
    for row in rows:
        sheet(book).append(list(row))
    return saved(book)


def shared_workbook(*rows: Sequence[object]) -> bytes:
    """The same as xlsxwriter writes it, with a table of shared texts like Excel's."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target, {"default_date_format": "yyyy-mm-dd hh:mm:ss", "strings_to_numbers": False}
    )
    made = book.add_worksheet("Sheet")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, str) and value:
                made.write_string(number, column, value)
            elif value is not None:
                made.write(number, column, value)
    book.close()
    return target.getvalue()


def sheet(book: openpyxl.Workbook) -> Worksheet:
    assert isinstance(book.active, Worksheet)
    return book.active


def saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def sheet_xml(rows: str) -> str:
    """A sheet's part around its rows, in the form that the reader takes the quick way with."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
        f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    )


def with_parts(
    sheet: str | bytes,
    *,
    strings: str = "",
    styles: str = "",
    more: Mapping[str, str] | None = None,
) -> bytes:
    """A workbook with these parts; `strings` are the items of the table, `styles` a whole part."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": _rels(officeDocument="xl/workbook.xml"),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
            '<sheet name="Data" sheetId="1" r:id="worksheet"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _rels(
            worksheet="worksheets/sheet1.xml",
            sharedStrings="sharedStrings.xml",
            styles="styles.xml",
        ),
        "xl/worksheets/sheet1.xml": sheet,
    }
    if strings:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{strings}</sst>'
    if styles:
        parts["xl/styles.xml"] = styles
    return zipped({**parts, **(more or {})})


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def with_part(data: bytes, name: str, content: str | bytes) -> bytes:
    """The workbook with one part put in the place of another."""
    return zipped({**parts_of(data), name: content})


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def in_another_form(data: bytes) -> bytes:
    """The same workbook in XML that no program writes, so that it is read by the XML parser."""
    parts = parts_of(data)
    for name, opening in (
        ("xl/worksheets/sheet1.xml", b"<sheetData>"),
        ("xl/sharedStrings.xml", b"<sst "),
    ):
        if name in parts:
            comment = b"<!-- a remark -->"
            place = parts[name].index(opening)
            parts[name] = parts[name][:place] + comment + parts[name][place:]
    return zipped(parts)


def _rels(**targets: str) -> str:
    links: Iterable[str] = (
        f'<Relationship Id="{kind}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for kind, target in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}">{"".join(links)}</Relationships>'
