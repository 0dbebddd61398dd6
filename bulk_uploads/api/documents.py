"""Uploads, their issues and their rows as the API shows them: from `.values()` to documents."""

from collections.abc import Mapping
from typing import Any, Final

from bulk_uploads.foretelling import Foretold
from bulk_uploads.models import Outcome
from bulk_uploads.preview_notes import MOST_NAMES, Jump, PreviewNotes, by_row

Document = dict[str, Any]

_UNDO_COLUMNS: Final = (
    "undo__status",
    "undo__progress",
    "undo__restored",
    "undo__removed",
    "undo__kept",
    "undo__code",
    "undo__message",
    "undo__created_at",
    "undo__ended_at",
)
UPLOAD_COLUMNS: Final = (
    "uuid",
    "started_at",
    "ended_at",
    "progress",
    "status",
    "output",
    "extradata",
    "account__uuid",
    "created_at",
    "updated_at",
    "options",
    "processor_name",
    "file__uuid",
    "file__key",
    "file__content_type",
    "file__byte_size",
    "parent__uuid",
    "relation",
    *_UNDO_COLUMNS,
)
KEPT_COLUMNS: Final = ("row", "key", "column", "reason_code", "message")
ISSUE_COLUMNS: Final = ("row", "column", "value", "level", "code", "message", "resolved_by")
RESULT_COLUMNS: Final = ("row", "key", "outcome")
DIFFERENCE_COLUMNS: Final = ("row", "key", "outcome", "expected_key", "expected_outcome")
_OUTCOMES: Final = {outcome.value: outcome.label for outcome in Outcome}


def upload_document(row: Mapping[str, Any], *, file_url: str) -> Document:
    return {
        "id": row["uuid"],
        "started_at": row["started_at"],
        "ended_at": row["ended_at"],
        "progress": row["progress"],
        "status": row["status"],
        "output": row["output"],
        "extradata": _extradata(row),
        "account_id": row["account__uuid"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "input": row["options"] or None,
        "processor_name": row["processor_name"],
        "file": {
            "id": row["file__uuid"],
            "key": row["file__key"],
            "content_type": row["file__content_type"],
            "byte_size": row["file__byte_size"],
            "url": file_url,
        },
    }


def _extradata(row: Mapping[str, Any]) -> Document | None:
    """What was found out about the file; whose rows it goes on with; how its undo stands."""
    found: Document = dict(row["extradata"] or {})
    if row["parent__uuid"]:
        found |= {"parent_id": row["parent__uuid"], "relation": row["relation"]}
    if row["undo__status"] is not None:
        undo = {name.removeprefix("undo__"): row[name] for name in _UNDO_COLUMNS}
        found["undo"] = undo | {name: undo[name] or None for name in ("code", "message")}
    return found or None


def kept_document(row: Mapping[str, Any]) -> Document:
    """One that was kept as a whole has no column."""
    return {**row, "column": row["column"] or None}


def issue_document(row: Mapping[str, Any]) -> Document:
    """An issue that is about no cell has neither column nor value; a blank cell's value is ""."""
    column = row["column"] or None
    return {
        **row,
        "column": column,
        "value": row["value"] if column else row["value"] or None,
        "resolved": row["resolved_by"] is not None,
    }


def result_document(row: Mapping[str, Any]) -> Document:
    return {**row, "outcome": _OUTCOMES[row["outcome"]]}


def difference_document(row: Mapping[str, Any]) -> Document:
    expected = row["expected_outcome"]
    return {
        **row,
        "outcome": _OUTCOMES[row["outcome"]],
        "expected_outcome": None if expected is None else _OUTCOMES[expected],
    }


def preview_document(notes: PreviewNotes, foretold: Mapping[str, Foretold]) -> Document:
    """Beside the notes, what rooms above foretell, by their names."""
    return {
        "changed_fields": [
            {"field": changed.name, "of": changed.noun, "count": count}
            for changed, count in notes.most_changed()
        ],
        "sample": [
            {
                "row": change.row,
                "key": change.key,
                "changes": [each._asdict() for each in change.fields],
                "more": change.more,
            }
            for change in by_row(notes.sample)
        ],
        "jumps": {
            "rule": notes.rule,
            "count": notes.jump_count,
            "largest": [_jump_document(jump) for jump in notes.jumps],
        },
        "new_names": [
            {"kind": kind, "names": list(names[:MOST_NAMES]), "more": len(names) > MOST_NAMES}
            for kind, names in notes.new_names.items()
        ],
        "foretold": {name: told.document for name, told in foretold.items()},
    }


def _jump_document(jump: Jump) -> Document:
    document = jump._asdict()
    del document["object_id"]
    return document
