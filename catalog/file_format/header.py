"""From a header row to columns, or to everything that is wrong with it in one answer."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from catalog.file_format.cells import has_control
from catalog.file_format.columns import (
    CANONICAL_HEADERS,
    FIELD_BY_HEADER,
    KNOWN_HEADERS,
    SEPARATOR,
    Column,
    Field,
    Kind,
    squeeze,
)

_UNIT = re.compile(r"^(?P<name>.*?)\s*\((?P<unit>[^()]*(?:\([^()]*\))?[^()]*)\)$", re.DOTALL)
_SET_KINDS = {
    "propertysettable": Kind.TABLE,
    "propertysetlist": Kind.LIST,
    "propertysetmedia": Kind.MEDIA,
}
_MAX_HEADER = 300
_MAX_NAME = 200
_MAX_UNIT = 60


@dataclass(frozen=True, slots=True)
class HeaderProblem:
    """`fatal` ones fail the upload; the others say what is left out and why."""

    code: str
    header: str
    message: str
    fatal: bool


@dataclass(frozen=True, slots=True)
class Header:
    columns: tuple[Column, ...]
    problems: tuple[HeaderProblem, ...]

    @property
    def ignored(self) -> tuple[str, ...]:
        return tuple(column.header for column in self.columns if column.kind is Kind.IGNORED)

    @property
    def is_usable(self) -> bool:
        return not any(problem.fatal for problem in self.problems)


def parse_header(cells: Sequence[str], mapping: Mapping[str, str] | None = None) -> Header:
    """`mapping` renames columns of the file to field keys or canonical headers."""
    columns: list[Column] = []
    problems: list[HeaderProblem] = []
    renamed = mapping or {}
    for index, cell in enumerate(cells):
        text = cell.strip()
        if text in renamed:
            target = _from_field_key(renamed[text])
            columns.append(replace(_column(index, text, target), mapped_to=target))
        else:
            columns.append(_column(index, text, text))
    problems += _unknown_targets(renamed, cells)
    problems += [_ignored(column) for column in columns if column.kind is Kind.IGNORED]
    problems += _repeated(columns)
    problems += _missing_key(columns)
    return Header(columns=tuple(columns), problems=tuple(problems))


def split_unit(text: str) -> tuple[str, str]:
    """`rated speed(m³/min)` is `rated speed` in `m³/min`: a trailing parenthesis is the unit."""
    found = _UNIT.match(text.strip())
    if not found or not found["name"] or not found["unit"].strip():
        return text.strip(), ""
    return found["name"], found["unit"].strip()


def _from_field_key(target: str) -> str:
    try:
        return CANONICAL_HEADERS[Field(target)]
    except ValueError:
        return target


def _column(index: int, header: str, meaning: str) -> Column:
    field = FIELD_BY_HEADER.get(squeeze(meaning))
    if field is not None:
        return Column(index=index, header=header, kind=Kind.FIELD, field=field)
    dynamic = None
    if len(meaning) <= _MAX_HEADER:
        dynamic = _dynamic(index, header, [part.strip() for part in meaning.split(SEPARATOR)])
    return dynamic or Column(index=index, header=header, kind=Kind.IGNORED)


def _dynamic(index: int, header: str, parts: list[str]) -> Column | None:
    word = squeeze(parts[0])
    if any(not part or len(part) > _MAX_NAME or has_control(part) for part in parts):
        return None
    if word == "variant" and len(parts) == 2:
        name, unit = split_unit(parts[1])
        if len(unit) > _MAX_UNIT:
            return None
        return Column(index=index, header=header, kind=Kind.ATTRIBUTE, name=name, unit=unit)
    kind = _SET_KINDS.get(word)
    if kind is Kind.TABLE and len(parts) == 3:
        entry, unit = split_unit(parts[2])
        if len(unit) > _MAX_UNIT:
            return None
        return Column(index=index, header=header, kind=kind, name=parts[1], entry=entry, unit=unit)
    if kind in (Kind.LIST, Kind.MEDIA) and len(parts) == 2:
        return Column(index=index, header=header, kind=kind, name=parts[1])
    return None


def _ignored(column: Column) -> HeaderProblem:
    if not column.header:
        message = f"Column {column.index + 1} has no header, so it is left out."
        return HeaderProblem("ignored_header", "", message, fatal=False)
    return HeaderProblem(
        "ignored_header",
        column.header,
        f"Column {column.header!r} is not known, so it is left out.{_hint(column.header)}",
        fatal=False,
    )


def _hint(header: str) -> str:
    word = squeeze(header.split(SEPARATOR)[0])
    if word == "variant":
        return " An attribute is written as 'Variant #; color' or 'Variant #; sweep size(mm)'."
    if word in _SET_KINDS or word.startswith("propertyset"):
        return (
            " A property set is written as 'Property Set Table #; details #; rated speed(m³/min)',"
            " 'Property Set List #; Notable Features' or 'Property Set Media #; Gallery'."
        )
    by_squeezed = {squeeze(known): known for known in KNOWN_HEADERS}
    near = difflib.get_close_matches(squeeze(header), by_squeezed, n=1, cutoff=0.6)
    return f" Did you mean {by_squeezed[near[0]]!r}?" if near else ""


def _repeated(columns: Sequence[Column]) -> list[HeaderProblem]:
    first: dict[tuple[str, ...], Column] = {}
    problems = []
    for column in columns:
        if column.kind is Kind.IGNORED:
            continue
        earlier = first.setdefault(column.identity, column)
        if earlier is not column:
            problems.append(
                HeaderProblem(
                    "repeated_header",
                    column.header,
                    f"Columns {earlier.index + 1} ({earlier.header!r}) and {column.index + 1} "
                    f"({column.header!r}) are the same; keep one of them.",
                    fatal=True,
                )
            )
    return problems


def _missing_key(columns: Sequence[Column]) -> list[HeaderProblem]:
    if any(column.field in (Field.SKU, Field.EAN) for column in columns):
        return []
    found = ", ".join(repr(column.header) for column in columns[:40] if column.header)
    return [
        HeaderProblem(
            "missing_key_column",
            "SKU",
            "No column identifies the variants: a 'SKU' or an 'EAN' column is needed. "
            f"Found: {found or 'no headers at all'}.",
            fatal=True,
        )
    ]


def _unknown_targets(renamed: Mapping[str, str], cells: Sequence[str]) -> list[HeaderProblem]:
    present = {cell.strip() for cell in cells}
    problems = []
    for source, target in renamed.items():
        if source not in present:
            message = f"The mapping names a column {source!r}, which the file does not have."
            problems.append(HeaderProblem("mapping_column_missing", source, message, fatal=True))
        elif _column(0, source, _from_field_key(target)).kind is Kind.IGNORED:
            known = ", ".join(field.value for field in Field)
            message = (
                f"The mapping sends column {source!r} to {target!r}, which is no field. "
                f"Fields are: {known}, or a header such as 'Variant #; color'."
            )
            problems.append(HeaderProblem("mapping_field_unknown", source, message, fatal=True))
    return problems
