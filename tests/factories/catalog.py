"""Products, variants, shelves, definitions and media, written as the catalog stores them."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory
from tests.factories.accounts import AccountFactory

from catalog.models import (
    AttributeDefinition,
    Category,
    Collection,
    MediaAsset,
    MediaLink,
    Product,
    ProductCollection,
    ProductTag,
    PropertySetDefinition,
    SetKind,
    TableEntryDefinition,
    Tag,
    Variant,
)
from catalog.writing.media import url_digest

WRITTEN = datetime(2024, 3, 15, 9, 0, 0, 123_000, tzinfo=UTC)


class CategoryFactory(DjangoModelFactory[Category]):
    """`path` is all it takes: the levels above are made where they are missing."""

    class Meta:
        model = Category
        django_get_or_create = ("account", "path")

    account = factory.SubFactory(AccountFactory)
    path = factory.Sequence(lambda number: f"Fans/Range {number}")
    name = factory.LazyAttribute(lambda category: category.path.rpartition("/")[2])

    @factory.lazy_attribute
    def parent(self) -> Category | None:
        above = self.path.rpartition("/")[0]
        return CategoryFactory(account=self.account, path=above) if above else None


class TagFactory(DjangoModelFactory[Tag]):
    class Meta:
        model = Tag
        django_get_or_create = ("account", "name")

    account = factory.SubFactory(AccountFactory)
    name = factory.Sequence(lambda number: f"Tag {number}")


class CollectionFactory(DjangoModelFactory[Collection]):
    class Meta:
        model = Collection
        django_get_or_create = ("account", "name")

    account = factory.SubFactory(AccountFactory)
    name = factory.Sequence(lambda number: f"Collection {number}")


class ProductFactory(DjangoModelFactory[Product]):
    """`category_path`, `tags` and `collections` may be given as in a file."""

    class Meta:
        model = Product
        skip_postgeneration_save = True

    class Params:
        category_path = ""

    account = factory.SubFactory(AccountFactory)
    name = factory.Sequence(lambda number: f"Product {number}")
    key = factory.SelfAttribute("name")
    created_at = WRITTEN
    updated_at = factory.SelfAttribute("created_at")

    @factory.lazy_attribute
    def category(self) -> Category | None:
        path = self.category_path
        return CategoryFactory(account=self.account, path=path) if path else None

    @factory.post_generation
    def tags(self: Product, create: bool, names: tuple[str, ...] | None, **_: Any) -> None:
        for position, name in enumerate(names or ()):
            tag = TagFactory(account=self.account, name=name)
            ProductTag.objects.create(product=self, position=position, tag=tag)

    @factory.post_generation
    def collections(self: Product, create: bool, names: tuple[str, ...] | None, **_: Any) -> None:
        for position, name in enumerate(names or ()):
            collection = CollectionFactory(account=self.account, name=name)
            ProductCollection.objects.create(product=self, position=position, collection=collection)


class VariantFactory(DjangoModelFactory[Variant]):
    """Give it a `product` or an `account`; the other one follows."""

    class Meta:
        model = Variant

    product = factory.SubFactory(ProductFactory, account=factory.SelfAttribute("..account"))
    account = factory.SubFactory(AccountFactory)
    sku = factory.Sequence(lambda number: f"SKU-{number:05}")
    gtin = factory.LazyAttribute(lambda variant: variant.ean.zfill(14) if variant.ean else None)
    ean = ""
    price = Decimal("5830")
    list_price = Decimal("6000")
    created_at = WRITTEN
    updated_at = factory.SelfAttribute("created_at")

    @classmethod
    def _generate(cls, strategy: Any, params: dict[str, Any]) -> Variant:
        if "product" in params:
            params.setdefault("account", params["product"].account)
        return super()._generate(strategy, params)


class AttributeDefinitionFactory(DjangoModelFactory[AttributeDefinition]):
    class Meta:
        model = AttributeDefinition

    account = factory.SubFactory(AccountFactory)
    name = factory.Sequence(lambda number: f"attribute {number}")
    unit = ""
    position = factory.Sequence(int)
    header = factory.LazyAttribute(lambda made: f"Variant #; {named(made.name, made.unit)}")


class PropertySetDefinitionFactory(DjangoModelFactory[PropertySetDefinition]):
    """`media_paths=True` makes the one that stands for the column Media Paths."""

    class Meta:
        model = PropertySetDefinition

    class Params:
        media_paths = factory.Trait(kind=SetKind.MEDIA, name="", header="Media Paths")

    account = factory.SubFactory(AccountFactory)
    kind = SetKind.TABLE
    name = factory.Sequence(lambda number: f"set {number}")
    position = factory.Sequence(int)
    header = factory.LazyAttribute(
        lambda made: f"Property Set {SetKind(made.kind).label} #; {made.name}"
    )


class TableEntryDefinitionFactory(DjangoModelFactory[TableEntryDefinition]):
    class Meta:
        model = TableEntryDefinition

    property_set = factory.SubFactory(PropertySetDefinitionFactory)
    key = factory.Sequence(lambda number: f"entry {number}")
    unit = ""
    position = factory.Sequence(int)
    header = factory.LazyAttribute(
        lambda made: f"{made.property_set.header} #; {named(made.key, made.unit)}"
    )


class MediaAssetFactory(DjangoModelFactory[MediaAsset]):
    class Meta:
        model = MediaAsset
        django_get_or_create = ("account", "url_digest")

    account = factory.SubFactory(AccountFactory)
    url = factory.Sequence(lambda number: f"https://images.example.com/{number}.png")
    url_digest = factory.LazyAttribute(lambda asset: url_digest(asset.url))
    created_at = WRITTEN


def link_media(variant: Variant, property_set: PropertySetDefinition, *urls: str) -> None:
    """Show these URLs, in this order, in a media set of the variant."""
    for position, url in enumerate(urls):
        asset = MediaAssetFactory(account=variant.account, url=url)
        MediaLink.objects.create(
            variant=variant, property_set=property_set, position=position, asset=asset
        )


def named(name: str, unit: str) -> str:
    return f"{name}({unit})" if unit else name
