"""Answers of providers, as the adapters report them."""

from datetime import timedelta

from imagery.providers.protocol import CallOutcome, DeliveredImage, OutcomeClass


def delivered(images: int = 1, **usage: int) -> CallOutcome:
    picture = DeliveredImage(url="https://painter.example/1.png", content=None, expires_at=None)
    return CallOutcome(OutcomeClass.DELIVERED, images=(picture,) * images, usage=usage)


def too_much(retry_after: timedelta | None = None) -> CallOutcome:
    return CallOutcome(
        OutcomeClass.REJECTED_FOR_NOW, http_status=429, code="busy", retry_after=retry_after
    )


def wrong_key() -> CallOutcome:
    return CallOutcome(
        OutcomeClass.REFUSED,
        http_status=401,
        code="invalid_api_key",
        message="No such key",
        pauses_provider=True,
    )


REFUSED = CallOutcome(OutcomeClass.REFUSED, http_status=422, code="bad_prompt")
NOT_SENT = CallOutcome(OutcomeClass.NOT_SENT, code="dns")
UNKNOWN = CallOutcome(OutcomeClass.UNKNOWN, code="read_timeout")
SHORT = CallOutcome(OutcomeClass.SHORT, http_status=200, code="no_images")
