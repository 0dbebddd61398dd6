"""Judges the text of single cells: what no catalog value may hold, and header names made plain."""

import re

from bulk_uploads.readers.base import Defect, DefectCode

# C0 without tab and line feed, DEL, C1, and the lone surrogates that mark undecodable bytes.
_SUSPECT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_SHOWN_CHARS = 200
_SHOWN = {code: 0x2400 + code for code in range(32)} | {0x7F: 0x2421}
_SHOWN |= dict.fromkeys([*range(0x80, 0xA0), *range(0xD800, 0xE000)], 0xFFFD)
_PLAIN_SPACES = {
    **dict.fromkeys((0x00A0, 0x2007, 0x202F), " "),
    **dict.fromkeys((0x200B, 0xFEFF), None),
}
_MESSAGES = {
    DefectCode.NUL_BYTE: "The cell holds a NUL byte at character {at}; text cannot. Remove it.",
    DefectCode.CONTROL_CHARACTER: (
        "The cell holds the invisible control character {char} at character {at}. Remove it."
    ),
    DefectCode.INVALID_ENCODING: (
        "The cell holds something that is not text in the file's encoding at character {at}."
        " Correct it and save the file as UTF-8."
    ),
}


def examine_cells(cells: list[str], *, max_chars: int) -> tuple[list[str], list[Defect]]:
    """The cells as they can be stored, and what is wrong with them.

    Every line end inside a cell becomes a line feed, so that a file saved anew on another system
    means the same. What no database or JSON can hold (NUL, lone surrogates) becomes U+FFFD, and a
    cell is cut at `max_chars`; both only together with a defect.
    """
    defects: list[Defect] = []
    kept: list[str] = []
    for column, cell in enumerate(cells, 1):
        if cell.isprintable() and len(cell) <= max_chars:
            kept.append(cell)
            continue
        cell = cell.replace("\r\n", "\n").replace("\r", "\n")
        if len(cell) > max_chars:
            defects.append(_too_long(cell, column=column, max_chars=max_chars))
            cell = cell[:max_chars]
        if _SUSPECT.search(cell):
            defects.extend(_character_defects(cell, column=column))
            cell = _UNSTORABLE.sub("\ufffd", cell)
        kept.append(cell)
    return kept, defects


def _too_long(cell: str, *, column: int, max_chars: int) -> Defect:
    message = f"The cell has {len(cell):,} characters; at most {max_chars:,} are allowed."
    return Defect(DefectCode.CELL_TOO_LONG, column, shown(cell), message)


def _character_defects(cell: str, *, column: int) -> list[Defect]:
    """One defect for each kind of bad character, naming where the first of it is."""
    first: dict[DefectCode, re.Match[str]] = {}
    for match in _SUSPECT.finditer(cell):
        first.setdefault(_kind(match.group()), match)
    return [
        Defect(
            code,
            column,
            shown(cell),
            _MESSAGES[code].format(at=match.start() + 1, char=f"U+{ord(match.group()):04X}"),
        )
        for code, match in first.items()
    ]


def _kind(char: str) -> DefectCode:
    if char == "\0":
        return DefectCode.NUL_BYTE
    if char >= "\ud800":
        return DefectCode.INVALID_ENCODING
    return DefectCode.CONTROL_CHARACTER


def shown(text: str) -> str:
    """A text for a message: at most 200 characters, control characters as visible signs."""
    short = text if len(text) <= _SHOWN_CHARS else text[: _SHOWN_CHARS - 1] + "…"
    return short.translate(_SHOWN)


def plain_header(cell: str) -> str:
    """A column's name without outer blanks, byte order marks and non-breaking spaces."""
    return cell.translate(_PLAIN_SPACES).strip()
