"""Why a decision is refused; nothing was changed then."""

from imagery.errors import ImageryError
from imagery.models import ReviewDecision


class ReviewError(ImageryError):
    """Root of the refusals. `code` is stable."""

    code = "review_refused"


class AlreadyDecided(ReviewError):
    """Somebody else was quicker; `by` is what they decided, None if the image merely changed."""

    code = "already_decided"

    def __init__(self, message: str, *, by: ReviewDecision | None) -> None:
        super().__init__(message)
        self.by = by


class NotReviewable(ReviewError):
    """A placeholder, or a picture made on the way to another one."""

    code = "not_reviewable"


class OtherBytes(ReviewError):
    """The bytes that were looked at are not those that are stored."""

    code = "other_bytes"


class InOtherHands(ReviewError):
    """Another reviewer looks at the SKU, or it is assigned to one."""

    code = "in_other_hands"


class CannotUndo(ReviewError):
    """The decision is not the newest any more, or was taken back before."""

    code = "cannot_undo"
