"""The changes of one pincode in words: which file's row changed what, and when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from delivery.importing.preview import in_words, label_of
from delivery.models import PincodeAction, PincodeChange, ServiceablePincode

#: Changes shown on a pincode's page.
SHOWN = 25


@dataclass(frozen=True, slots=True)
class FieldInWords:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangeInWords:
    at: datetime
    who: str
    url: str | None
    what: str
    fields: Sequence[FieldInWords]


def changes_of(row: ServiceablePincode) -> Sequence[ChangeInWords]:
    """The newest first. One query."""
    found = PincodeChange.objects.filter(object_id=row.pk).order_by("-id")[:SHOWN]
    return [_in_words(change) for change in found]


def _in_words(change: PincodeChange) -> ChangeInWords:
    upload_id = change.upload_id or change.undo_of_id
    url = reverse("admin:bulk_uploads_bulkupload_change", args=[upload_id]) if upload_id else None
    what = PincodeAction(change.action).label
    return ChangeInWords(change.at, _who(change), url, what, list(_fields(change)))


def _fields(change: PincodeChange) -> Iterator[FieldInWords]:
    for name, (before, after) in (change.fields or {}).items():
        yield FieldInWords(label_of(name), in_words(before), in_words(after))


def _who(change: PincodeChange) -> str:
    if change.undo_of_id is not None:
        return f"Undo of upload {change.undo_of_id}"
    row = f", row {change.row:,}" if change.row else ""
    return f"Upload {change.upload_id}{row}"
