"""PixelAPI: one operation on one photo, its result kept there for a day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Final

from django.utils import timezone

from imagery.providers.dialect import CannotSay, reference_address, require_free_names
from imagery.providers.documents import json_body, text_of, usage_of, web_address
from imagery.providers.http import HttpAnswer, HttpRequest
from imagery.providers.outcomes import Delivery
from imagery.providers.protocol import Capabilities, DeliveredImage, ImageRequest, Operation

_OPERATIONS: Final = {
    Operation.REMOVE_BACKGROUND: "remove-bg",
    Operation.UPSCALE: "upscale",
    Operation.REPLACE_BACKGROUND: "replace-bg",
}
_OWN: Final = frozenset({"operation", "image_url", "prompt"})
_KEPT_FOR: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class PixelApi:
    """`scale` of an upscale is a parameter. It knows no models, sizes or qualities, and no
    idempotency key."""

    name: ClassVar[str] = "pixelapi"
    capabilities: ClassVar[Capabilities] = Capabilities(
        most_images=dict.fromkeys(_OPERATIONS, 1), needs_bytes=False, takes_url=True
    )
    now: Callable[[], datetime] = timezone.now

    def build(self, request: ImageRequest) -> HttpRequest:
        require_free_names(request.parameters, _OWN)
        address = reference_address(request)
        if address is None:
            raise CannotSay("reference_missing", "There is no photo to work on.")
        return HttpRequest(
            path="/edit",
            headers={"Content-Type": "application/json"},
            body=json_body(
                {
                    "operation": _OPERATIONS[request.operation],
                    "image_url": address,
                    "prompt": request.prompt or None,
                },
                request.parameters,
            ),
        )

    def read(self, document: Mapping[str, object], answer: HttpAnswer) -> Delivery:
        address = web_address(document.get("output_url"))
        images = (DeliveredImage(address, None, self.now() + _KEPT_FOR),) if address else ()
        return Delivery(
            images=images,
            request_id=text_of(document.get("id")) or answer.headers.get("x-request-id"),
            model_actual=None,
            usage=usage_of(document),
        )
