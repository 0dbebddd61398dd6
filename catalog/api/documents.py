"""Products and variants as the API shows them: decimals as text, what is absent as null."""

from collections.abc import Sequence
from typing import Any

from catalog.reading import (
    NOT_REQUESTED,
    ProductPage,
    ProductRow,
    Structure,
    VariantMedia,
    VariantOfProduct,
    VariantRow,
)
from catalog.reading.published_media import published_item

Document = dict[str, Any]


def product_documents(page: ProductPage, *, currency: str) -> list[Document]:
    """One document a product, its variants embedded."""
    return [
        {
            "id": product.uuid,
            "name": product.name,
            "category_path": product.category_path,
            "tags": page.tags.get(product.id, []),
            "collections": page.collections.get(product.id, []),
            "created_at": product.created_at,
            "updated_at": product.updated_at,
            "variants": _variants(page, product, currency),
        }
        for product in page.products
    ]


def _variants(page: ProductPage, product: ProductRow, currency: str) -> list[Document]:
    return [
        variant_document(
            variant,
            structure=page.structure,
            media=page.media.get(variant.id, {}),
            currency=currency,
            qa_status=page.qa_statuses.get(variant.sku, NOT_REQUESTED),
            published=page.published.get(variant.sku, ()),
        )
        for variant in page.variants.get(product.id, [])
    ]


def variant_document(
    variant: VariantRow,
    *,
    structure: Structure,
    media: VariantMedia,
    currency: str,
    qa_status: str,
    published: Sequence[str],
) -> Document:
    return {
        "sku": variant.sku,
        "ean": variant.ean or None,
        "display_name": variant.display_name or None,
        "description": variant.description or None,
        "price": money(variant.price),
        "list_price": money(variant.list_price),
        "currency": currency,
        "length_mm": variant.length_mm,
        "width_mm": variant.width_mm,
        "height_mm": variant.height_mm,
        "weight_g": variant.weight_g,
        "active": variant.active,
        "tax_number": variant.tax_number or None,
        "tax_rate": variant.tax_rate or None,
        "attributes": structure.attributes(variant.attributes),
        "property_sets": structure.property_sets(variant.property_sets, media),
        "media": [*map(published_item, published), *structure.media_paths(media)],
        "qa_status": qa_status,
    }


def lone_variant_document(
    found: VariantOfProduct,
    *,
    structure: Structure,
    media: VariantMedia,
    currency: str,
    qa_status: str,
    published: Sequence[str],
) -> Document:
    """A variant outside of its product, which is reduced to id and name."""
    document = variant_document(
        found.variant,
        structure=structure,
        media=media,
        currency=currency,
        qa_status=qa_status,
        published=published,
    )
    document["product"] = {"id": found.product_uuid, "name": found.product_name}
    return document


def money(value: str | None) -> str | None:
    """At least two decimals, more only where they say something: 5830.00, 0.125."""
    if value is None:
        return None
    whole, _, fraction = value.partition(".")
    return f"{whole}.{fraction:0<2}"
