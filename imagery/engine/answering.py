"""What is written the moment an answer is there, before what it delivered is fetched."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from imagery.engine import picture_rows
from imagery.engine.lines import Answered
from imagery.models import CallState, ProviderCall
from jobs import clock


@transaction.atomic
def note_answers(answers: Sequence[Answered], *, lease: timedelta) -> None:
    """The calls give their slots back; the addresses they brought are safe, whatever happens to us.

    Whoever finds the worker dead after its lease fetches them.
    """
    at = clock.now()
    for one in answers:
        outcome = one.outcome
        ProviderCall.objects.filter(pk=one.call.pk, state=CallState.SENDING).update(
            answered_at=at,
            request_id=(outcome.request_id or "")[:200],
            model_actual=(outcome.model_actual or "")[:100],
            http_status=outcome.http_status,
        )
        if any(image.url is not None for image in outcome.images):
            picture_rows.note_addresses(one.call, outcome.images, at=at, after=2 * lease)
