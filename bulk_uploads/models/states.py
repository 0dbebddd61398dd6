"""The closed sets of a bulk upload: status, phase of its work, and what became of a row."""

from django.db import models


class Status(models.TextChoices):
    """Only moves draft -> in_progress -> success | failure; the last two are final."""

    DRAFT = "draft", "Waiting"
    IN_PROGRESS = "in_progress", "In progress"
    SUCCESS = "success", "Success"
    FAILURE = "failure", "Failure"


ENDED = frozenset({Status.SUCCESS, Status.FAILURE})


class Phase(models.TextChoices):
    """What an upload in progress is busy with."""

    READING = "reading", "Reading the file"
    CHECKING = "checking", "Checking every row"
    APPLYING = "applying", "Applying rows"
    FINISHING = "finishing", "Finishing"
    UNDOING = "undoing", "Taking back what was applied"


class Relation(models.TextChoices):
    """What an upload is to its parent. All but the first go on with the parent's line."""

    RUN = "run", "Import of a dry run"
    CORRECTION = "correction", "Correction"
    RETRY = "retry", "Retry"
    FIX = "fix", "Fix"


class Outcome(models.IntegerChoices):
    """What became of one row of the file, judged by stored values."""

    CREATED = 1, "created"
    UPDATED = 2, "updated"
    UNCHANGED = 3, "unchanged"
    MERGED = 4, "merged"
    FAILED = 5, "failed"


class Level(models.TextChoices):
    """An error fails its row; a warning does not."""

    ERROR = "error", "Error"
    WARNING = "warning", "Warning"
