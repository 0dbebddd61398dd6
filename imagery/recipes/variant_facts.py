"""What is known of variants that pictures are asked for, read for many SKUs at once."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Final

from catalog.models import AttributeDefinition, MediaLink, ProductTag, Variant
from imagery.recipes.templates import ATTRIBUTE

#: Of one fact in a prompt, in characters.
LONGEST_FACT: Final = 1_000
#: What a job's inputs may say of the photo, beside the facts.
IMAGE_URL: Final = "image_url"
_MARKUP: Final = re.compile(r"<[^>]{0,500}>")
_BLANK: Final = re.compile(r"[\s\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Photo:
    """Where the supplier has it, and its content once it was fetched."""

    url: str
    sha256: str = ""
    file_id: int | None = None


@dataclass(frozen=True, slots=True)
class VariantFacts:
    """`facts` are by placeholder, missing ones left out; `photo` is the first that it shows."""

    photo: Photo | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


#: Of a SKU that the catalog does not know.
UNKNOWN: Final = VariantFacts()


def variant_facts(*, account_id: int, skus: Collection[str]) -> dict[str, VariantFacts]:
    """By SKU, of those that the catalog knows. Four queries, whatever their number."""
    rows = list(
        Variant.objects.for_account(account_id)
        .filter(sku__in=list(skus))
        .values_list(
            *("id", "sku", "display_name", "description", "attributes"),
            *("product_id", "product__name", "product__category__name"),
        )
    )
    definitions = {
        str(pk): (name, unit)
        for pk, name, unit in AttributeDefinition.objects.filter(account_id=account_id)
        .order_by("position", "id")
        .values_list("id", "name", "unit")
    }
    tags = _tags({row[5] for row in rows})
    photos = _photos([row[0] for row in rows])
    found = {}
    for pk, sku, title, description, attributes, product_id, name, shelf in rows:
        facts = {
            "sku": sku,
            "title": title or name,
            "product": name,
            "category": shelf or "",
            "style_tags": ", ".join(tags.get(product_id, ())),
            "description": description,
            **_attribute_facts(attributes, definitions),
        }
        found[sku] = VariantFacts(
            photo=photos.get(pk),
            facts=_cleaned(facts.items()),
        )
    return found


def with_inputs(known: VariantFacts, sku: str, inputs: Mapping[str, str]) -> Mapping[str, str]:
    """The facts, where the job's inputs come before the variant's."""
    given = {key.strip().lower(): text for key, text in inputs.items() if key != IMAGE_URL}
    return {"sku": sku, **known.facts, **_cleaned(given.items())}


def recipe_facts(variant: Variant, inputs: Mapping[str, str] | None = None) -> Mapping[str, str]:
    """What a prompt for this variant is filled with; four queries."""
    known = variant_facts(account_id=variant.account_id, skus=[variant.sku])
    return with_inputs(known.get(variant.sku, UNKNOWN), variant.sku, inputs or {})


def _attribute_facts(
    stored: Mapping[str, str], definitions: Mapping[str, tuple[str, str]]
) -> dict[str, str]:
    facts: dict[str, str] = {}
    listed = []
    for pk, (name, unit) in definitions.items():
        if value := stored.get(pk):
            text = f"{value} {unit}".strip()
            facts.setdefault(ATTRIBUTE + " ".join(name.split()).lower(), text)
            listed.append(f"{name}: {text}")
    brand = facts.get(ATTRIBUTE + "brand", "")
    return {**facts, "brand": brand, "attributes": ", ".join(listed)}


def _tags(product_ids: Collection[int]) -> dict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    tags = ProductTag.objects.filter(product_id__in=product_ids).order_by("product_id", "position")
    for product_id, name in tags.values_list("product_id", "tag__name"):
        found[product_id].append(name)
    return found


def _photos(variant_ids: Collection[int]) -> dict[int, Photo]:
    """The first of Media Paths, else of the first gallery that has one."""
    links = MediaLink.objects.filter(variant_id__in=variant_ids, position=0).values_list(
        *("variant_id", "property_set__name", "property_set__position", "property_set_id"),
        *("asset__url", "asset__file__sha256", "asset__file_id"),
    )
    first: dict[int, tuple[tuple[bool, int, int], Photo]] = {}
    for variant_id, name, position, set_id, url, sha256, file_id in links:
        rank = (bool(name), position, set_id)
        if variant_id not in first or rank < first[variant_id][0]:
            first[variant_id] = rank, Photo(url, sha256 or "", file_id)
    return {variant_id: photo for variant_id, (_, photo) in first.items()}


def _cleaned(facts: Iterable[tuple[str, str]]) -> dict[str, str]:
    cleaned = {name: plain_text(text) for name, text in facts}
    return {name: text for name, text in cleaned.items() if text}


def plain_text(text: str) -> str:
    """One line without markup, of bounded length, cut between words where there are any."""
    plain = _BLANK.sub(" ", unescape(_MARKUP.sub(" ", text[: 10 * LONGEST_FACT]))).strip()
    if len(plain) <= LONGEST_FACT:
        return plain
    short = plain[:LONGEST_FACT]
    return short.rpartition(" ")[0] or short
