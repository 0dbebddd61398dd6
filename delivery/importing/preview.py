"""What a dry run of a pincode file notes of what would change."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from bulk_uploads.preview_notes import (
    MOST_FIELDS_A_ROW,
    ChangedField,
    FieldChange,
    PreviewNotes,
    RowChange,
    cut,
    sampled,
)
from delivery.importing.rows import PincodeRow
from delivery.models import ServiceablePincode
from delivery.state import PincodeWrite

_LABELS = {
    field.attname: str(field.verbose_name) for field in ServiceablePincode._meta.concrete_fields
}


def notes_of(writes: Sequence[tuple[PincodeRow, PincodeWrite]]) -> PreviewNotes:
    updates = [(row, write) for row, write in writes if write.stored is not None]
    changed = Counter(name for _, write in updates for name in write.fields)
    return PreviewNotes(
        fields={ChangedField(label_of(name), "pincodes"): n for name, n in changed.items()},
        sample=sampled(_row_change(row, write) for row, write in updates),
    )


def _row_change(row: PincodeRow, write: PincodeWrite) -> RowChange:
    fields = [
        FieldChange(label_of(name), in_words(before), in_words(after))
        for name, (before, after) in write.fields.items()
    ]
    shown = tuple(fields[:MOST_FIELDS_A_ROW])
    object_id = write.stored.id if write.stored else None
    return RowChange(row.number, row.key or "", object_id, shown, len(fields) - len(shown))


def label_of(name: str) -> str:
    label = _LABELS[name]
    return label[:1].upper() + label[1:]


def in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else cut(str(value))
