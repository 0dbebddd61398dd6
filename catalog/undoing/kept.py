"""What an undo leaves as it is, and the words for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bulk_uploads.undoers import KeptRow
from catalog.reading.actors import ActorNames
from catalog.reading.field_names import FieldNames
from catalog.undoing.later_changes import WHOLE, LaterChange


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a field stays, or (WHOLE) the object. `by` is the change that stands against it."""

    field: str
    code: str
    by: LaterChange | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """`key` is a SKU or a product key; `row` the row of the file that wrote it."""

    row: int | None
    key: str
    reasons: Sequence[Reason]


def changed_since(fields: Iterable[tuple[str, LaterChange]]) -> list[Reason]:
    """A reason for each field; a removal stands against the whole."""
    return [
        Reason(name, "deleted_since" if name == WHOLE else "changed_since", by=change)
        for name, change in fields
    ]


def in_words(account_id: int, kept: Sequence[Kept]) -> list[KeptRow]:
    """Up to five queries, none where nothing is kept."""
    if not kept:
        return []
    reasons = [reason for item in kept for reason in item.reasons]
    names = FieldNames.load(account_id=account_id, fields=[reason.field for reason in reasons])
    actors = ActorNames.load(reason.by for reason in reasons if reason.by is not None)
    return [_row(item, names, actors) for item in kept]


def _row(item: Kept, names: FieldNames, actors: ActorNames) -> KeptRow:
    labels = [label for reason in item.reasons if (label := _label(reason, names))]
    return KeptRow(
        row=item.row,
        key=item.key,
        column=", ".join(dict.fromkeys(labels)),
        reason_code=item.reasons[0].code,
        message=" ".join(_sentences(item.reasons, names, actors)),
    )


def _label(reason: Reason, names: FieldNames) -> str:
    return "" if reason.field == WHOLE else names.label(reason.field)


def _sentences(reasons: Sequence[Reason], names: FieldNames, actors: ActorNames) -> Iterable[str]:
    """One for all that the same change stands against, one for each other reason."""
    by_change: dict[int, list[Reason]] = {}
    for reason in reasons:
        if reason.by is not None:
            by_change.setdefault(reason.by.id, []).append(reason)
    for group in by_change.values():
        what = ", ".join(label for reason in group if (label := _label(reason, names)))
        by = group[0].by
        if by is not None:
            verb = "Deleted" if group[0].code == "deleted_since" else "Changed"
            subject = f"{what}: c{verb[1:]}" if what else verb
            yield f"{subject} since by {actors.of(by)}, {by.at:%-d %b %Y %H:%M} UTC."
    yield from dict.fromkeys(reason.detail for reason in reasons if reason.detail)
