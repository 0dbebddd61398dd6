"""What can go wrong with leased work."""


class JobError(Exception):
    """The root of this room's errors."""


class ClaimLost(JobError):
    """The job went to another worker: stop, and write nothing more."""


class UnknownKind(JobError):
    """No handler is registered for this kind of follow-up."""
