"""The JSON that providers are sent and answer with: written the same each time, read warily."""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from typing import Final

from imagery.providers.protocol import DeliveredImage
from outbound.errors import OutboundError
from outbound.targets import read_target

_LONGEST_NAME: Final = 200
_MOST_IMAGES: Final = 100
#: Far beyond any usage, and still what a database's big integer holds.
_MOST_USED: Final = 10**15


def json_body(said: Mapping[str, object], parameters: Mapping[str, object]) -> bytes:
    """What is said in its order, without what is None; then the parameters by their names."""
    document = {name: value for name, value in said.items() if value is not None}
    document |= dict(sorted(parameters.items()))
    return json.dumps(document, separators=(",", ":"), allow_nan=False).encode()


def delivered_images(document: Mapping[str, object]) -> tuple[DeliveredImage, ...]:
    """Of `{"data": [{"url"} or {"b64_json"}, ...]}`, those that can be used."""
    data = document.get("data")
    found = (_image(entry) for entry in data[:_MOST_IMAGES]) if isinstance(data, list) else ()
    return tuple(image for image in found if image is not None)


def web_address(value: object) -> str | None:
    """An address that can be asked for, as outbound reads it; None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        read_target(value)
    except OutboundError:
        return None
    return value


def text_of(value: object) -> str | None:
    """A name or number that somebody is to read again, bounded; None for anything else."""
    if not isinstance(value, str | int) or isinstance(value, bool):
        return None
    plain = "".join(character for character in str(value) if character.isprintable())
    return plain.strip()[:_LONGEST_NAME] or None


def usage_of(document: Mapping[str, object]) -> Mapping[str, int]:
    """The numbers under `usage`; `input_tokens_details: {image_tokens}` is `input_image_tokens`."""
    usage = document.get("usage")
    return dict(_numbers(usage)) if isinstance(usage, dict) else {}


def _numbers(usage: Mapping[str, object]) -> Iterator[tuple[str, int]]:
    for name, value in usage.items():
        if isinstance(value, dict):
            side = name.removesuffix("_tokens_details")
            yield from ((f"{side}_{part}", n) for part, n in value.items() if _is_count(n))
        elif isinstance(value, int) and _is_count(value):
            yield name, value


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_USED


def _image(entry: object) -> DeliveredImage | None:
    if not isinstance(entry, dict):
        return None
    encoded = entry.get("b64_json")
    if isinstance(encoded, str) and encoded:
        try:
            content = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            return None
        return DeliveredImage(None, content, None) if content else None
    address = web_address(entry.get("url"))
    return DeliveredImage(address, None, None) if address else None
