"""What every provider is asked in, and answers in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


class Operation(StrEnum):
    """What may be bought."""

    GENERATE = "generate"
    EDIT = "edit"
    REMOVE_BACKGROUND = "remove_background"
    UPSCALE = "upscale"
    REPLACE_BACKGROUND = "replace_background"


class OutcomeClass(StrEnum):
    """How a call may end: each class has one reaction, which is the engine's.

    DELIVERED   as many images as were asked for.
    SHORT       an answer of success with fewer images, with none, or with no images in it.
    NOT_SENT    certainly never wholly with the provider: nothing can have been charged.
    REJECTED_FOR_NOW  not done, and worth asking again later (`retry_after` if they said when).
    REFUSED     not done, and the same again would end the same.
    UNKNOWN     wholly sent, and how it ended is not known: it may have been done and charged.
    """

    DELIVERED = "delivered"
    SHORT = "short"
    NOT_SENT = "not_sent"
    REJECTED_FOR_NOW = "rejected_for_now"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reference:
    """A source photo: where the supplier has it, the bytes if they were fetched, or both."""

    url: str | None
    content: bytes | None = field(repr=False)
    content_type: str | None


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """Everything a call says; replaying it builds the identical request.

    `size` is "1024x1024" or a word of the provider's own. `parameters` are sent under their names
    as the provider knows them. `idempotency_key` is printable ASCII, the same for the same call.
    """

    operation: Operation
    model: str
    prompt: str
    images: int
    size: str | None
    quality: str | None
    parameters: Mapping[str, str | int | float | bool]
    reference: Reference | None
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class DeliveredImage:
    """Either where it can be fetched (until `expires_at`, if that is known), or its bytes."""

    url: str | None
    content: bytes | None = field(repr=False)
    expires_at: datetime | None

    def __post_init__(self) -> None:
        if (self.url is None) == (self.content is None):
            raise ValueError("an image is delivered as its address or as its bytes")


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """How one call ended.

    `images` are at most as many as were asked for. `code` is stable ("" when all was delivered):
    the provider's own where it gave one, else one of ours. `message` is for people, and holds no
    key. `model_actual` and `request_id` are None where the provider does not say. With
    `pauses_provider` every other call would end the same (a wrong key, no money, a wrong address).
    `usage` holds tokens or credits as reported, by their names there.
    """

    outcome: OutcomeClass
    images: tuple[DeliveredImage, ...] = ()
    request_id: str | None = None
    model_actual: str | None = None
    code: str = ""
    message: str = ""
    http_status: int | None = None
    retry_after: timedelta | None = None
    pauses_provider: bool = False
    usage: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a provider can do.

    `most_images` gives the largest `images` of one call by operation; an operation that is not in
    it is not done. A reference is wanted as bytes (`needs_bytes`) or as an address (`takes_url`).
    What `is_local` is this machine's own work: free, and the same each time.
    No call of an outcome that stayed unknown can be asked about later: none of the providers
    spoken so far keeps answers, so there is nothing to poll.
    """

    most_images: Mapping[Operation, int]
    needs_bytes: bool
    takes_url: bool
    is_local: bool = False

    def can(self, operation: Operation) -> bool:
        return operation in self.most_images


class Provider(Protocol):
    """One provider, ready to be called from several threads at once."""

    @property
    def name(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    def send(self, request: ImageRequest) -> CallOutcome:
        """One call, made once: no retries in here. Blocks; what a provider may do to us is never
        raised, but told as an outcome."""
        ...
