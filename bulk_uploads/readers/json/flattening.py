"""Makes an object of any depth a row: one text under one column name for each of its values.

- A text stands under its key, and so does a number, as it is written.
- true, false and null are TRUE, FALSE and blank.
- A list of such values is one cell, joined by `#;`.
- The values of an object stand each by itself, its keys behind the key, joined by ` #; `.
- In a list of `{"name", "unit", "value"}` the name stands for the key, its unit in parentheses.

So `{"variant": {"color": "red"}}` is the column `Variant #; color`. What else a value can be is a
defect of the row, and so is a list item that holds `#;` itself.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from bulk_uploads.readers.base import DefectCode
from bulk_uploads.readers.cells import plain_header
from bulk_uploads.readers.json.elements import NotANumber, Pairs

SEPARATOR = "#;"
_MAX_DEPTH = 8
_SHOWN_KEYS = 10
# Keys under which dynamic columns stand, in the words of the table format.
_WORDS = {
    "variant": "Variant",
    "attributes": "Variant",
    "propertysettable": "Property Set Table",
    "propertysetlist": "Property Set List",
    "propertysetmedia": "Property Set Media",
}
_TEXTS: dict[type, dict[Any, str]] = {bool: {True: "TRUE", False: "FALSE"}, type(None): {None: ""}}


class FlatValue(NamedTuple):
    """A cell by its column's name. With a `problem` the text is only what to show of it."""

    column: str
    text: str
    problem: DefectCode | None = None
    message: str = ""


def scalar_text(value: Any) -> str | None:
    """The text of a value that is neither list nor object nor NaN; None of any other."""
    if type(value) is str:
        return value
    texts = _TEXTS.get(type(value))
    return texts[value] if texts else None


def flat_values(members: Pairs) -> Iterator[FlatValue]:
    """The cells of an object, in the order of its keys; a column that comes twice is a problem."""
    seen: set[str] = set()
    for key, value in members:
        for flat in _flat((plain_header(key),), value):
            if flat.column in seen and not flat.problem:
                message = f"The key “{flat.column}” comes twice in this object. Keep one of them."
                flat = flat._replace(problem=DefectCode.DUPLICATE_KEY, message=message)
            seen.add(flat.column)
            yield flat


def _flat(path: tuple[str, ...], value: Any) -> Iterator[FlatValue]:
    text = scalar_text(value)
    if text is not None:
        yield FlatValue(_column(path), text)
    elif isinstance(value, NotANumber):
        message = f"{value} is no number that a value can have. Enter one, or null."
        yield FlatValue(_column(path), value, DefectCode.NOT_A_NUMBER, message)
    elif len(path) > _MAX_DEPTH:
        yield _too_nested(path, value, f"Values may be nested {_MAX_DEPTH} deep")
    elif isinstance(value, tuple):
        for key, inner in value:
            yield from _flat((*path, plain_header(key)), inner)
    else:
        yield from _flat_list(path, value)


def _flat_list(path: tuple[str, ...], items: list[Any]) -> Iterator[FlatValue]:
    texts = [scalar_text(item) for item in items]
    plain = [text for text in texts if text is not None]
    if len(plain) == len(texts):
        yield _joined(path, plain)
        return
    named = [_named(item) for item in items]
    for pair in named:
        if pair is None:
            yield _too_nested(path, items, "A list can hold texts and numbers, or name and value")
            return
    for name, value in filter(None, named):
        yield from _flat((*path, name), value)


def _joined(path: tuple[str, ...], texts: list[str]) -> FlatValue:
    column = _column(path)
    text = SEPARATOR.join(text for text in texts if text.strip())
    if any(SEPARATOR in item for item in texts):
        message = f"An item of the list holds “{SEPARATOR}”, which parts items. Remove it."
        return FlatValue(column, text, DefectCode.NESTED_VALUE, message)
    return FlatValue(column, text)


def _named(item: Any) -> tuple[str, Any] | None:
    """Name, with its unit, and value of an object that holds just those."""
    if not isinstance(item, tuple):
        return None
    found = dict(item)
    name, unit = found.pop("name", None), found.pop("unit", None)
    value = found.pop("value", None)
    if found or not isinstance(name, str) or not isinstance(unit, str | None):
        return None
    return with_unit(plain_header(name), unit), value


def with_unit(name: str, unit: str | None) -> str:
    return f"{name}({unit})" if unit else name


def _column(path: tuple[str, ...]) -> str:
    first, *inner = path
    if not inner:
        return first
    word = _WORDS.get("".join(first.replace("_", " ").split()).casefold(), first)
    return f" {SEPARATOR} ".join([word, *inner])


def _too_nested(path: tuple[str, ...], value: Any, what: str) -> FlatValue:
    message = f"The value under “{_column(path)}” does not fit into one cell. {what}."
    return FlatValue(_column(path), glimpse(value), DefectCode.NESTED_VALUE, message)


def glimpse(value: Any) -> str:
    """What to show of a value of any size and depth."""
    if isinstance(value, tuple):
        return "{" + ", ".join(f"{key}: …" for key, _ in value[:_SHOWN_KEYS]) + "}"
    if isinstance(value, list):
        return f"[{glimpse(value[0])}, …]" if value and isinstance(value[0], tuple) else "[…]"
    text = scalar_text(value)
    return str(value) if text is None else text
