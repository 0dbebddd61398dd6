"""What the adapters have in common: a dialect that is built and read, and a client that speaks."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Protocol

from imagery.providers.http import CallFailed, HttpAnswer, HttpClient, HttpRequest, NotSent
from imagery.providers.outcomes import Delivery, outcome_of_delivery, outcome_of_status
from imagery.providers.protocol import (
    CallOutcome,
    Capabilities,
    ImageRequest,
    OutcomeClass,
)


class CannotSay(Exception):
    """A request that cannot be put in this dialect; caught before anything is sent."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Dialect(Protocol):
    """How one provider is spoken to. Both ways are pure: a replay builds the identical bytes."""

    @property
    def name(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    def build(self, request: ImageRequest) -> HttpRequest:
        """Raises CannotSay."""
        ...

    def read(self, document: Mapping[str, object], answer: HttpAnswer) -> Delivery: ...


@dataclass(frozen=True, slots=True)
class HttpProvider:
    """A provider (see protocol.Provider) that is reached over HTTP."""

    dialect: Dialect
    client: HttpClient

    @property
    def name(self) -> str:
        return self.dialect.name

    @property
    def capabilities(self) -> Capabilities:
        return self.dialect.capabilities

    def send(self, request: ImageRequest) -> CallOutcome:
        try:
            require_possible(request, self.capabilities)
            built = self.dialect.build(request)
        except CannotSay as problem:
            return CallOutcome(OutcomeClass.REFUSED, code=problem.code, message=problem.reason)
        try:
            answer = self.client.post(built)
        except CallFailed as failed:
            kind = OutcomeClass.NOT_SENT if isinstance(failed, NotSent) else OutcomeClass.UNKNOWN
            return CallOutcome(kind, code=failed.code, message=failed.reason)
        refusal = outcome_of_status(answer, secret=self.client.key)
        if refusal is not None:
            return refusal
        return outcome_of_delivery(
            answer, self.dialect.read, asked=request.images, secret=self.client.key
        )


def require_possible(request: ImageRequest, capabilities: Capabilities) -> None:
    """Raises CannotSay for what the provider would not do, or could not be told."""
    if not capabilities.can(request.operation):
        raise CannotSay("operation_not_offered", f"It does not offer {request.operation.value}.")
    most = capabilities.most_images[request.operation]
    if not 1 <= request.images <= most:
        raise CannotSay("image_count", f"It makes 1 to {most} images a call.")
    for name, value in request.parameters.items():
        if isinstance(value, float) and not isfinite(value):
            raise CannotSay("parameter_not_sendable", f"{name}: expected a finite number.")


def require_free_names(parameters: Mapping[str, object], taken: frozenset[str]) -> None:
    """Raises CannotSay for a parameter that would overwrite what the request says itself, or
    change the shape of the answer."""
    if clashing := sorted(taken.intersection(parameters)):
        raise CannotSay("parameter_not_sendable", f"{clashing[0]} cannot be a parameter.")


def reference_address(request: ImageRequest) -> str | None:
    """Where the reference is. Raises CannotSay if it is nowhere but here."""
    if request.reference is None:
        return None
    if not request.reference.url:
        raise CannotSay("reference_needs_url", "It takes a source photo by its address alone.")
    return request.reference.url
