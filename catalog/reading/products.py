"""Products as rows: finding them by what an integrator asks for, and reading a page of them."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from catalog.models import Product, ProductCollection, ProductTag, Variant
from catalog.reading.media import VariantMedia, media_of_variants
from catalog.reading.published_media import published_addresses
from catalog.reading.qa_statuses import qa_statuses
from catalog.reading.shelves import collections_of, tags_of
from catalog.reading.structure import Structure
from catalog.reading.variants import VariantRow, variants_of_products


class ProductRow(NamedTuple):
    id: int
    uuid: uuid.UUID
    name: str
    category_path: str | None
    created_at: datetime
    updated_at: datetime


#: Tuples in the order of ProductRow: a list to count, slice, and hand to `read_page`.
ProductRows = QuerySet[Product, tuple[Any, ...]]

_COLUMNS = ("id", "uuid", "name", "category__path", "created_at", "updated_at")


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """None does not narrow.

    `q` is part of a name, SKU, display name or EAN; `category` a path, the levels below it
    included; `active` asks whether any variant is; `updated_since` counts the variants' changes.
    """

    q: str | None = None
    category: str | None = None
    collection: str | None = None
    tag: str | None = None
    active: bool | None = None
    updated_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ProductPage:
    """Products in order, and by id all there is to say of them."""

    products: Sequence[ProductRow]
    variants: dict[int, list[VariantRow]]
    tags: dict[int, list[str]]
    collections: dict[int, list[str]]
    media: dict[int, VariantMedia]
    structure: Structure
    qa_statuses: Mapping[str, str]
    published: Mapping[str, list[str]]


def find_products(*, account_id: int, wanted: ProductFilter) -> ProductRows:
    """The account's products that match everything that is `wanted`, oldest first."""
    found = matching_products(account_id=account_id, wanted=wanted)
    return found.order_by("id").values_list(*_COLUMNS)


def product_by_uuid(*, account_id: int, product_uuid: uuid.UUID) -> ProductRows:
    """The one product, or none."""
    products = Product.objects.for_account(account_id).filter(uuid=product_uuid)
    return products.values_list(*_COLUMNS)


def read_page(
    *, account_id: int, rows: Iterable[tuple[Any, ...]], served_at: str = "", site: str = ""
) -> ProductPage:
    """Everything of the products found, in ten queries however many there are.

    `served_at` is what the addresses of fetched pictures begin with (see `reading.media`), `site`
    what those of published ones do.
    """
    products = [ProductRow._make(row) for row in rows]
    ids = [product.id for product in products]
    variants = variants_of_products(ids)
    every = [variant for each in variants.values() for variant in each]
    skus = [variant.sku for variant in every]
    return ProductPage(
        products=products,
        variants=variants,
        tags=tags_of(ids),
        collections=collections_of(ids),
        media=media_of_variants([variant.id for variant in every], served_at=served_at),
        structure=Structure.load(account_id=account_id),
        qa_statuses=qa_statuses(account_id=account_id, skus=skus),
        published=published_addresses(account_id=account_id, skus=skus, site=site),
    )


def matching_products(*, account_id: int, wanted: ProductFilter) -> QuerySet[Product]:
    """The same as a queryset of products, for who has a query of their own to put them into."""
    products = Product.objects.for_account(account_id)
    if wanted.q:
        products = products.filter(_mentions(wanted.q))
    if wanted.category:
        path = wanted.category
        products = products.filter(
            Q(category__path=path) | Q(category__path__startswith=f"{path}/")
        )
    if wanted.tag:
        products = products.filter(Exists(_of(ProductTag, tag__name=wanted.tag)))
    if wanted.collection:
        products = products.filter(
            Exists(_of(ProductCollection, collection__name=wanted.collection))
        )
    if wanted.active is not None:
        has_active = Exists(_of(Variant, active=True))
        products = products.filter(has_active if wanted.active else ~has_active)
    if since := wanted.updated_since:
        products = products.filter(
            Q(updated_at__gte=since) | Exists(_of(Variant, updated_at__gte=since))
        )
    return products


def _mentions(text: str) -> Q:
    of_variant = Q(sku__icontains=text) | Q(display_name__icontains=text) | Q(ean__icontains=text)
    return Q(name__icontains=text) | Q(Exists(_of(Variant).filter(of_variant)))


def _of(model: type[Model], **conditions: object) -> QuerySet[Model]:
    """The rows that belong to the product of the outer query."""
    return model._default_manager.filter(product=OuterRef("pk"), **conditions)
