"""Everything that says how a generated image came to be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from imagery.models import GeneratedImage


@dataclass(frozen=True, slots=True)
class Trace:
    """`answer_time` is from sending to the answer. Costs are in micro-units of the budget's
    currency: the image's share, and the whole call's. What is not known is None or "".
    """

    image: str
    sku: str
    product_key: str
    role: str
    recipe: str
    recipe_version: int | None
    step: str
    prompt: str
    image_number: int | None
    redo_number: int
    operation: str
    provider: str
    model_asked: str
    model_actual: str
    request_id: str
    idempotency_key: str
    parameters: Mapping[str, str | int | float | bool]
    size: str
    quality: str
    images_asked: int | None
    attempt: int | None
    reference_url: str
    reference_sha256: str
    cost_micros: int
    call_cost_micros: int | None
    asked_at: datetime | None
    answered_at: datetime | None
    answer_time: timedelta | None
    kept_at: datetime
    sha256: str
    delivered_sha256: str
    content_type: str
    byte_size: int
    width: int
    height: int


def trace(image: GeneratedImage) -> Trace:
    """One query."""
    full = GeneratedImage.objects.select_related("want", "call__step__version__recipe").get(
        pk=image.pk
    )
    want, call = full.want, full.call
    step = call.step if call else None
    sent = call.sending_at if call else None
    answered = call.answered_at if call else None
    return Trace(
        image=str(full.uuid),
        sku=full.sku,
        product_key=full.product_key,
        role=full.role,
        recipe=step.version.recipe.name if step else "",
        recipe_version=step.version.number if step else None,
        step=step.name if step else "",
        prompt=call.prompt if call else "",
        image_number=want.image_number if want else None,
        redo_number=want.redo_number if want else 0,
        operation=call.operation if call else "",
        provider=call.provider if call else "",
        model_asked=call.model if call else "",
        model_actual=call.model_actual if call else "",
        request_id=call.request_id if call else "",
        idempotency_key=call.idempotency_key if call else "",
        parameters=call.parameters if call else {},
        size=call.size if call else "",
        quality=call.quality if call else "",
        images_asked=call.images if call else None,
        attempt=call.attempt if call else None,
        reference_url=call.reference_url if call else "",
        reference_sha256=full.reference_sha256,
        cost_micros=full.cost_micros,
        call_cost_micros=call.settled_micros if call else None,
        asked_at=sent,
        answered_at=answered,
        answer_time=answered - sent if answered and sent else None,
        kept_at=full.created_at,
        sha256=full.sha256,
        delivered_sha256=full.delivered_sha256,
        content_type=full.content_type,
        byte_size=full.byte_size,
        width=full.width,
        height=full.height,
    )
