"""Products, variants, shelves, definitions and media, written as the catalog stores them."""

import hashlib
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from factory.declarations import LazyAttribute, SelfAttribute, Sequence, SubFactory, Trait
from factory.django import DjangoModelFactory
from factory.helpers import post_generation

from accounts.models import Account
from catalog.models import (
    AssetState,
    AttributeDefinition,
    Category,
    Collection,
    MediaAsset,
    MediaFile,
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
from tests.factories.accounts import AccountFactory

WRITTEN = datetime(2024, 3, 15, 9, 0, 0, 123_000, tzinfo=UTC)


class CategoryFactory(DjangoModelFactory[Category]):
    """`path` is all it takes: the levels above are made where they are missing."""

    class Meta:
        model = Category
        django_get_or_create = ("account", "path")

    account = SubFactory(AccountFactory)
    path = Sequence(lambda number: f"Fans/Range {number}")
    name = LazyAttribute(lambda category: category.path.rpartition("/")[2])
    parent = LazyAttribute(lambda category: _level_above(category.account, category.path))


def _level_above(account: Account, path: str) -> Category | None:
    above = path.rpartition("/")[0]
    return CategoryFactory.create(account=account, path=above) if above else None


class TagFactory(DjangoModelFactory[Tag]):
    class Meta:
        model = Tag
        django_get_or_create = ("account", "name")

    account = SubFactory(AccountFactory)
    name = Sequence(lambda number: f"Tag {number}")


class CollectionFactory(DjangoModelFactory[Collection]):
    class Meta:
        model = Collection
        django_get_or_create = ("account", "name")

    account = SubFactory(AccountFactory)
    name = Sequence(lambda number: f"Collection {number}")


class ProductFactory(DjangoModelFactory[Product]):
    """`category_path`, `tags` and `collections` may be given as in a file."""

    class Meta:
        model = Product
        skip_postgeneration_save = True

    class Params:
        category_path = ""

    account = SubFactory(AccountFactory)
    name = Sequence(lambda number: f"Product {number}")
    key = SelfAttribute("name")
    created_at = WRITTEN
    updated_at = SelfAttribute("created_at")
    category = LazyAttribute(
        lambda product: (
            CategoryFactory.create(account=product.account, path=product.category_path)
            if product.category_path
            else None
        )
    )

    @post_generation
    def tags(self: Product, create: bool, names: tuple[str, ...] | None, **_: Any) -> None:
        for position, name in enumerate(names or ()):
            tag = TagFactory.create(account=self.account, name=name)
            ProductTag.objects.create(product=self, position=position, tag=tag)

    @post_generation
    def collections(self: Product, create: bool, names: tuple[str, ...] | None, **_: Any) -> None:
        for position, name in enumerate(names or ()):
            collection = CollectionFactory.create(account=self.account, name=name)
            ProductCollection.objects.create(product=self, position=position, collection=collection)


class VariantFactory(DjangoModelFactory[Variant]):
    """Give it a `product` or an `account`; the other one follows."""

    class Meta:
        model = Variant

    product = SubFactory(ProductFactory, account=SelfAttribute("..account"))
    account = SubFactory(AccountFactory)
    sku = Sequence(lambda number: f"SKU-{number:05}")
    gtin = LazyAttribute(lambda variant: variant.ean.zfill(14) if variant.ean else None)
    ean = ""
    price = Decimal("5830")
    list_price = Decimal("6000")
    created_at = WRITTEN
    updated_at = SelfAttribute("created_at")

    @classmethod
    def _generate(cls, strategy: Any, params: dict[str, Any]) -> Variant:
        if "product" in params:
            params.setdefault("account", params["product"].account)
        variant: Variant = super()._generate(strategy, params)
        return variant


class AttributeDefinitionFactory(DjangoModelFactory[AttributeDefinition]):
    class Meta:
        model = AttributeDefinition

    account = SubFactory(AccountFactory)
    name = Sequence(lambda number: f"attribute {number}")
    unit = ""
    position = Sequence(int)
    header = LazyAttribute(lambda made: f"Variant #; {named(made.name, made.unit)}")


class PropertySetDefinitionFactory(DjangoModelFactory[PropertySetDefinition]):
    """`media_paths=True` makes the one that stands for the column Media Paths."""

    class Meta:
        model = PropertySetDefinition

    class Params:
        media_paths = Trait(kind=SetKind.MEDIA, name="", header="Media Paths")

    account = SubFactory(AccountFactory)
    kind = SetKind.TABLE
    name = Sequence(lambda number: f"set {number}")
    position = Sequence(int)
    header = LazyAttribute(lambda made: f"Property Set {SetKind(made.kind).label} #; {made.name}")


class TableEntryDefinitionFactory(DjangoModelFactory[TableEntryDefinition]):
    class Meta:
        model = TableEntryDefinition

    property_set = SubFactory(PropertySetDefinitionFactory)
    key = Sequence(lambda number: f"entry {number}")
    unit = ""
    position = Sequence(int)
    header = LazyAttribute(
        lambda made: f"{made.property_set.header} #; {named(made.key, made.unit)}"
    )


class MediaFileFactory(DjangoModelFactory[MediaFile]):
    """`content` and `thumbnail` are what lies in storage; no two files have the same content."""

    class Meta:
        model = MediaFile

    class Params:
        content = Sequence(lambda number: f"picture {number}".encode())
        thumbnail = LazyAttribute(lambda file: b"small " + file.content)

    account = SubFactory(AccountFactory)
    sha256 = LazyAttribute(lambda file: hashlib.sha256(file.content).hexdigest())
    content_type = "image/png"
    byte_size = LazyAttribute(lambda file: len(file.content))
    width = 1200
    height = 800
    storage_path = LazyAttribute(
        lambda file: default_storage.save(
            f"{file.account.uuid}/private/media/{file.sha256}.png", ContentFile(file.content)
        )
    )
    thumbnail_path = LazyAttribute(
        lambda file: default_storage.save(
            f"{file.account.uuid}/private/media/{file.sha256}.thumbnail.webp",
            ContentFile(file.thumbnail),
        )
    )
    created_at = WRITTEN
    stored_at = SelfAttribute("created_at")


class MediaAssetFactory(DjangoModelFactory[MediaAsset]):
    class Meta:
        model = MediaAsset
        django_get_or_create = ("account", "url")

    account = SubFactory(AccountFactory)
    url = Sequence(lambda number: f"https://images.example.com/{number}.png")
    created_at = WRITTEN
    due_at = SelfAttribute("created_at")

    class Params:
        fetched = Trait(
            state=AssetState.FETCHED,
            due_at=None,
            attempts=1,
            file=SubFactory(MediaFileFactory, account=SelfAttribute("..account")),
        )
        failed = Trait(
            state=AssetState.FAILED,
            due_at=None,
            attempts=1,
            failed_at=WRITTEN,
            failure_code="http_404",
            failure="The server answers 404 Not Found.",
        )


def link_media(variant: Variant, property_set: PropertySetDefinition, *urls: str) -> None:
    """Show these URLs, in this order, in a media set of the variant."""
    for position, url in enumerate(urls):
        asset = MediaAssetFactory.create(account=variant.account, url=url)
        MediaLink.objects.create(
            variant=variant, property_set=property_set, position=position, asset=asset
        )


def named(name: str, unit: str) -> str:
    return f"{name}({unit})" if unit else name
