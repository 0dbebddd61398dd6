"""A marketplace set as the answer to a request: streamed, and kept by nobody on the way."""

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from accounts.models import Account
from catalog.exporting import Selection
from imagery.marketplace_sets.archive import archive_chunks
from jobs import clock


def set_response(*, account: Account, selection: Selection, channel: str) -> StreamingHttpResponse:
    """Raises KeyError for an unknown channel."""
    at = clock.now()
    chunks = archive_chunks(selection, channel=channel, at=at)
    response = StreamingHttpResponse(chunks, content_type="application/zip")
    # A slug is plain text by its field, so that the name is safe in a header.
    name = f"{channel}-{account.slug}-{at:%Y-%m-%d}.zip"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    # Some proxies otherwise gather an answer before they pass any of it on.
    response["X-Accel-Buffering"] = "no"
    return response
