"""Collecting garbage less often while batches make and drop many short-lived objects."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: Objects between two collections of the youngest generation; Python's own default is 700.
_THRESHOLD = 100_000


@contextmanager
def rare_collections() -> Iterator[None]:
    """Rows hold no cycles, so that looking for some among them every 700 objects is idle work."""
    usual = gc.get_threshold()
    gc.set_threshold(_THRESHOLD, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
