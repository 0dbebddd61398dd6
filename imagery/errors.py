"""What can be refused about imagery; one root for the room."""

from datetime import datetime


class ImageryError(Exception):
    """Root of the room's errors."""


class CallMustWait(ImageryError):
    """A planned call cannot go out; nothing was reserved.

    `reason` is a value of `imagery.models.WaitsFor`; `until` the earliest moment at which asking
    again makes sense, None where something has to change first.
    """

    def __init__(self, reason: str, message: str, *, until: datetime | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.until = until


class CallHasEnded(ImageryError):
    """The money of the call was dealt with before; nothing was changed."""


class InvalidRequest(ImageryError):
    """Pictures were asked for in a way that makes no sense; nothing was planned."""
