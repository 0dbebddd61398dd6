"""What can be refused about imagery; one root for the room."""

from collections.abc import Mapping
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


class PlanningInterrupted(ImageryError):
    """Planning stood still for so long that another worker took it for dead; what was planned
    before stays."""


class SignatureRejected(ImageryError):
    """An announcement is not its sender's, or too old; `header` is the one at fault."""

    def __init__(self, header: str, message: str) -> None:
        super().__init__(f"{header}: {message}")
        self.header = header
        self.message = message


class InvalidAnnouncement(ImageryError):
    """An announcement names no products that can be worked with; `errors` by attribute."""

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        super().__init__("; ".join(f"{name}: {' '.join(said)}" for name, said in errors.items()))
        self.errors = dict(errors)
