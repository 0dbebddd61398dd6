"""Why there is no rendition of a picture."""

from imagery.errors import ImageryError


class CannotBeRendered(ImageryError):
    """The picture cannot be used, now or later. `code` is stable, the message for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class StorageTooSlow(ImageryError):
    """The storage does not give a public file while somebody is willing to wait."""
