"""Something that is done at the same time, on a connection of its own."""

import threading
from collections.abc import Callable
from typing import Final

import pytest
from django.db import connection

#: Tests of row locks: SQLite has one writer at a time.
needs_row_locks: Final = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="one transaction at a time writes at all"
)


class Meanwhile:
    """Begins at once. What it raises is raised by `end`."""

    def __init__(self, act: Callable[[], object]) -> None:
        self._act = act
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def has_to_wait(self) -> bool:
        """Whether it is held up by what we have locked."""
        self._thread.join(timeout=0.5)
        return self._thread.is_alive()

    def end(self) -> None:
        self._thread.join(timeout=30)
        assert not self._thread.is_alive(), "it does not end"
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        try:
            self._act()
        except Exception as error:
            self._failure = error
        finally:
            connection.close()
