"""What a workbook says of itself: its sheets, where their parts lie, and how it counts days."""

import posixpath
from dataclasses import dataclass

from bulk_uploads.readers.base import UnreadableCode, UnreadableFile
from bulk_uploads.readers.cells import shown
from bulk_uploads.readers.xlsx.archive import WorkbookArchive, damaged
from bulk_uploads.readers.xlsx.xml import Attributes, attribute, read_elements

_MAX_PART_BYTES = 32 * 1024 * 1024
_SHOWN_SHEETS = 20
_USUAL_PATH = "xl/workbook.xml"


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    part: str
    is_visible: bool


@dataclass(frozen=True, slots=True)
class Workbook:
    """`strings` and `styles` are the paths of those parts; not every workbook has them."""

    sheets: tuple[Sheet, ...]
    strings: str
    styles: str
    counts_from_1904: bool

    def sheet(self, name: str | None) -> Sheet:
        """The sheet of that name, or the first one that is visible. Raises UnreadableFile.

        One that has it just so, as it is `shown`, goes before one that differs in case or blanks.
        """
        if name is not None:
            same = [sheet for sheet in self.sheets if shown(sheet.name) == name]
            like = [sheet for sheet in self.sheets if _plain(sheet.name) == _plain(name)]
            for sheet in (*same, *like):
                return sheet
            raise UnreadableFile(
                UnreadableCode.NO_SHEET,
                f"The workbook has no sheet “{name}”. Its sheets are: {self._names()}.",
            )
        for sheet in self.sheets:
            if sheet.is_visible:
                return sheet
        raise UnreadableFile(
            UnreadableCode.NO_SHEET,
            f"The workbook has no visible sheet of cells. Its sheets are:"
            f" {self._names()}. Make one visible, or name it.",
        )

    def _names(self) -> str:
        names = [f"“{shown(sheet.name)}”" for sheet in self.sheets[:_SHOWN_SHEETS]]
        return ", ".join(names) or "none"


def _plain(name: str) -> str:
    return name.strip().casefold()


@dataclass(frozen=True, slots=True)
class _Relation:
    kind: str
    path: str


def read_workbook(archive: WorkbookArchive) -> Workbook:
    """Raises UnreadableFile."""
    roots = _relations(archive, "")
    path = next((root.path for root in roots.values() if root.kind == "officeDocument"), "")
    part = archive.part(path or _USUAL_PATH, max_bytes=_MAX_PART_BYTES)
    if part is None:
        raise damaged("it does not say what sheets it has")
    relations = _relations(archive, path or _USUAL_PATH)
    sheets: list[Sheet] = []
    counts_from_1904 = False

    def on_start(name: str, attributes: Attributes) -> None:
        nonlocal counts_from_1904
        if name == "workbookPr":
            counts_from_1904 = attributes.get("date1904") in ("1", "true", "on")
        elif name == "sheet" and (sheet := _sheet(attributes, relations)):
            sheets.append(sheet)

    read_elements(part, on_start)
    paths = {relation.kind: relation.path for relation in relations.values()}
    return Workbook(
        sheets=tuple(sheets),
        strings=paths.get("sharedStrings", "xl/sharedStrings.xml"),
        styles=paths.get("styles", "xl/styles.xml"),
        counts_from_1904=counts_from_1904,
    )


def _sheet(attributes: Attributes, relations: dict[str, _Relation]) -> Sheet | None:
    """A sheet of cells; None for one that is a chart or a dialog."""
    relation = relations.get(attribute(attributes, "id") or "")
    if relation is None or relation.kind != "worksheet":
        return None
    is_visible = attributes.get("state", "visible") == "visible"
    return Sheet(attributes.get("name", ""), relation.path, is_visible)


def _relations(archive: WorkbookArchive, path: str) -> dict[str, _Relation]:
    """What a part refers to, by id: the last word of its kind, and its path in the archive."""
    folder, name = posixpath.split(path)
    part = archive.part(posixpath.join(folder, "_rels", f"{name}.rels"), max_bytes=_MAX_PART_BYTES)
    found: dict[str, _Relation] = {}
    if part is None:
        return found

    def on_start(name: str, attributes: Attributes) -> None:
        if name != "Relationship" or attributes.get("TargetMode") == "External":
            return
        target = attributes.get("Target", "").replace("\\", "/")
        kind = attributes.get("Type", "").rpartition("/")[2]
        resolved = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        found[attributes.get("Id", "")] = _Relation(kind, resolved)

    read_elements(part, on_start)
    return found
