"""The one seam through which time enters."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """The present moment, in UTC and aware of it."""
    return timezone.now()
