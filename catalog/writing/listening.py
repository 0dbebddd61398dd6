"""Rooms above that want to know of changes, in the transaction that writes them."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from catalog.models import Action, ObjectKind
from catalog.writing.context import WriteContext

if TYPE_CHECKING:
    from catalog.writing.changes import ChangeEntry

#: Takes the entries and, in the same order, the ids of their changes. It is to write down that
#: there is something to do, not to do it: edits and imports wait for it. What a file creates has
#: no changes (see `Change`).
Listener = Callable[
    [WriteContext, ObjectKind, Action, Sequence["ChangeEntry"], Sequence[int]], None
]

_listeners: list[Listener] = []


def register(listener: Listener) -> None:
    """Rooms call it as they get ready."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(
    context: WriteContext,
    kind: ObjectKind,
    action: Action,
    entries: Sequence["ChangeEntry"],
    ids: Sequence[int],
) -> None:
    for listener in _listeners:
        listener(context, kind, action, entries, ids)
