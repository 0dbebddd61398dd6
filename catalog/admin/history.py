"""The history of a product or variant in words: who changed what, when, and how it began."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from bulk_uploads.models import BulkUpload, RowResult
from catalog.models import Action, Change, ObjectKind, Product, Variant
from catalog.reading.field_names import FieldNames

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class FieldChange:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """`url` leads to the upload that did it, where one did."""

    at: datetime
    who: str
    url: str | None
    what: str
    fields: list[FieldChange]


@dataclass(frozen=True, slots=True)
class History:
    """`older_than` is the change id from which the next page goes on, None on the last."""

    entries: list[HistoryEntry]
    older_than: int | None


def history_of(
    row: Product | Variant, *, before: int | None = None, limit: int = PER_PAGE
) -> History:
    """Newest first. Up to six queries, whatever the number of changes."""
    changes = changes_of(row)
    if before is not None:
        changes = changes.filter(id__lt=before)
    page = list(changes.order_by("-id")[: limit + 1])
    shown, more = page[:limit], len(page) > limit
    entries = entries_from(row, shown)
    if not more and row.created_by_upload_id is not None:
        entries.append(_creation(row))
    return History(entries, shown[-1].pk if more else None)


def changes_of(row: Product | Variant) -> QuerySet[Change]:
    kind = ObjectKind.VARIANT if isinstance(row, Variant) else ObjectKind.PRODUCT
    return Change.objects.filter(
        account_id=row.account_id, kind=kind, object_id=row.pk
    ).select_related("user", "token")


def entries_from(row: Product | Variant, changes: Sequence[Change]) -> list[HistoryEntry]:
    names = FieldNames.load(account_id=row.account_id, fields=_names(changes))
    return [
        HistoryEntry(
            at=change.at,
            who=_who(change),
            url=_upload_url(change.upload_id),
            what=Action(change.action).label,
            fields=list(_field_changes(change, names)),
        )
        for change in changes
    ]


def _names(changes: Iterable[Change]) -> set[str]:
    return {
        name
        for change in changes
        if change.action == Action.UPDATED
        for name in change.fields or {}
    }


def _field_changes(change: Change, names: FieldNames) -> Iterable[FieldChange]:
    if change.action != Action.UPDATED:
        return
    for name, (before, after) in (change.fields or {}).items():
        label = names.label(name)
        if label:
            yield FieldChange(label, in_words(before), in_words(after))


def in_words(value: Any) -> str:
    """A stored value as a person reads it; "" for nothing."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return "" if value is None else str(value)


def _who(change: Change) -> str:
    if change.upload_id is not None:
        row = f", row {change.row:,}" if change.row else ""
        return f"Upload {change.upload_id}{row}"
    if change.user is not None:
        return change.user.get_full_name() or change.user.get_username()
    return f"{change.token.name} (API token)" if change.token is not None else "Somebody who left"


def _creation(row: Product | Variant) -> HistoryEntry:
    """What a file creates has no change of its own: the ledger knows the row."""
    number = None
    if isinstance(row, Variant):
        number = (
            RowResult.objects.filter(
                upload_id=row.created_by_upload_id, is_dry=False, key=row.sku, object_id=row.pk
            )
            .values_list("row", flat=True)
            .first()
        )
    who = f"Upload {row.created_by_upload_id}" + (f", row {number:,}" if number else "")
    return HistoryEntry(row.created_at, who, _upload_url(row.created_by_upload_id), "created", [])


def _upload_url(upload_id: int | None) -> str | None:
    if upload_id is None:
        return None
    return reverse(
        f"admin:{BulkUpload._meta.label_lower.replace('.', '_')}_change", args=[upload_id]
    )
