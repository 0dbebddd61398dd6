"""`/hooks/{account}/{endpoint}`: where a shop or PIM announces products, signed."""

import uuid
from typing import Final

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from imagery.errors import InvalidAnnouncement, SignatureRejected
from imagery.hooks.announcements import read_announcement
from imagery.hooks.signatures import check_signature
from imagery.hooks.taking import take
from imagery.models import HookEndpoint
from jobs import clock
from platform_api.envelope import Fault, success
from platform_api.errors import ApiError, NotFound, TooLarge, Unprocessable
from platform_api.rate import count_request
from platform_api.schemas import Success, documented

#: Bytes of a body. Far above 500 products with all that is read of them.
MOST_BYTES: Final = 1024 * 1024

router = Router(auth=None)


class TakenOut(Schema):
    id: str = Field(description="The announcement's webhook-id.", examples=["msg_2KWPBgLlAfxd"])
    event: str = Field(examples=["product.updated"])
    products: int = Field(description="How many will be looked at; 0 of events left alone.")
    repeated: bool = Field(description="Whether it had been taken before.")


_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"type": "object", "required": ["type", "data"]},
                "example": {
                    "type": "product.updated",
                    "timestamp": "2026-03-15T09:00:00Z",
                    "data": {
                        "products": [
                            {
                                "sku": "SKU-1001",
                                "title": "Minimalist ceramic mug",
                                "image_url": "https://cdn.example.com/mug.png",
                                "brand": "Northline",
                                "style_tags": ["studio lighting"],
                            }
                        ]
                    },
                },
            }
        },
    }
}


@router.post(
    "/hooks/{uuid:account}/{uuid:endpoint}",
    response=documented(
        Success[TakenOut], status=202, failures=(400, 401, 404, 411, 413, 422, 429)
    ),
    operation_id="receive_hook",
    openapi_extra=_BODY,
)
def receive_hook(request: HttpRequest, account: uuid.UUID, endpoint: uuid.UUID) -> HttpResponse:
    """Announce products that were created or changed: their images are made by the webhook's
    recipe, within its own cap.

    Signed as Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`), at most
    five minutes ago. `data` is one product, `{"products": [...]}` or `{"skus": [...]}`; events
    other than `product.` and `variant.created` and `.updated` are taken and left alone. An id that
    was taken before is answered 200, and nothing happens again.
    """
    body = _bounded_body(request)
    found = (
        HookEndpoint.objects.select_related("account")
        .filter(uuid=endpoint, account__uuid=account, disabled_at=None)
        .first()
    )
    if found is None:
        raise NotFound("endpoint", "There is no webhook at this address, or it is switched off")
    try:
        webhook_id = check_signature(
            endpoint=found, headers=request.headers, body=body, at=clock.now()
        )
    except SignatureRejected as refusal:
        raise ApiError(401, refusal.header, refusal.message) from refusal
    count_request(f"hook:{found.pk}")
    try:
        announcement = read_announcement(body)
    except InvalidAnnouncement as refusal:
        faults = [Fault(name, tuple(messages)) for name, messages in refusal.errors.items()]
        raise Unprocessable.of(faults) from refusal
    taken = take(endpoint=found, webhook_id=webhook_id, announcement=announcement)
    document = {
        "id": webhook_id,
        "event": taken.delivery.event,
        "products": taken.delivery.product_count,
        "repeated": not taken.is_new,
    }
    return success(document, status=202 if taken.is_new else 200)


def _bounded_body(request: HttpRequest) -> bytes:
    """Only what Content-Length announces is ever read; without it, a body would seem empty."""
    announced = request.META.get("CONTENT_LENGTH") or ""
    if not announced and "Transfer-Encoding" in request.headers:
        raise ApiError(411, "content_length", "Send the body in one piece, not in chunks")
    if announced.isdigit() and int(announced) > MOST_BYTES:
        raise TooLarge("body", f"Must have at most {MOST_BYTES} bytes")
    return request.body
