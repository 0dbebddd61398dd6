"""Calls whose worker was lost while they were out: what is known of how they ended."""

from imagery.engine.reactions import WORKER_LOST
from imagery.engine.settling import Ending
from imagery.models import GeneratedImage, ProviderCall, UnrescuedImage
from imagery.providers.delivery import CollectionFailure
from imagery.providers.protocol import CallOutcome, DeliveredImage, OutcomeClass
from imagery.providers.registry import NoProvider, provider_named

_MESSAGE = "The worker that had sent it was lost before the answer was kept."


def ending_of_lost(call: ProviderCall) -> Ending:
    """What was delivered counts: pictures kept already, or addresses noted when the answer came.

    Otherwise nobody knows, unless it was this machine's own work, which may simply be done again.
    """
    kept = GeneratedImage.objects.filter(call=call).order_by("position_in_call")
    addresses = UnrescuedImage.objects.filter(call=call, lost_at=None).order_by("position_in_call")
    images = [DeliveredImage(image.delivered_url, None, None) for image in kept]
    noted = [DeliveredImage(row.url, None, row.expires_at) for row in addresses]
    if images or noted:
        came = (*images, *noted)[: call.images]
        outcome = OutcomeClass.DELIVERED if len(came) == call.images else OutcomeClass.SHORT
        results = [_to_be_fetched(image) for image in noted] if not images else []
        return Ending(call.pk, _outcome(call, outcome, came), results)
    kind = OutcomeClass.NOT_SENT if _is_local(call.provider) else OutcomeClass.UNKNOWN
    return Ending(call.pk, _outcome(call, kind))


def _outcome(
    call: ProviderCall, kind: OutcomeClass, images: tuple[DeliveredImage, ...] = ()
) -> CallOutcome:
    is_known = bool(images)
    return CallOutcome(
        kind,
        images=images,
        request_id=call.request_id or None,
        model_actual=call.model_actual or None,
        http_status=call.http_status,
        code="" if is_known else WORKER_LOST,
        message="" if is_known else _MESSAGE,
    )


def _to_be_fetched(image: DeliveredImage) -> CollectionFailure:
    return CollectionFailure(image, WORKER_LOST, _MESSAGE, is_permanent=False)


def _is_local(provider: str) -> bool:
    try:
        return provider_named(provider).capabilities.is_local
    except NoProvider:
        return False
