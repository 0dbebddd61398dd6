"""The rows around variants, made with Django's ORM in bulk, for the peers that import with it.

Existing products keep their name, shelves and media: that is less than an importer should do,
so the peer is not slowed by it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from catalog.file_format.cells import split_list
from catalog.models import (
    Category,
    Collection,
    MediaAsset,
    MediaLink,
    Product,
    ProductCollection,
    ProductTag,
    Tag,
    Variant,
)

_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class ProductRow:
    """The product columns of a file's row."""

    name: str
    category: str
    tags: str
    collections: str


@dataclass(frozen=True, slots=True)
class Shelves:
    account_id: int
    now: datetime

    def products(self, rows: Iterable[ProductRow]) -> dict[str, int]:
        """Ids of all products by name, made where missing with what the first row says."""
        first: dict[str, ProductRow] = {}
        for row in rows:
            first.setdefault(row.name, row)
        stored = dict(Product.objects.filter(account_id=self.account_id).values_list("key", "id"))
        missing = [row for name, row in first.items() if name not in stored]
        if missing:
            stored |= self._create_products(missing)
        return stored

    def media(self, wanted: Sequence[tuple[Variant, dict[int, list[str]]]]) -> None:
        """Link new variants to the URLs of their media sets."""
        assets = self._assets({url for _, sets in wanted for urls in sets.values() for url in urls})
        MediaLink.objects.bulk_create(
            (
                MediaLink(
                    variant_id=variant.pk,
                    property_set_id=set_id,
                    position=position,
                    asset_id=assets[url],
                )
                for variant, sets in wanted
                for set_id, urls in sets.items()
                for position, url in enumerate(urls)
            ),
            batch_size=_BATCH,
        )

    def _create_products(self, rows: Sequence[ProductRow]) -> dict[str, int]:
        categories = self._categories({row.category for row in rows})
        tags = self._tags({name for row in rows for name in split_list(row.tags)})
        collections = self._collections(
            {name for row in rows for name in split_list(row.collections)}
        )
        made = Product.objects.bulk_create(
            (
                Product(
                    account_id=self.account_id,
                    key=row.name,
                    name=row.name,
                    category_id=categories[row.category],
                    created_at=self.now,
                    updated_at=self.now,
                )
                for row in rows
            ),
            batch_size=_BATCH,
        )
        ProductTag.objects.bulk_create(
            (
                ProductTag(product_id=product.pk, position=position, tag_id=tags[name])
                for product, row in zip(made, rows, strict=True)
                for position, name in enumerate(split_list(row.tags))
            ),
            batch_size=_BATCH,
        )
        ProductCollection.objects.bulk_create(
            (
                ProductCollection(
                    product_id=product.pk, position=position, collection_id=collections[name]
                )
                for product, row in zip(made, rows, strict=True)
                for position, name in enumerate(split_list(row.collections))
            ),
            batch_size=_BATCH,
        )
        return {product.key: product.pk for product in made}

    def _categories(self, paths: set[str]) -> dict[str, int]:
        mine = Category.objects.filter(account_id=self.account_id)
        known = dict(mine.values_list("path", "id"))
        ancestors = {
            "/".join(levels[:depth])
            for levels in (path.split("/") for path in paths)
            for depth in range(1, len(levels) + 1)
        }
        for path in sorted(ancestors - known.keys(), key=lambda path: (path.count("/"), path)):
            parent, _, name = path.rpartition("/")
            made = Category.objects.create(
                account_id=self.account_id, parent_id=known.get(parent), name=name, path=path
            )
            known[path] = made.pk
        return known

    def _tags(self, names: set[str]) -> dict[str, int]:
        known = dict(Tag.objects.filter(account_id=self.account_id).values_list("name", "id"))
        missing = sorted(names - known.keys())
        made = Tag.objects.bulk_create(Tag(account_id=self.account_id, name=n) for n in missing)
        return known | {tag.name: tag.pk for tag in made}

    def _collections(self, names: set[str]) -> dict[str, int]:
        mine = Collection.objects.filter(account_id=self.account_id)
        known = dict(mine.values_list("name", "id"))
        made = Collection.objects.bulk_create(
            Collection(account_id=self.account_id, name=name)
            for name in sorted(names - known.keys())
        )
        return known | {collection.name: collection.pk for collection in made}

    def _assets(self, urls: set[str]) -> dict[str, int]:
        mine = MediaAsset.objects.filter(account_id=self.account_id)
        known = {url: pk for url, pk in mine.values_list("url", "id").iterator() if url in urls}
        made = MediaAsset.objects.bulk_create(
            (
                MediaAsset(account_id=self.account_id, url=url, created_at=self.now)
                for url in urls - known.keys()
            ),
            batch_size=_BATCH,
        )
        return known | {asset.url: asset.pk for asset in made}
