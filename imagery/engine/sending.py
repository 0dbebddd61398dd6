"""Letting a planned call go out: committed as sending, and only then over the wire."""

import logging
from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import transaction

from imagery.engine.asking import starting_from
from imagery.engine.assessing import ReadyCall
from imagery.errors import CallMustWait
from imagery.models import CallState, CallWant, ProviderCall, Want, WantState
from imagery.money import calls
from imagery.provenance.replaying import request_of
from imagery.providers.protocol import CallOutcome, OutcomeClass, Provider

logger = logging.getLogger(__name__)


class NotWanted(Exception):
    """Everything the call was for has come from elsewhere meanwhile."""


@transaction.atomic
def begin(ready: ReadyCall, *, lease: timedelta) -> ProviderCall | CallMustWait:
    """The call, committed as sending once the transaction has; or why it must wait, which then
    stands on it.

    Its wants are locked first: what a late answer has satisfied is not bought again. Raises
    NotWanted if nothing is left to ask for, CallHasEnded if the call is not planned any more.
    """
    wants = Want.objects.filter(call_wants__call=ready.call, call_wants__is_open=True)
    wanted = [
        pk
        for pk, state in wants.order_by("pk")
        .select_for_update(of=("self",))
        .values_list("pk", "state")
        if state == WantState.OPEN
    ]
    if not wanted:
        raise NotWanted
    call = starting_from(ready.call, ready.photo)
    if len(wanted) < call.images:
        CallWant.objects.filter(call=call).exclude(want_id__in=wanted).update(is_open=False)
        call.images = len(wanted)
        call.save(update_fields=["images"])
    try:
        return calls.begin(call=call, lease=lease)
    except CallMustWait as refusal:
        return refusal


@transaction.atomic
def refusal_now(call: ProviderCall, *, lease: timedelta) -> CallMustWait | None:
    """Why a planned call must wait, as of now, which then stands on it; None, having changed
    nothing, if it need not. Raises CallHasEnded if it is not planned any more.
    """
    try:
        calls.begin(call=call, lease=lease)
    except CallMustWait as refusal:
        return refusal
    transaction.set_rollback(True)
    return None


def send(call: ProviderCall, provider: Provider) -> CallOutcome:
    """Over the wire, in a thread: once, and never raising."""
    try:
        content = _content(call)
    except Exception as error:
        logger.exception("The photo of call %s could not be read", call.pk)
        reason = f"Our storage did not give the photo: {type(error).__name__}."
        return CallOutcome(OutcomeClass.NOT_SENT, code="photo_unreadable", message=reason)
    try:
        return provider.send(request_of(call, content=content))
    except Exception as error:
        logger.exception("Call %s broke on our side", call.pk)
        reason = f"Something went wrong on our side: {type(error).__name__}."
        return CallOutcome(OutcomeClass.UNKNOWN, code="unexpected_error", message=reason)


def _content(call: ProviderCall) -> bytes | None:
    if not call.reference_path:
        return None
    with default_storage.open(call.reference_path) as file:
        content: bytes = file.read()
    return content


def put_off(call_ids: list[int], refusal: CallMustWait) -> None:
    """The same for calls that would meet the same refusal, without trying each."""
    ProviderCall.objects.filter(pk__in=call_ids, state=CallState.PLANNED).update(
        waits_for=refusal.reason, due_at=refusal.until
    )
