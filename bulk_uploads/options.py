"""The options of an upload: checked where it is created, trusted afterwards."""

from collections.abc import Callable, Mapping
from typing import Any

from accounts.models import Account
from bulk_uploads.added_options import added_to
from bulk_uploads.errors import InvalidMapping, InvalidOptions
from bulk_uploads.layouts import NO_LAYOUT
from bulk_uploads.mappings import clean_mapping
from bulk_uploads.processors import Processor

Check = Callable[[object], str | None]

# Excel allows 31; other programs are more generous.
_LONGEST_SHEET_NAME = 255


def clean_options(
    *,
    processor: Processor,
    given: Mapping[str, object] | None,
    account: Account | None = None,
) -> dict[str, Any]:
    """The options, the mapping in plain form. Raises InvalidOptions with every problem at once.

    What rooms above add to the processor's options is checked for the account, and unknown
    without one.
    """
    if given is None:
        return {}
    errors: dict[str, list[str]] = {}
    cleaned = dict(given)
    added = added_to(processor.name) if account is not None else {}
    for name, value in given.items():
        if account is not None and name in added:
            if problem := added[name].problem_with(account, value):
                errors[name] = [problem]
        elif name not in processor.options:
            known = ", ".join(sorted(processor.options | added.keys())) or "none"
            errors[name] = [f"is not an option of {processor.name}. Its options are: {known}."]
        elif name == "mapping":
            try:
                cleaned[name] = clean_mapping(processor=processor, given=value)
            except InvalidMapping as error:
                errors[name] = error.messages
        elif problem := _CHECKS[name](value):
            errors[name] = [problem]
    if errors:
        raise InvalidOptions(errors)
    return cleaned


def _boolean(value: object) -> str | None:
    return None if isinstance(value, bool) else "must be true or false."


def _one_of(*choices: str) -> Check:
    def check(value: object) -> str | None:
        return None if value in choices else f"must be one of: {', '.join(choices)}."

    return check


def _sheet(value: object) -> str | None:
    if not isinstance(value, str) or not value.strip():
        return "must be the name of one of the workbook's sheets."
    return "has more than 255 characters." if len(value) > _LONGEST_SHEET_NAME else None


def _percentage(value: object) -> str | None:
    is_one = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100
    return None if is_one else "must be a whole number from 0 to 100, in percent."


_CHECKS: dict[str, Check] = {
    "dry_run": _boolean,
    "update_existing": _boolean,
    "decimal_comma": _boolean,
    "on_error": _one_of("skip_rows", "abort"),
    "blank_cells": _one_of("keep", "clear"),
    "layout": _one_of("auto", NO_LAYOUT),
    "absent": _one_of("keep", "deactivate"),
    "absent_share": _percentage,
    "mode": _one_of("set", "adjust"),
    "replace": _boolean,
    "sheet": _sheet,
}

#: In percent, of what a full feed should name: more than that is not deactivated unless allowed.
USUAL_ABSENT_SHARE = 20
#: Options of how the file is read: any processor has them.
READING_OPTIONS = frozenset({"sheet"})
#: Options that the engine itself understands, for any processor that writes.
ENGINE_OPTIONS = READING_OPTIONS | {"dry_run", "on_error"}

#: What is said of a file as a whole, and makes no sense for a part of its rows.
_WHOLE_FILE = frozenset({"absent", "absent_share", "dry_run", "replace", "strict"})


def options_for_rows_left(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of an upload for another one of some rows of the same file."""
    return {name: value for name, value in options.items() if name not in _WHOLE_FILE}


def options_for_part(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of an upload for another one of some of its rows, in a file of their own."""
    left = options_for_rows_left(options)
    return {name: value for name, value in left.items() if name not in READING_OPTIONS}
