"""What an answer means: by its status, by the provider's own code, and by what it holds."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Final

import orjson

from imagery.providers.documents import text_of
from imagery.providers.http import HttpAnswer
from imagery.providers.protocol import CallOutcome, DeliveredImage, OutcomeClass
from outbound.answers import read_retry_after

#: Not done, says the status: too slow a request, in each other's way, too early, too many, too
#: busy (RFC 9110, 15.5.9, 15.5.10, 15.6.4; RFC 8470; RFC 6585).
_FOR_NOW: Final = frozenset({408, 409, 425, 429, 503})
_NO_KEY_OR_NO_MONEY: Final = frozenset({401, 402})
#: The same, in the words of providers that say it under another status (OpenAI's 400 and 429).
_PAUSING_CODES: Final = frozenset(
    {
        *("insufficient_quota", "billing_hard_limit_reached", "billing_not_active"),
        *("invalid_api_key", "account_deactivated"),
    }
)
_MODERATION: Final = re.compile(r"moderation|content_policy|safety", re.IGNORECASE)
_CODE: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_LONGEST_MESSAGE: Final = 500
_LONGEST_WAIT: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What an answer of success holds; `images` are those that can be used."""

    images: tuple[DeliveredImage, ...]
    request_id: str | None
    model_actual: str | None
    usage: Mapping[str, int] = field(default_factory=dict)


def outcome_of_status(answer: HttpAnswer, *, secret: str) -> CallOutcome | None:
    """How a call ended whose answer is no success; None if it is one. What is read is bounded,
    and the key is taken out of it, should the other side have repeated it."""
    if answer.status < HTTPStatus.MULTIPLE_CHOICES and answer.status != HTTPStatus.ACCEPTED:
        return None
    code, message = _said(answer, secret)
    outcome, pauses = _class_of(answer.status, code)
    if pauses and answer.status not in _NO_KEY_OR_NO_MONEY and not code:
        code = "wrong_address"
        message = f"There is no such service at its address. {message}".strip()
    return CallOutcome(
        outcome,
        request_id=text_of(answer.headers.get("x-request-id")),
        code=code or f"http_{answer.status}",
        message=message or _named(answer.status),
        http_status=answer.status,
        retry_after=_retry_after(answer.headers),
        pauses_provider=pauses,
    )


def outcome_of_delivery(
    answer: HttpAnswer,
    read: Callable[[Mapping[str, object], HttpAnswer], Delivery],
    *,
    asked: int,
    secret: str,
) -> CallOutcome:
    """How a call ended whose answer is a success: with all that was asked for, or short of it."""
    document = _document(answer.body)
    if answer.too_large or document is None:
        return _unreadable(answer)
    delivery = read(document, answer)
    images = delivery.images[:asked]
    outcome, code, message = OutcomeClass.DELIVERED, "", ""
    if len(images) < asked:
        outcome = OutcomeClass.SHORT
        code = "fewer_images" if images else "no_images"
        message = _said(answer, secret)[1] or f"{len(images)} of {asked} images came."
    return CallOutcome(
        outcome,
        images=images,
        request_id=text_of(delivery.request_id),
        model_actual=delivery.model_actual,
        code=code,
        message=message,
        http_status=answer.status,
        usage=delivery.usage,
    )


def _class_of(status: int, code: str) -> tuple[OutcomeClass, bool]:
    """And whether every other call would end the same."""
    if status in _NO_KEY_OR_NO_MONEY or (status < 500 and code in _PAUSING_CODES):
        return OutcomeClass.REFUSED, True
    if status in _FOR_NOW:
        return OutcomeClass.REJECTED_FOR_NOW, False
    # "Accepted", "done, see there": something was begun whose end we were not told.
    if status in (HTTPStatus.ACCEPTED, HTTPStatus.SEE_OTHER) or status >= 500:
        return OutcomeClass.UNKNOWN, False
    redirected = status < HTTPStatus.BAD_REQUEST
    not_there = status in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED) and not code
    return OutcomeClass.REFUSED, redirected or not_there


def _unreadable(answer: HttpAnswer) -> CallOutcome:
    outcome = OutcomeClass.SHORT
    if answer.too_large:
        code, message = "too_large", "The answer is larger than we take."
    elif answer.body.lstrip()[:1] == b"<":
        code, message = "not_json", "The answer is a web page, not JSON."
    elif answer.may_be_cut:
        outcome = OutcomeClass.UNKNOWN
        code, message = "connection_broken", "The connection ended before the answer did."
    else:
        code, message = "bad_json", "The answer is not JSON, or not whole."
    return CallOutcome(
        outcome,
        request_id=text_of(answer.headers.get("x-request-id")),
        code=code,
        message=message,
        http_status=answer.status,
    )


def _document(body: bytes) -> Mapping[str, object] | None:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return document if isinstance(document, dict) else None


def _said(answer: HttpAnswer, secret: str) -> tuple[str, str]:
    """The provider's own code ("" if none) and message, in either of the usual forms:
    `{"error": {"code", "type", "message"}}` and `{"detail": ...}`."""
    document = _document(answer.body) or {}
    error = document.get("error", document.get("detail"))
    if isinstance(error, list) and error:
        error = error[0]
    if isinstance(error, str):
        return _code_of(error, secret), _plain(error, secret)
    if not isinstance(error, dict):
        return "", ""
    code = _code_of(error.get("code"), secret) or _code_of(error.get("type"), secret)
    if _MODERATION.search(code):
        code = "moderation_blocked"
    return code, _plain(error.get("message") or error.get("msg"), secret)


def _code_of(given: object, secret: str) -> str:
    taken = isinstance(given, str) and _CODE.fullmatch(given) and given != secret
    return str(given) if taken else ""


def _plain(text: object, secret: str) -> str:
    if not isinstance(text, str):
        return ""
    shown = text.replace(secret, "***")
    printable = "".join(character if character.isprintable() else " " for character in shown)
    return " ".join(printable.split())[:_LONGEST_MESSAGE]


def _named(status: int) -> str:
    try:
        return f"The provider answers {status} {HTTPStatus(status).phrase}."
    except ValueError:
        return f"The provider answers {status}."


def _retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """OpenAI's milliseconds, else what the standard has: seconds or a date."""
    exact = headers.get("retry-after-ms", "").strip()
    if exact.isascii() and exact.isdigit():
        return min(timedelta(milliseconds=int(exact[:10])), _LONGEST_WAIT)
    return read_retry_after(headers.get("retry-after"))
