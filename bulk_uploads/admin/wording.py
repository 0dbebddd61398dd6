"""How a bulk upload is put into words and colours, the same on every page."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bulk_uploads.added_options import added_option
from bulk_uploads.errors import UnknownProcessor
from bulk_uploads.models import BulkUpload, Status, UploadUndo
from bulk_uploads.processors import processor_named


@dataclass(frozen=True, slots=True)
class Badge:
    """`colour` is one of unfold's label variants."""

    word: str
    colour: str


def status_badge(upload: BulkUpload) -> Badge:
    """Needs `undo` among what is selected with uploads of a list."""
    if _is_undone(upload):
        return Badge("Undone", "default")
    if upload.status == Status.FAILURE:
        cancelled = (upload.output or {}).get("code") == "cancelled"
        return Badge("Cancelled", "default") if cancelled else Badge("Failure", "danger")
    if upload.status == Status.SUCCESS:
        return _success(upload)
    if upload.cancel_requested_at is not None:
        return Badge("Stopping", "warning")
    return Badge("In progress", "info") if upload.started_at else Badge("Waiting", "default")


def _is_undone(upload: BulkUpload) -> bool:
    """Whether people had it taken back; what an upload does to itself is its own failure."""
    undo: UploadUndo | None = getattr(upload, "undo", None)
    return undo is not None and not undo.is_automatic and undo.status == Status.SUCCESS


def _success(upload: BulkUpload) -> Badge:
    if upload.failed_rows:
        return Badge("Success, some rows failed", "warning")
    return Badge("Success", "success")


def processor_label(name: str) -> str:
    """Also for an upload whose processor this installation no longer has."""
    try:
        return processor_named(name).label
    except UnknownProcessor:
        return name.removesuffix("_processor").replace("_", " ").capitalize()


_OPTIONS: Mapping[tuple[str, object], str] = {
    ("dry_run", True): "Dry run: every row is checked, nothing is written",
    ("update_existing", True): "What exists already is updated",
    ("update_existing", False): "Rows of what exists already are refused",
    ("on_error", "skip_rows"): "Rows that cannot be taken are left out",
    ("on_error", "abort"): "All or nothing: one row that cannot be taken stops the upload",
    ("blank_cells", "keep"): "A blank cell keeps the stored value",
    ("blank_cells", "clear"): "A blank cell empties the stored value",
    ("decimal_comma", True): "Numbers are written with a decimal comma",
    ("mode", "set"): "Quantities are what lies there now",
    ("mode", "adjust"): "Quantities are added to what lies there",
    ("replace", True): "What the file does not name is no longer served",
    ("layout", "none"): "Columns are taken as their headers say, whatever shop they come from",
    ("absent", "keep"): "What the file does not name stays as it is",
    ("absent", "deactivate"): "What the file does not name is deactivated",
    ("strict", True): "Stops before rows that come out otherwise than in the preview",
}
#: What holds where nothing was said, for the options of which people want to be reminded.
_UNSAID = {
    "update_existing": True,
    "on_error": "skip_rows",
    "blank_cells": "keep",
    "mode": "set",
}


def options_in_words(upload: BulkUpload) -> list[str]:
    try:
        understood = processor_named(upload.processor_name).options
    except UnknownProcessor:
        understood = frozenset(upload.options)
    return options_understood(understood, upload.options)


def options_understood(understood: Collection[str], options: Mapping[str, Any]) -> list[str]:
    """The options in words, those of which people want to be reminded also where unsaid."""
    unsaid = {name: value for name, value in _UNSAID.items() if name in understood}
    return list(_in_words({**unsaid, **options}))


def _in_words(options: Mapping[str, Any]) -> Iterator[str]:
    for name, value in options.items():
        if name == "mapping":
            yield "Columns are read by a mapping"
        elif name == "sheet":
            yield f"Sheet “{value}” of the workbook is read"
        elif (added := added_option(name)) is not None:
            yield added.in_words(value)
        elif name == "absent_share":
            yield f"At most {value} % of what the file should name is deactivated"
        elif text := _OPTIONS.get((name, value)):
            yield text


def uploader(upload: BulkUpload) -> str:
    """Who gave the file: a person or the program that holds a token.

    The shell signs nobody in, and of people who were deleted nothing is kept.
    """
    if upload.created_by is not None:
        return upload.created_by.get_full_name() or upload.created_by.get_username()
    if upload.token is not None:
        return f"{upload.token.name} (API token)"
    return "Command line, or somebody who left"


_FILE_FACTS = {
    "format": "Format",
    "sheet": "Sheet",
    "encoding": "Encoding",
    "delimiter": "Columns separated by",
}
_SIGNS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}


def file_facts(upload: BulkUpload) -> list[tuple[str, str]]:
    """What was found out about the file's bytes, for the collapsed section."""
    found = upload.extradata or {}
    return [
        (label, _SIGNS.get(str(found[name]), str(found[name])))
        for name, label in _FILE_FACTS.items()
        if found.get(name)
    ]
