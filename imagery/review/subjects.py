"""What a reviewer sees of a SKU: its candidates, the photo they were made of, and facts."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Min, Q

from bulk_sql.numbers import plain_decimal
from catalog.models import AttributeDefinition, MediaLink, Variant
from imagery.models import Decision, GeneratedImage, JobWant, ReviewTicket
from imagery.models.generated_image import GeneratedImageQuerySet

#: Candidates shown at once; what is more comes once these are decided.
MOST_SHOWN = 24
_MOST_FACTS = 12

#: SKU and product key; one of them is "".
_Name = tuple[str, str]
_Images = defaultdict[_Name, list[GeneratedImage]]


@dataclass(frozen=True, slots=True)
class Subject:
    """`candidates` wait for a decision; `current` are the images that are approved now.

    `photo` is the stored source photo, `title` the product's name, or the SKU where the catalog
    does not know it (any more).
    """

    ticket: ReviewTicket
    title: str
    facts: Sequence[tuple[str, str]]
    photo: uuid.UUID | None
    candidates: Sequence[GeneratedImage]
    current: Sequence[GeneratedImage]


def subjects_of(tickets: Sequence[ReviewTicket]) -> list[Subject]:
    """One for each ticket, in their order; of one account. As many queries for one as for many, but
    for those with more candidates than are shown."""
    if not tickets:
        return []
    account_id = tickets[0].account_id
    candidates = _candidates_of(account_id, tickets)
    current = _current_of(account_id, tickets)
    variants = _variants_of(account_id, tickets)
    attributes = _attributes_of(account_id, variants.values())
    photos = _photos_of(candidates, variants)
    subjects = []
    for ticket in tickets:
        name = _name(ticket)
        variant = variants.get(name)
        shown = {image.pk for image in candidates[name]}
        subjects.append(
            Subject(
                ticket=ticket,
                title=_title(ticket, variant),
                facts=_facts(variant, attributes) if variant else (),
                photo=photos.get(name),
                candidates=candidates[name],
                current=[image for image in current[name] if image.pk not in shown],
            )
        )
    return subjects


def _name(about: ReviewTicket | GeneratedImage) -> _Name:
    return about.sku, about.product_key


def _images_of(account_id: int, tickets: Sequence[ReviewTicket]) -> GeneratedImageQuerySet:
    skus = [ticket.sku for ticket in tickets if ticket.sku]
    keys = [ticket.product_key for ticket in tickets if ticket.product_key]
    about_them = Q(sku__in=skus) | Q(sku="", product_key__in=keys)
    return GeneratedImage.objects.for_account(account_id).filter(about_them)


def _candidates_of(account_id: int, tickets: Sequence[ReviewTicket]) -> _Images:
    def waiting(some: Sequence[ReviewTicket]) -> GeneratedImageQuerySet:
        images = _images_of(account_id, some).waiting().order_by("role", "want__image_number", "pk")
        return images.select_related("want__recipe_version__recipe", "call")

    with_few = [ticket for ticket in tickets if ticket.waiting <= MOST_SHOWN]
    found = list(waiting(with_few)) if with_few else []
    for ticket in tickets:
        if ticket not in with_few:
            found += waiting([ticket])[:MOST_SHOWN]
    return _by_name(found)


def _current_of(account_id: int, tickets: Sequence[ReviewTicket]) -> _Images:
    approved = _images_of(account_id, tickets).filter(decision=Decision.APPROVED)
    return _by_name(approved.order_by("role", "pk"))


def _by_name(images: Iterable[GeneratedImage]) -> _Images:
    found: _Images = defaultdict(list)
    for image in images:
        found[_name(image)].append(image)
    return found


def _variants_of(account_id: int, tickets: Sequence[ReviewTicket]) -> dict[_Name, Variant]:
    """Each SKU's, and for a product the first of its variants."""
    variants = Variant.objects.for_account(account_id)
    whole = variants.select_related("account", "product__category")
    skus = [ticket.sku for ticket in tickets if ticket.sku]
    found = {(variant.sku, ""): variant for variant in whole.filter(sku__in=skus)}
    if keys := [ticket.product_key for ticket in tickets if ticket.product_key]:
        firsts = (
            variants.filter(product__key__in=keys)
            .order_by()
            .values("product")
            .annotate(first=Min("pk"))
        )
        for variant in whole.filter(pk__in=firsts.values("first")):
            found["", variant.product.key] = variant
    return found


def _title(ticket: ReviewTicket, variant: Variant | None) -> str:
    if variant is None:
        return str(ticket)
    return (variant.display_name if ticket.sku else "") or variant.product.name


def _attributes_of(account_id: int, variants: Iterable[Variant]) -> list[AttributeDefinition]:
    keys = {int(key) for variant in variants for key in variant.attributes}
    return list(AttributeDefinition.objects.filter(account_id=account_id, pk__in=keys))


def _facts(variant: Variant, attributes: Sequence[AttributeDefinition]) -> list[tuple[str, str]]:
    """The few that an eye can check against a picture."""
    facts = [("Product", variant.product.name)]
    if variant.product.category:
        facts.append(("Category", variant.product.category.path))
    facts += [
        (one.name, f"{variant.attributes[str(one.pk)]} {one.unit}".strip())
        for one in attributes
        if str(one.pk) in variant.attributes
    ]
    measures = (("Length", variant.length_mm), ("Width", variant.width_mm))
    facts += [
        (label, f"{plain_decimal(value)} mm")
        for label, value in measures
        if isinstance(value, Decimal) and value
    ]
    if isinstance(variant.price, Decimal):
        facts.append(("Price", f"{plain_decimal(variant.price)} {variant.account.currency}"))
    return facts[:_MOST_FACTS]


def _photos_of(candidates: _Images, variants: Mapping[_Name, Variant]) -> dict[_Name, uuid.UUID]:
    """That which the candidates were made of; else the first picture that the variant shows."""
    shown = [image.pk for images in candidates.values() for image in images]
    made_of = JobWant.objects.filter(
        want__image__in=shown, job__reference__file__isnull=False
    ).order_by("job_id")
    rows = made_of.values_list(
        "want__image__sku", "want__image__product_key", "job__reference__file__uuid"
    )
    photos = {(sku, key): photo for sku, key, photo in rows}
    others = {variant.pk: name for name, variant in variants.items() if name not in photos}
    if others:
        links = MediaLink.objects.filter(variant__in=others, asset__file__stored_at__isnull=False)
        backwards = links.order_by("-property_set_id", "-position")
        for variant_id, photo in backwards.values_list("variant_id", "asset__file__uuid"):
            photos[others[variant_id]] = photo
    return photos
