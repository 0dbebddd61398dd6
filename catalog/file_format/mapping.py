"""Column mappings: the uploader's word for what columns of a file become.

A mapping sends columns to field keys (`sku`, `title`) or to any header of the format; "" leaves a
column out.
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence

from catalog.file_format.column_names import column_named
from catalog.file_format.columns import (
    CANONICAL_HEADERS,
    Field,
    HeaderProblem,
    Kind,
    squeeze,
)

LEAVE_OUT = ""
_FIELDS_BY_KEY = {squeeze(field.value): field for field in Field}


def header_of_target(target: str) -> str:
    """The header that a target stands for: "Product Name" for `title`."""
    field = _FIELDS_BY_KEY.get(squeeze(target))
    return CANONICAL_HEADERS[field] if field else target.strip()


def mapping_problems(mapping: Mapping[str, str]) -> list[str]:
    """What is wrong with a mapping whatever the file: all of it, a sentence each."""
    unknown = [
        _unknown_field(source, target)
        for source, target in mapping.items()
        if target != LEAVE_OUT and _is_unknown(target)
    ]
    return unknown + [_same_field(sources) for sources in _sharing(mapping.items())]


def mapped_columns(
    cells: Sequence[str], mapping: Mapping[str, str], *, columns_may_miss: bool
) -> tuple[dict[int, str], list[HeaderProblem]]:
    """The targets by place in the header, and what is wrong with the mapping for this file.

    A column is found by its exact name, else, if no other is, by its name without case and
    spacing. A mapping made for earlier files may name columns that this one lacks.
    """
    exact = {cell.strip(): place for place, cell in reversed(list(enumerate(cells)))}
    squeezed = {squeeze(cell): place for place, cell in reversed(list(enumerate(cells)))}
    named = {place for source in mapping if (place := exact.get(source.strip())) is not None}
    targets: dict[int, str] = {}
    problems: list[HeaderProblem] = []
    for source, target in mapping.items():
        place = exact.get(source.strip())
        near = squeezed.get(squeeze(source))
        if place is None and near is not None and near not in named:
            place = near
            named.add(near)
        if place is None:
            problems.append(_missing_column(source, fatal=not (columns_may_miss or not target)))
        else:
            targets[place] = header_of_target(target)
        if target != LEAVE_OUT and _is_unknown(target):
            message = _unknown_field(source, target)
            problems.append(HeaderProblem("mapping_field_unknown", source, message, fatal=True))
    return targets, problems


def _is_unknown(target: str) -> bool:
    header = header_of_target(target)
    return column_named(0, header, header).kind is Kind.IGNORED


def _unknown_field(source: str, target: str) -> str:
    known = [field.value for field in Field]
    near = difflib.get_close_matches(squeeze(target), _FIELDS_BY_KEY, n=1, cutoff=0.6)
    nearest = f" Did you mean {_FIELDS_BY_KEY[near[0]].value!r}?" if near else ""
    return (
        f"The mapping sends column {source!r} to {target!r}, which is no field.{nearest} "
        f"Fields are: {', '.join(known)}, or a header such as 'Variant #; color'."
    )


def _missing_column(source: str, *, fatal: bool) -> HeaderProblem:
    message = f"The mapping names a column {source!r}, which the file does not have."
    if not fatal:
        message += " What it would fill stays as it is."
    return HeaderProblem("mapping_column_missing", source, message, fatal=fatal)


def _sharing(pairs: Iterable[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Columns that are sent to one target, where there are several."""
    by_identity: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for source, target in pairs:
        header = header_of_target(target)
        column = column_named(0, header, header)
        if column.kind is not Kind.IGNORED:
            by_identity.setdefault(column.identity, []).append((source, target))
    return [found for found in by_identity.values() if len(found) > 1]


def _same_field(sharing: Sequence[tuple[str, str]]) -> str:
    *others, last = [repr(source) for source, _ in sharing]
    return (
        f"The mapping sends columns {', '.join(others)} and {last} to one field: {sharing[0][1]}. "
        "Keep one of them."
    )
