"""Secrets the application made for itself, each in a file that only its owner can read."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def read_or_make(path: Path, make: Callable[[], str]) -> str:
    """The secret in the file; made and kept if there is none. Raises OSError.

    The file is linked into place complete: nobody ever reads half a secret, and of two
    processes starting together one wins.
    """
    if not path.exists():
        draft = _written_draft(path, make())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def replace(path: Path, secret: str) -> None:
    """Keep this secret instead of whatever the file held. Raises OSError."""
    _written_draft(path, secret).replace(path)


def _written_draft(path: Path, secret: str) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{secret}\n")
        file.flush()
        os.fsync(file.fileno())
    return draft
