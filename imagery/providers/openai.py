"""OpenAI: images generated from a prompt, or edited from a photo sent along as bytes."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from imagery.providers.dialect import CannotSay, require_free_names
from imagery.providers.documents import delivered_images, json_body, text_of, usage_of
from imagery.providers.http import HttpAnswer, HttpRequest
from imagery.providers.outcomes import Delivery
from imagery.providers.protocol import Capabilities, ImageRequest, Operation, Reference

_OWN: Final = frozenset(
    {
        *("model", "prompt", "image", "image[]", "mask", "size", "quality", "n"),
        # These would change the shape of the answer.
        *("response_format", "stream", "partial_images"),
    }
)
#: What edits take (API reference, "Create image edit"), and how such a file is called.
_FILE_NAMES: Final = {
    "image/png": "reference.png",
    "image/jpeg": "reference.jpg",
    "image/webp": "reference.webp",
}


class OpenAi:
    """`n` is 1..10 a call. There is no idempotency key; the header sent instead names the call in
    OpenAI's logs, so that support can look up what became of it."""

    name: Final = "openai"
    capabilities: Final = Capabilities(
        most_images={Operation.GENERATE: 10, Operation.EDIT: 10}, needs_bytes=True, takes_url=False
    )

    def build(self, request: ImageRequest) -> HttpRequest:
        require_free_names(request.parameters, _OWN)
        if not request.model:
            raise CannotSay("model_missing", "It has several models: name one.")
        said = {
            "model": request.model,
            "prompt": request.prompt,
            "size": request.size,
            "quality": request.quality,
            "n": request.images,
        }
        if request.reference is not None:
            return _edit(request, said, request.reference)
        if request.operation is Operation.EDIT:
            raise CannotSay("reference_missing", "There is no photo to edit.")
        return HttpRequest(
            path="/images/generations",
            headers={
                "Content-Type": "application/json",
                "X-Client-Request-Id": request.idempotency_key,
            },
            body=json_body(said, request.parameters),
        )

    def read(self, document: Mapping[str, object], answer: HttpAnswer) -> Delivery:
        return Delivery(
            images=delivered_images(document),
            request_id=answer.headers.get("x-request-id"),
            model_actual=text_of(document.get("model")),
            usage=usage_of(document),
        )


def _edit(
    request: ImageRequest, said: Mapping[str, str | int | None], reference: Reference
) -> HttpRequest:
    if not reference.content:
        raise CannotSay("reference_needs_bytes", "It takes a source photo as bytes alone.")
    file_name = _FILE_NAMES.get(reference.content_type or "")
    if file_name is None:
        raise CannotSay("reference_format", "It takes source photos in PNG, JPEG and WebP alone.")
    fields = {name: _field(value) for name, value in said.items() if value is not None}
    fields |= {name: _field(value) for name, value in sorted(request.parameters.items())}
    # Of what is sent, so that the same request is the same bytes, and no photo can hold it.
    boundary = sha256(repr(fields).encode() + reference.content).hexdigest()
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
        for name, text in fields.items()
    ]
    photo = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="image[]"; filename="{file_name}"'
        f"\r\nContent-Type: {reference.content_type}\r\n\r\n"
    )
    return HttpRequest(
        path="/images/edits",
        headers={
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "X-Client-Request-Id": request.idempotency_key,
        },
        body=b"".join(
            [
                "".join([*parts, photo]).encode("utf-8", "replace"),
                reference.content,
                f"\r\n--{boundary}--\r\n".encode(),
            ]
        ),
    )


def _field(value: str | int | float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
