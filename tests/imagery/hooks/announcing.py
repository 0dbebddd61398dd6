"""A shop that announces products to a webhook, signed as Standard Webhooks."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

from django.test import Client
from django.urls import reverse

from imagery.hooks.signatures import secret_of
from imagery.models import HookEndpoint

PRODUCT = {
    "sku": "SKU-1001",
    "title": "Minimalist ceramic mug",
    "image_url": "https://cdn.example.com/mug.png",
    "brand": "Northline",
    "style_tags": ["studio lighting", "white seamless"],
}


def body_of(*products: Any, event: str = "product.updated") -> bytes:
    data = {"products": list(products or (PRODUCT,))}
    return json.dumps({"type": event, "timestamp": "2026-03-15T09:00:00Z", "data": data}).encode()


def signature(secret: str, body: bytes, *, webhook_id: str, timestamp: str) -> str:
    """Made from the standard's words, not by the code that is tested."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join((webhook_id.encode(), timestamp.encode(), body))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers_of(
    secret: str, body: bytes, *, webhook_id: str = "msg_1", sent: float | None = None
) -> dict[str, str]:
    timestamp = str(int(time.time() if sent is None else sent))
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": signature(secret, body, webhook_id=webhook_id, timestamp=timestamp),
    }


def address_of(endpoint: HookEndpoint) -> str:
    return reverse("platform_api:receive_hook", args=[endpoint.account.uuid, endpoint.uuid])


def announce(endpoint: HookEndpoint, body: bytes | None = None, **said: Any) -> Any:
    """The answer to an announcement that is signed as it should be, but for `headers`."""
    body = body_of() if body is None else body
    headers = said.pop("headers", {})
    signed = headers_of(said.pop("secret", secret_of(endpoint)), body, **said) | headers
    return Client().post(
        address_of(endpoint), body, content_type="application/json", headers=signed
    )
