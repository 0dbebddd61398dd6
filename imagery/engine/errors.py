"""What can be refused about image jobs."""

from imagery.errors import ImageryError


class JobHasEnded(ImageryError):
    """There is nothing left to cancel."""


class JobIsOpen(ImageryError):
    """The job has not ended yet; there is nothing to try again."""


class NothingFailed(ImageryError):
    """Every picture of the job is there."""


class OutcomeIsKnown(ImageryError):
    """The call is not of unknown outcome, or somebody has found out before."""
