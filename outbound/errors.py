"""Why something was not fetched, and whether trying again can help."""

from datetime import timedelta
from typing import ClassVar


class OutboundError(Exception):
    """The root of this room's errors: a stable `code`, and the reason for a person to read."""

    is_permanent: ClassVar[bool] = True

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Refused(OutboundError):
    """We will not ask this address, or it will not answer: the same again would end the same."""


class TooLarge(Refused):
    """More bytes, or more pixels, than we take."""


class NotAPicture(Refused):
    """The bytes came, and are not a whole picture of a format we take."""


class NotNow(OutboundError):
    """It may be different later; `retry_after` is when the other side said to come again."""

    is_permanent: ClassVar[bool] = False

    def __init__(self, code: str, reason: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(code, reason)
        self.retry_after = retry_after
