"""What can be refused about a write to the catalog; one root for the room."""

from collections.abc import Mapping, Sequence


class CatalogError(Exception):
    """Root of the room's errors."""


class EditRejected(CatalogError):
    """Nothing was written. `errors` are messages by field."""

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        super().__init__("; ".join(f"{name}: {' '.join(texts)}" for name, texts in errors.items()))
        self.errors = {name: list(texts) for name, texts in errors.items()}
