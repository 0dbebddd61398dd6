"""The options of an upload: checked where it is created, trusted afterwards."""

from collections.abc import Callable, Mapping
from typing import Any

from bulk_uploads.errors import InvalidOptions
from bulk_uploads.layouts import NO_LAYOUT
from bulk_uploads.processors import Processor

Check = Callable[[object], str | None]


def clean_options(*, processor: Processor, given: Mapping[str, object] | None) -> dict[str, Any]:
    """The options as given. Raises InvalidOptions with every problem at once."""
    if given is None:
        return {}
    errors: dict[str, list[str]] = {}
    for name, value in given.items():
        if name not in processor.options:
            known = ", ".join(sorted(processor.options)) or "none"
            errors[name] = [f"is not an option of {processor.name}. Its options are: {known}."]
        elif problem := _CHECKS[name](value):
            errors[name] = [problem]
    if errors:
        raise InvalidOptions(errors)
    return dict(given)


def _boolean(value: object) -> str | None:
    return None if isinstance(value, bool) else "must be true or false."


def _one_of(*choices: str) -> Check:
    def check(value: object) -> str | None:
        return None if value in choices else f"must be one of: {', '.join(choices)}."

    return check


def _mapping(value: object) -> str | None:
    if not isinstance(value, dict) or not value:
        return "must be an object of file columns and the fields they become."
    if len(value) > 1000:
        return "has more than 1000 columns."
    if not all(isinstance(target, str) and target.strip() for target in value.values()):
        return "must name a field for each column, as text."
    targets = list(value.values())
    twice = sorted({target for target in targets if targets.count(target) > 1})
    if twice:
        return f"sends two columns to one field: {', '.join(twice)}."
    return None


_CHECKS: dict[str, Check] = {
    "dry_run": _boolean,
    "update_existing": _boolean,
    "decimal_comma": _boolean,
    "on_error": _one_of("skip_rows", "abort"),
    "blank_cells": _one_of("keep", "clear"),
    "absent": _one_of("keep"),
    "layout": _one_of("auto", NO_LAYOUT),
    "mapping": _mapping,
    "mode": _one_of("set", "adjust"),
    "replace": _boolean,
}

#: Options that the engine itself understands, for any processor that writes.
ENGINE_OPTIONS = frozenset({"dry_run", "on_error"})
