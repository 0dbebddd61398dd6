"""The request that a call makes, built from nothing but its row: the first time, and ever after."""

from hashlib import sha256

from django.core.files.storage import default_storage

from imagery.errors import ImageryError
from imagery.models import ProviderCall
from imagery.providers.protocol import ImageRequest, Operation, Reference


class CannotReplay(ImageryError):
    """The bytes that were sent along are not there any more, or are not what they were."""


def request_of(call: ProviderCall, *, content: bytes | None = None) -> ImageRequest:
    """`content` are the bytes of the photo, where the provider takes bytes."""
    reference: Reference | None = None
    if call.reference_url or content is not None:
        reference = Reference(
            url=call.reference_url or None,
            content=content,
            content_type=call.reference_content_type or None,
        )
    return ImageRequest(
        operation=Operation(call.operation),
        model=call.model,
        prompt=call.prompt,
        images=call.images,
        size=call.size or None,
        quality=call.quality or None,
        # A database may keep them in an order of its own.
        parameters=dict(sorted(call.parameters.items())),
        reference=reference,
        idempotency_key=call.idempotency_key,
    )


def replay(call: ProviderCall) -> ImageRequest:
    """The identical request, for a call of any age. Raises CannotReplay."""
    if not call.reference_path:
        return request_of(call)
    try:
        with default_storage.open(call.reference_path) as file:
            content: bytes = file.read()
    except OSError as error:
        raise CannotReplay("The photo that was sent along is not there any more.") from error
    if sha256(content).hexdigest() != call.reference_sha256:
        raise CannotReplay("The photo that was sent along is not what it was.")
    return request_of(call, content=content)
