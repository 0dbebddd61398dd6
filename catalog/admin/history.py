"""The history of a product or variant in words: who changed what, when, and how it began."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.access import Person
from bulk_uploads.admin.upload_links import upload_url
from catalog.models import Action, Change, Product, Variant
from catalog.reading.actors import ActorNames, Deed, of_upload
from catalog.reading.field_names import FieldNames
from catalog.reading.provenance import changes_of, creation_of, provenance_of

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class FieldChange:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """`url` leads to the upload that did it, where one did that the viewer may see."""

    at: datetime
    who: str
    url: str | None
    what: str
    fields: list[FieldChange]


@dataclass(frozen=True, slots=True)
class History:
    """The queries lead to other pages of it, where there are any."""

    entries: list[HistoryEntry]
    newest_query: str | None
    older_query: str | None


def history_of(
    row: Product | Variant, *, viewer: Person, before: int | None = None, limit: int = PER_PAGE
) -> History:
    """Newest first. Up to six queries, whatever the number of changes."""
    changes = changes_of(row)
    if before is not None:
        changes = changes.filter(id__lt=before)
    page = list(changes.order_by("-id")[: limit + 1])
    shown, more = page[:limit], len(page) > limit
    entries = entries_from(row, shown, viewer=viewer)
    if not more and (begun := _creation(row, viewer=viewer)) is not None:
        entries.append(begun)
    return History(
        entries,
        newest_query=None if before is None else "",
        older_query=f"before={shown[-1].pk}" if more else None,
    )


def entries_from(
    row: Product | Variant, changes: Sequence[Change], *, viewer: Person
) -> list[HistoryEntry]:
    names = FieldNames.load(account_id=row.account_id, fields=_names(changes))
    actors = ActorNames.load(changes)
    return [
        HistoryEntry(
            at=change.at,
            who=actors.of(change),
            url=_source_url(row, change, viewer=viewer),
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


def _creation(row: Product | Variant, *, viewer: Person) -> HistoryEntry | None:
    """What a file creates has no change of its own: the ledger knows the row."""
    begun = creation_of(row)
    if begun is None or begun.upload_id is None:
        return None
    who = of_upload(begun.upload_id, begun.row)
    url = _source_url(row, begun, viewer=viewer)
    return HistoryEntry(begun.at, who, url, "created", [])


@dataclass(frozen=True, slots=True)
class FieldSource:
    """Where the value of a field comes from. `url` leads to the upload that set it, where one did
    that the viewer may see."""

    label: str
    who: str
    url: str | None
    at: datetime


def sources_of(row: Product | Variant, *, viewer: Person) -> list[FieldSource]:
    """A line for each field that has a value or was emptied, as people order them."""
    origins = provenance_of(row)
    names = FieldNames.load(account_id=row.account_id, fields=[found.field for found in origins])
    actors = ActorNames.load(found.origin for found in origins)
    return [
        FieldSource(
            label,
            actors.of(found.origin),
            _source_url(row, found.origin, viewer=viewer),
            found.origin.at,
        )
        for found in origins
        if (label := names.label(found.field))
    ]


def _source_url(row: Product | Variant, deed: Deed, *, viewer: Person) -> str | None:
    upload_id = deed.upload_id or deed.undo_of_id
    return upload_url(upload_id, viewer=viewer, account_id=row.account_id)
