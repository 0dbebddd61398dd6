"""Durations and codes in words, for the bulk uploads pages."""

from django import template

from bulk_uploads.models import BulkUpload

register = template.Library()


@register.filter
def in_words(seconds: float) -> str:
    """`75` is "1 min 15 s"; from ten minutes on, seconds no longer matter."""
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 10 and rest:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


@register.filter
def time_taken(upload: BulkUpload) -> str:
    """From start to end; "" for an upload that has not ended or was never started."""
    if upload.started_at is None or upload.ended_at is None:
        return ""
    return in_words((upload.ended_at - upload.started_at).total_seconds())


@register.filter
def words(code: str) -> str:
    """`invalid_number` is "invalid number"."""
    return code.replace("_", " ")
