"""What an announcement says: products by SKU, with what the sender knows of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from catalog.file_format.cells import CellError, parse_sku
from imagery.errors import InvalidAnnouncement
from imagery.hooks.product_inputs import read_inputs

#: Of one announcement.
MOST_PRODUCTS: Final = 500
#: Others are taken and left alone: a sender would only repeat what is refused.
EVENTS: Final = frozenset(
    {"product.created", "product.updated", "variant.created", "variant.updated"}
)
_LONGEST_EVENT: Final = 100
_SKU: Final = "sku"


@dataclass(frozen=True, slots=True)
class AnnouncedProduct:
    """`inputs` fill the prompt before the catalog does; see `hooks.product_inputs`."""

    sku: str
    inputs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Announcement:
    """No products: an event that pictures have nothing to do with."""

    event: str
    products: Sequence[AnnouncedProduct]


def read_announcement(body: bytes) -> Announcement:
    """`{"type", "data"}`, its data one product, or `{"products": [...]}`, or `{"skus": [...]}`.

    Raises InvalidAnnouncement with everything that is wrong, by attribute.
    """
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise InvalidAnnouncement({"body": [f"Malformed JSON: {error}"]}) from error
    if not isinstance(given, dict):
        raise InvalidAnnouncement({"body": ["Must be a JSON object"]})
    event = given.get("type")
    if not isinstance(event, str) or not 0 < len(event) <= _LONGEST_EVENT or "\x00" in event:
        raise InvalidAnnouncement(
            {"type": [f"Must name the event, in at most {_LONGEST_EVENT} characters"]}
        )
    if event not in EVENTS:
        return Announcement(event, ())
    return Announcement(event, _products(given.get("data")))


def _products(data: Any) -> list[AnnouncedProduct]:
    entries = _entries(data)
    if not 0 < len(entries) <= MOST_PRODUCTS:
        raise InvalidAnnouncement({"data": [f"Must name 1 to {MOST_PRODUCTS} products"]})
    errors: dict[str, list[str]] = {}
    products: dict[str, AnnouncedProduct] = {}
    for number, (name, entry) in enumerate(entries):
        try:
            product = _product(entry)
        except CellError as error:
            errors[name.format(number)] = [error.message]
        else:
            # A product that is named twice is as it was named last.
            products[product.sku] = product
    if errors:
        raise InvalidAnnouncement(errors)
    return list(products.values())


def _entries(data: Any) -> list[tuple[str, Any]]:
    """What may be products, each with the name that a refusal has for it."""
    if not isinstance(data, dict):
        return []
    if isinstance(data.get("products"), list):
        return [("data.products.{}", entry) for entry in data["products"]]
    if isinstance(data.get("skus"), list):
        return [("data.skus.{}", {_SKU: sku}) for sku in data["skus"]]
    return [("data", data)] if _SKU in data else []


def _product(entry: Any) -> AnnouncedProduct:
    if not isinstance(entry, dict) or not isinstance(entry.get(_SKU), str):
        raise CellError("blank", "Must have a SKU, as text.")
    if not (sku := entry[_SKU].strip()):
        raise CellError("blank", "The SKU is blank.")
    return AnnouncedProduct(parse_sku(sku), read_inputs(entry))
