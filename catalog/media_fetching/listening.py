"""Rooms above that want to know of pictures that were fetched, in the transaction that says so."""

from collections.abc import Callable, Collection

#: Takes the account's id and those of its assets. It is to write down that there is something to
#: do, not to do it: other pictures wait for it.
Listener = Callable[[int, Collection[int]], None]

_listeners: list[Listener] = []


def register(listener: Listener) -> None:
    """Rooms call it as they get ready."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(*, account_id: int, asset_ids: Collection[int]) -> None:
    if asset_ids:
        for listener in _listeners:
            listener(account_id, asset_ids)
