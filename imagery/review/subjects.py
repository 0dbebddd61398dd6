"""What a reviewer sees of a SKU: its candidates, the photo they were made of, and facts."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bulk_sql.numbers import plain_decimal
from catalog.models import AttributeDefinition, MediaFile, MediaLink, Product, Variant
from imagery.models import Decision, GeneratedImage, ImageJob, ReviewTicket

#: Candidates shown at once; what is more comes once these are decided.
MOST_SHOWN = 24
_MOST_FACTS = 12


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


def subject_of(ticket: ReviewTicket) -> Subject:
    """A fixed number of queries, whatever the candidates."""
    images = GeneratedImage.objects.for_account(ticket.account_id).filter(
        sku=ticket.sku, product_key=ticket.product_key
    )
    waiting = images.waiting().select_related("want__recipe_version__recipe", "call")
    candidates = list(waiting.order_by("role", "want__image_number", "pk")[:MOST_SHOWN])
    shown = {image.pk for image in candidates}
    current = images.filter(decision=Decision.APPROVED).order_by("role", "pk")
    variant = _variant_of(ticket)
    return Subject(
        ticket=ticket,
        title=_title(ticket, variant),
        facts=_facts(variant) if variant else (),
        photo=_photo_of(candidates, variant),
        candidates=candidates,
        current=[image for image in current if image.pk not in shown],
    )


def _variant_of(ticket: ReviewTicket) -> Variant | None:
    """The SKU's, or for a product any of its variants."""
    variants = Variant.objects.for_account(ticket.account_id)
    if ticket.sku:
        variants = variants.filter(sku=ticket.sku)
    else:
        product = Product.objects.for_account(ticket.account_id).filter(key=ticket.product_key)
        variants = variants.filter(product__in=product)
    return variants.select_related("account", "product__category").order_by("pk").first()


def _title(ticket: ReviewTicket, variant: Variant | None) -> str:
    if variant is None:
        return str(ticket)
    return (variant.display_name if ticket.sku else "") or variant.product.name


def _facts(variant: Variant) -> list[tuple[str, str]]:
    """The few that an eye can check against a picture."""
    facts = [("Product", variant.product.name)]
    if variant.product.category:
        facts.append(("Category", variant.product.category.path))
    names = AttributeDefinition.objects.filter(
        account_id=variant.account_id, pk__in=[int(key) for key in variant.attributes]
    )
    facts += [
        (name.name, f"{variant.attributes[str(name.pk)]} {name.unit}".strip()) for name in names
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


def _photo_of(candidates: Sequence[GeneratedImage], variant: Variant | None) -> uuid.UUID | None:
    """That which the candidates were made of; else the first picture that the variant shows."""
    made_of = ImageJob.objects.filter(
        wants__image__in=[image.pk for image in candidates], reference__file__isnull=False
    )
    photo = made_of.order_by("-pk").values_list("reference__file__uuid", flat=True).first()
    if photo is None and variant is not None:
        links = MediaLink.objects.filter(variant=variant, asset__file__stored_at__isnull=False)
        first = links.order_by("property_set_id", "position").select_related("asset__file").first()
        file: MediaFile | None = first.asset.file if first else None
        photo = file.uuid if file else None
    return photo
