"""Why the studio made no picture: a code for programs, a reason for people."""

from imagery.errors import ImageryError


class StudioError(ImageryError):
    """What the studio refuses. The same request would end the same way."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class UnusablePicture(StudioError):
    """Not a picture, a damaged one, or one of more pixels than are taken."""


class NotSeamless(StudioError):
    """What is behind the product is not one plain, evenly lit surface."""


class NoOutline(StudioError):
    """No product was found, or its outline is too doubtful to be cut along."""


class UnknownWish(StudioError):
    """A parameter, or an operation, that the studio does not know."""
