"""What the catalog says, as one digest: peers are compared only if they wrote the same catalog."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256
from typing import Any

import orjson

from benchmarks.outcome import Outcome
from catalog.models import (
    AttributeDefinition,
    MediaLink,
    ProductCollection,
    ProductTag,
    PropertySetDefinition,
    TableEntryDefinition,
    Variant,
)

_VALUES = (
    "sku",
    "ean",
    "display_name",
    "description",
    "price",
    "list_price",
    "length_mm",
    "width_mm",
    "height_mm",
    "weight_g",
    "active",
    "tax_number",
    "tax_rate",
)


def measure() -> Outcome:
    digest = sha256()
    variants = 0
    for document in _documents():
        digest.update(orjson.dumps(document, default=_plain, option=orjson.OPT_SORT_KEYS))
        variants += 1
    facts = {"catalog": digest.hexdigest(), "variants": variants}
    return Outcome(seconds={"total": 0.0}, facts=facts)


def _documents() -> Iterator[dict[str, Any]]:
    """One document a variant, by SKU, with names where the database has ids."""
    tags = _lists(ProductTag.objects.values_list("product_id", "tag__name").order_by("pk"))
    collections = _lists(
        ProductCollection.objects.values_list("product_id", "collection__name").order_by("pk")
    )
    media = _media()
    names = _names()
    rows = Variant.objects.order_by("sku").values(
        *_VALUES,
        "id",
        "product_id",
        "product__key",
        "product__name",
        "product__category__path",
        "attributes",
        "property_sets",
    )
    for row in rows.iterator():
        row["tags"] = tags[row["product_id"]]
        row["collections"] = collections[row.pop("product_id")]
        row["media"] = media[row.pop("id")]
        row["attributes"] = {
            names["attribute", key]: value for key, value in row["attributes"].items()
        }
        row["property_sets"] = _named_sets(row["property_sets"], names)
        yield row


def _lists(pairs: Any) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for owner, name in pairs.iterator():
        found[owner].append(name)
    return found


def _media() -> dict[int, dict[str, list[str]]]:
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    links = MediaLink.objects.order_by("pk").values_list(
        "variant_id", "property_set__name", "asset__url"
    )
    for variant_id, set_name, url in links.iterator():
        found[variant_id][set_name].append(url)
    return found


def _names() -> dict[tuple[str, str], str]:
    """What the ids in a variant's documents stand for."""
    attributes = AttributeDefinition.objects.values_list("id", "name", "unit")
    sets = PropertySetDefinition.objects.values_list("id", "kind", "name")
    entries = TableEntryDefinition.objects.values_list("id", "key", "unit")
    return {
        **{("attribute", str(pk)): f"{name} ({unit})" for pk, name, unit in attributes},
        **{("set", str(pk)): f"{kind} {name}" for pk, kind, name in sets},
        **{("entry", str(pk)): f"{key} ({unit})" for pk, key, unit in entries},
    }


def _named_sets(sets: dict[str, Any], names: dict[tuple[str, str], str]) -> dict[str, Any]:
    return {
        names["set", key]: {names["entry", entry]: values for entry, values in content.items()}
        if isinstance(content, dict)
        else content
        for key, content in sets.items()
    }


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    raise TypeError(f"no JSON for {type(value).__name__}")
