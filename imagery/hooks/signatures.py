"""Secrets of webhooks, and whether an announcement was signed with one (Standard Webhooks).

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md: what is
signed is "id.timestamp.body", with HMAC-SHA256, and the header may hold several signatures.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.utils.crypto import salted_hmac

from imagery.errors import SignatureRejected
from imagery.models import HookEndpoint

ID_HEADER: Final = "webhook-id"
TIMESTAMP_HEADER: Final = "webhook-timestamp"
SIGNATURE_HEADER: Final = "webhook-signature"
#: How far the sender's clock may be from ours, either way.
TOLERANCE: Final = timedelta(minutes=5)
SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - how the standard has every secret begin
_SALT: Final = "imagery.hooks.signatures"
_VERSION: Final = "v1"
_LONGEST_ID: Final = 255
#: Of one header; a sender that changes its secret sends two.
_MOST_SIGNATURES: Final = 10


def secret_of(endpoint: HookEndpoint) -> str:
    """The secret as its sender is to have it; show it once."""
    return SECRET_PREFIX + base64.b64encode(_key(endpoint, endpoint.generation)).decode()


def check_signature(
    *, endpoint: HookEndpoint, headers: Mapping[str, str], body: bytes, at: datetime
) -> str:
    """The announcement's webhook-id. Raises SignatureRejected for one that is not the sender's, or
    too far from now; the message does not say how near a wrong signature came."""
    webhook_id = headers.get(ID_HEADER, "")
    if not (webhook_id.isascii() and webhook_id.isprintable() and webhook_id):
        raise SignatureRejected(ID_HEADER, "Must be printable ASCII characters")
    if len(webhook_id) > _LONGEST_ID:
        raise SignatureRejected(ID_HEADER, f"Must have at most {_LONGEST_ID} characters")
    timestamp = _checked_timestamp(headers.get(TIMESTAMP_HEADER, ""), at=at)
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    expected = [hmac.digest(key, signed, hashlib.sha256) for key in _keys(endpoint, at=at)]
    given = list(_signatures(headers.get(SIGNATURE_HEADER, "")))
    # Every pair is compared, so that the time taken says nothing of which one fitted.
    fits = [hmac.compare_digest(one, other) for one in given for other in expected]
    if not any(fits):
        raise SignatureRejected(SIGNATURE_HEADER, "No v1 signature fits the body and the secret")
    return webhook_id


def _checked_timestamp(text: str, *, at: datetime) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise SignatureRejected(TIMESTAMP_HEADER, "Must be whole seconds since 1970")
    if abs(int(text) - at.timestamp()) > TOLERANCE.total_seconds():
        raise SignatureRejected(TIMESTAMP_HEADER, "Is more than five minutes from now")
    return int(text)


def _signatures(header: str) -> Iterator[bytes]:
    for entry in header.split(" ")[:_MOST_SIGNATURES]:
        version, _, text = entry.partition(",")
        if version != _VERSION:
            continue
        try:
            yield base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            continue


def _keys(endpoint: HookEndpoint, *, at: datetime) -> Iterator[bytes]:
    yield _key(endpoint, endpoint.generation)
    if endpoint.previous_until is not None and at < endpoint.previous_until:
        yield _key(endpoint, endpoint.generation - 1)


def _key(endpoint: HookEndpoint, generation: int) -> bytes:
    """256 bits that nobody has who has not the installation's SECRET_KEY."""
    return salted_hmac(_SALT, f"{endpoint.uuid}:{generation}", algorithm="sha256").digest()
