"""What can be refused about imagery; one root for the room."""

from datetime import datetime


class ImageryError(Exception):
    """Root of the room's errors."""


class CallMustWait(ImageryError):
    """A planned call cannot go out; nothing was reserved.

    `reason` is a value of `imagery.models.WaitsFor`; `until` the earliest moment at which asking
    again makes sense, None where something has to change first. `is_off`: nothing that costs money
    is to be bought at all, as opposed to nothing more.
    """

    def __init__(
        self, reason: str, message: str, *, until: datetime | None = None, is_off: bool = False
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.until = until
        self.is_off = is_off


class CallHasEnded(ImageryError):
    """The money of the call was dealt with before; nothing was changed."""


class InvalidRequest(ImageryError):
    """Pictures were asked for in a way that makes no sense; nothing was planned."""
