"""CreativeAI: images generated after a prompt and, if there is one, a source photo's address."""

from collections.abc import Mapping
from typing import Final

from imagery.providers.dialect import CannotSay, reference_address, require_free_names
from imagery.providers.documents import delivered_images, json_body, text_of, usage_of
from imagery.providers.http import HttpAnswer, HttpRequest
from imagery.providers.outcomes import Delivery
from imagery.providers.protocol import Capabilities, ImageRequest, Operation

_OWN: Final = frozenset(
    {"model", "prompt", "image_url", "size", "quality", "n", "response_format", "stream"}
)


class CreativeAi:
    """`n` is 1..4 a call. An Idempotency-Key is sent, and nothing relies on it."""

    name: Final = "creativeai"
    capabilities: Final = Capabilities(
        most_images={Operation.GENERATE: 4, Operation.EDIT: 4}, needs_bytes=False, takes_url=True
    )

    def build(self, request: ImageRequest) -> HttpRequest:
        require_free_names(request.parameters, _OWN)
        if not request.model:
            raise CannotSay("model_missing", "It has several models: name one.")
        address = reference_address(request)
        if request.operation is Operation.EDIT and address is None:
            raise CannotSay("reference_missing", "There is no photo to edit.")
        return HttpRequest(
            path="/images/generations",
            headers={
                "Content-Type": "application/json",
                "Idempotency-Key": request.idempotency_key,
            },
            body=json_body(
                {
                    "model": request.model,
                    "prompt": request.prompt,
                    "image_url": address,
                    "size": request.size,
                    "quality": request.quality,
                    "n": request.images,
                },
                request.parameters,
            ),
        )

    def read(self, document: Mapping[str, object], answer: HttpAnswer) -> Delivery:
        return Delivery(
            images=delivered_images(document),
            request_id=text_of(document.get("id")) or answer.headers.get("x-request-id"),
            model_actual=text_of(document.get("model_actual")),
            usage=usage_of(document),
        )
