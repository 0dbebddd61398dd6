"""Columns of any stock file mapped to what they mean, checked and suggested."""

import difflib
from collections.abc import Mapping, Sequence
from typing import Final

from bulk_uploads.column_targets import LEAVE_OUT, MappingProblem, Suggestion, Target, TargetGroup
from catalog.file_format.columns import HeaderProblem, squeeze
from catalog.stock.known_headers import Role, role_of

_LIKENESS: Final = 0.75
_LABELS: Final[Mapping[Role, str]] = {
    Role.SKU: "SKU",
    Role.EAN: "EAN",
    Role.LOCATION: "Location",
    Role.QUANTITY: "Quantity",
    Role.MODE: "Mode (set or adjust)",
    Role.STATUS: "Status (Magento's)",
}
#: What suppliers call them, besides the names that a stock file itself knows.
_OTHER_NAMES: Final[Mapping[Role, str]] = {
    Role.SKU: "itemcode itemnumber itemno articlenumber articleno artikelnr artikel code partno",
    Role.EAN: "eancode ean13 gtin13 barcodenumber",
    Role.LOCATION: "store shop depot branch site lager standort place",
    Role.QUANTITY: "stock stockqty inventory bestand menge count balance closingstock instock",
}
_ROLE_BY_NAME: Final = {
    name: role for role, names in _OTHER_NAMES.items() for name in names.split()
}


def mapping_problems(mapping: Mapping[str, str]) -> list[str]:
    """What is wrong with a mapping whatever the file: all of it, a sentence each."""
    unknown = [_unknown(source, target) for source, target in mapping.items() if _is_wrong(target)]
    sources: dict[Role, list[str]] = {}
    for source, target in mapping.items():
        role = role_of(squeeze(target))
        if role is not None:
            sources.setdefault(role, []).append(source)
    return unknown + [
        f"The mapping sends columns {' and '.join(map(repr, shared))} to one field: {role.value}. "
        "Keep one of them."
        for role, shared in sources.items()
        if len(shared) > 1
    ]


def mapped_columns(
    cells: Sequence[str], mapping: Mapping[str, str], *, columns_may_miss: bool
) -> tuple[dict[int, str], list[HeaderProblem]]:
    """Targets by place in the header, and what is wrong with the mapping for this file.

    A mapping made for earlier files may name columns that this one lacks.
    """
    places = {squeeze(cell): place for place, cell in reversed(list(enumerate(cells)))}
    targets: dict[int, str] = {}
    problems = []
    for source, target in mapping.items():
        place = places.get(squeeze(source))
        if place is None:
            text = f"The mapping names a column {source!r}, which the file does not have."
            fatal = not (columns_may_miss or target == LEAVE_OUT)
            problems.append(HeaderProblem("mapping_column_missing", source, text, fatal=fatal))
        else:
            targets[place] = target
        if _is_wrong(target):
            text = _unknown(source, target)
            problems.append(HeaderProblem("mapping_field_unknown", source, text, fatal=True))
    return targets, problems


def targets() -> list[TargetGroup]:
    return [TargetGroup("Stock", [Target(role.value, label) for role, label in _LABELS.items()])]


def label_of(target: str) -> str:
    role = role_of(squeeze(target))
    return _LABELS[role] if role else target


def suggestions(header: Sequence[str], remembered: Mapping[str, str]) -> list[Suggestion]:
    """One field is suggested for one column: the first that comes near."""
    by_name = {squeeze(column): target for column, target in remembered.items()}
    found = [_known(name, by_name) for name in header]
    taken = {suggestion.value for suggestion in found}
    for place, name in enumerate(header):
        if not found[place].reason:
            found[place] = _likely(name, taken)
            taken.add(found[place].value)
    return found


def problems_of(problems: Sequence[HeaderProblem]) -> list[MappingProblem]:
    """What an upload would say, but for columns left out because nobody knows them."""
    return [
        MappingProblem(problem.message, problem.fatal)
        for problem in problems
        if problem.fatal or problem.code != "ignored_header"
    ]


def _known(name: str, remembered: Mapping[str, str]) -> Suggestion:
    if squeeze(name) in remembered:
        return Suggestion(remembered[squeeze(name)], "remembered")
    role = role_of(squeeze(name))
    return Suggestion(role.value, "own") if role else Suggestion("", "")


def _likely(name: str, taken: set[str]) -> Suggestion:
    plain = "".join(character for character in name.casefold() if character.isalnum())
    role, reason = _ROLE_BY_NAME.get(plain), "known"
    if role is None and plain:
        near = difflib.get_close_matches(plain, _ROLE_BY_NAME, n=1, cutoff=_LIKENESS)
        role, reason = (_ROLE_BY_NAME[near[0]], "similar") if near else (None, "")
    if role is None or role.value in taken:
        return Suggestion("", "")
    return Suggestion(role.value, reason)


def _is_wrong(target: str) -> bool:
    return target != LEAVE_OUT and role_of(squeeze(target)) is None


def _unknown(source: str, target: str) -> str:
    return (
        f"The mapping sends column {source!r} to {target!r}, which is no field. "
        f"Fields are: {', '.join(role.value for role in Role)}."
    )
