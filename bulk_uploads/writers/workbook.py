"""Writes XLSX: the archive around the sheets. The same table always gives the same bytes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bulk_uploads.writers.sheet import SheetWriter, column_letters
from bulk_uploads.writers.styles import STYLES
from bulk_uploads.writers.table import Batches, TableColumn

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# Level 6 takes twice as long for a tenth less.
_LEVEL = 3


@dataclass(frozen=True, slots=True)
class Sheet:
    """`batches` are taken once. A sheet is `filtered` by its header if it is a table of data."""

    name: str
    columns: Sequence[TableColumn]
    batches: Batches
    is_filtered: bool = True


@dataclass(frozen=True, slots=True)
class _Written:
    name: str
    columns: int
    rows: int
    is_filtered: bool


def write_workbook(target: BinaryIO, sheets: Iterable[Sheet]) -> None:
    """Raises TableTooLarge for what no workbook holds; what `target` then has is of no use."""
    written = []
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for number, sheet in enumerate(sheets, 1):
            writer = SheetWriter(sheet.columns, is_filtered=sheet.is_filtered, is_first=number == 1)
            with archive.open(_entry(f"xl/worksheets/sheet{number}.xml"), "w") as part:
                part.write(_XML.encode())
                for piece in writer.pieces(sheet.batches):
                    part.write(piece)
            written.append(_Written(sheet.name, len(sheet.columns), writer.rows, sheet.is_filtered))
        for name, xml in _other_parts(written).items():
            archive.writestr(_entry(name), _XML + xml)


def _entry(name: str) -> ZipInfo:
    """Without the time of writing, which would make each file another one."""
    entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = ZIP_DEFLATED
    entry._compresslevel = _LEVEL  # type: ignore[attr-defined]
    return entry


def _other_parts(sheets: Sequence[_Written]) -> dict[str, str]:
    numbers = range(1, len(sheets) + 1)
    parts = [("/xl/workbook.xml", "sheet.main"), ("/xl/styles.xml", "styles")]
    parts += [(f"/xl/worksheets/sheet{number}.xml", "worksheet") for number in numbers]
    overrides = "".join(
        f'<Override PartName="{name}" ContentType="{_TYPES}.{kind}+xml"/>' for name, kind in parts
    )
    targets = [(f"worksheets/sheet{number}.xml", "worksheet") for number in numbers]
    targets.append(("styles.xml", "styles"))
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f"{overrides}</Types>"
        ),
        "_rels/.rels": _relationships([("xl/workbook.xml", "officeDocument")]),
        "xl/_rels/workbook.xml.rels": _relationships(targets),
        "xl/workbook.xml": _workbook(sheets),
        "xl/styles.xml": STYLES,
    }


def _relationships(targets: Sequence[tuple[str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for number, (target, kind) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


def _workbook(sheets: Sequence[_Written]) -> str:
    lines = "".join(
        f'<sheet name={quoteattr(sheet.name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, sheet in enumerate(sheets, 1)
    )
    # By this name spreadsheets find the range that a filter is over.
    filters = "".join(
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="{place}" hidden="1">'
        f"'{escape(sheet.name)}'!$A$1:${column_letters(sheet.columns)}${sheet.rows}</definedName>"
        for place, sheet in enumerate(sheets)
        if sheet.is_filtered
    )
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{lines}</sheets>'
        f"<definedNames>{filters}</definedNames></workbook>"
    )
