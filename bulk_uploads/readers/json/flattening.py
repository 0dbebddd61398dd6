"""Makes an object of any depth a row: one text under one column name for each of its values.

- A text stands under its key, and so does a number, as it is written.
- true, false and null are TRUE, FALSE and blank.
- A list of such values is one cell, joined by `#;`.
- The values of an object stand each by itself, its keys behind the key, joined by ` #; `.
- In a list of `{"name", "unit", "value"}` the name stands for the key, its unit in parentheses.

So `{"variant": {"color": "red"}}` is the column `Variant #; color`. What else a value can be is a
defect of the row, and so is a list item that holds `#;` itself.
"""

from functools import lru_cache
from typing import Any, NamedTuple, cast

from bulk_uploads.readers.base import DefectCode
from bulk_uploads.readers.cells import plain_header, shown
from bulk_uploads.readers.json.elements import NotANumber, Pairs

SEPARATOR = "#;"
_MAX_DEPTH = 8
_SHOWN = 10
_LISTS = "A list can hold texts and numbers, or objects of name and value"
# Keys under which dynamic columns stand, in the words of the table format.
_WORDS = {
    "variant": "Variant",
    "attributes": "Variant",
    "propertysettable": "Property Set Table",
    "propertysetlist": "Property Set List",
    "propertysetmedia": "Property Set Media",
}
_SCALARS: dict[type, dict[Any, str]] = {
    bool: {True: "TRUE", False: "FALSE"},
    type(None): {None: ""},
}
_LONGEST_REMEMBERED = 200


class FlatValue(NamedTuple):
    """A cell by its column's name. With a `problem` the text is only what to show of it."""

    column: str
    text: str
    problem: DefectCode | None = None
    message: str = ""


def cell_text(value: Any) -> str | None:
    """The text of a value that is one cell; None of an object, or of what fits into no cell."""
    kind = type(value)
    if kind is str:
        return cast(str, value)
    if kind is list:
        texts = [_scalar_text(item) for item in value]
        fitting = [text for text in texts if text is not None and SEPARATOR not in text]
        if len(fitting) < len(texts):
            return None
        return SEPARATOR.join([text for text in fitting if text and not text.isspace()])
    return _scalar_text(value)


def _scalar_text(value: Any) -> str | None:
    if type(value) is str:
        return value
    texts = _SCALARS.get(type(value))
    return texts[value] if texts else None


def flat_values(members: Pairs) -> list[FlatValue]:
    """The cells of an object, in the order of its keys; a column that comes twice is a problem."""
    found: list[FlatValue] = []
    for key, value in members:
        _flatten((_word(key),), value, found)
    columns = {flat.column for flat in found}
    return found if len(columns) == len(found) else _with_repetitions(found)


def _with_repetitions(found: list[FlatValue]) -> list[FlatValue]:
    seen: set[str] = set()
    for place, flat in enumerate(found):
        if flat.column in seen and not flat.problem:
            message = (
                f"The key “{shown(flat.column)}” comes twice in this object. Keep one of them."
            )
            found[place] = flat._replace(problem=DefectCode.DUPLICATE_KEY, message=message)
        seen.add(flat.column)
    return found


def _flatten(path: tuple[str, ...], value: Any, found: list[FlatValue]) -> None:
    text = cell_text(value)
    if text is not None:
        found.append(FlatValue(_column(path), text))
    elif isinstance(value, NotANumber):
        message = f"{value} is no number that a value can have. Enter one, or null."
        found.append(FlatValue(_column(path), value, DefectCode.NOT_A_NUMBER, message))
    elif len(path) > _MAX_DEPTH:
        found.append(_unfit(path, value, f"Values may be nested {_MAX_DEPTH} deep"))
    elif isinstance(value, tuple):
        for key, inner in value:
            _flatten((*path, _word(key)), inner, found)
    elif named := _all_named(value):
        for name, inner in named:
            _flatten((*path, name), inner, found)
    else:
        found.append(_unfit(path, value, f"{_LISTS}, without “{SEPARATOR}” in them"))


def _all_named(items: list[Any]) -> list[tuple[str, Any]] | None:
    """Names and values of a list of objects that each hold just those."""
    named = [_named(item) for item in items]
    found = [pair for pair in named if pair is not None]
    return found if len(found) == len(named) else None


def _named(item: Any) -> tuple[str, Any] | None:
    """Name, with its unit, and value of an object that holds just those."""
    if not isinstance(item, tuple):
        return None
    found = dict(item)
    name, unit = found.pop("name", None), found.pop("unit", None)
    value = found.pop("value", None)
    if found or not isinstance(name, str) or not isinstance(unit, str | None):
        return None
    return with_unit(_word(name), unit), value


def with_unit(name: str, unit: str | None) -> str:
    return f"{name}({unit})" if unit else name


def _word(key: str) -> str:
    """A key as a part of a column's name."""
    return _remembered_word(key) if len(key) <= _LONGEST_REMEMBERED else plain_header(key)


@lru_cache(maxsize=4096)
def _remembered_word(key: str) -> str:
    return plain_header(key)


def _column(path: tuple[str, ...]) -> str:
    if len(path) == 1:
        return path[0]
    first, *inner = path
    return f" {SEPARATOR} ".join([_first_word(first), *inner])


@lru_cache(maxsize=64)
def _first_word(word: str) -> str:
    return _WORDS.get("".join(word.replace("_", " ").split()).casefold(), word)


def _unfit(path: tuple[str, ...], value: Any, what: str) -> FlatValue:
    message = f"The value under “{shown(_column(path))}” does not fit into one cell. {what}."
    return FlatValue(_column(path), glimpse(value), DefectCode.NESTED_VALUE, message)


def glimpse(value: Any) -> str:
    """What to show of a value of any size and depth."""
    if isinstance(value, tuple):
        return "{" + ", ".join(f"{key}: …" for key, _ in value[:_SHOWN]) + "}"
    if isinstance(value, list):
        first = ["…" if isinstance(item, list) else glimpse(item) for item in value[:_SHOWN]]
        return "[" + ", ".join(first) + (", …]" if len(value) > _SHOWN else "]")
    text = _scalar_text(value)
    return str(value) if text is None else text
