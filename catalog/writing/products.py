"""Creating, updating and removing products, many at once, each change logged and stamped."""

import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from catalog.models import Action, ObjectKind, Product
from catalog.writing.changes import ChangeEntry, log_changes
from catalog.writing.context import WriteContext
from catalog.writing.drafts import ProductDraft
from catalog.writing.taxonomy import Taxonomy

_COLUMNS = (
    "id",
    "uuid",
    "account_id",
    "key",
    "name",
    "category_id",
    "created_by_upload_id",
    "digest",
    "created_at",
    "updated_at",
)


@dataclass(slots=True)
class StoredProduct:
    """A product as it stands, locked until the transaction ends where the database can."""

    id: int
    key: str
    name: str
    category: str
    last_change_id: int | None
    digest_is_valid: bool
    tags: list[str] = field(default_factory=list)
    collections: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ProductUpdate:
    """What a draft comes to against the stored product; no `fields` means nothing changes."""

    stored: StoredProduct
    draft: ProductDraft
    fields: dict[str, list[Any]]


def load_products(context: WriteContext, ids: Sequence[int]) -> dict[int, StoredProduct]:
    """Lock these products in id order and read all of them that a draft may change."""
    if not ids:
        return {}
    tables = context.tables
    # The plus: see catalog.writing.variants.load_variants.
    lock = f"{tables.for_update} OF p" if tables.for_update else ""
    rows = tables.select(
        "SELECT p.id, p.key, p.name, coalesce(c.path, ''), p.last_change_id, "  # noqa: S608 - our own names
        "p.digest_change_id FROM catalog_product p "
        "LEFT JOIN catalog_category c ON c.id = p.category_id "
        f"WHERE +p.account_id = %s AND p.id {tables.in_list} ORDER BY p.id {lock}",
        [context.account_id, tables.among(ids)],
    )
    found = {
        row[0]: StoredProduct(row[0], row[1], row[2], row[3], row[4], row[4] == row[5])
        for row in rows
    }
    for product_id, name in _names(context, "tag", list(found)):
        found[product_id].tags.append(name)
    for product_id, name in _names(context, "collection", list(found)):
        found[product_id].collections.append(name)
    return found


def _names(context: WriteContext, kind: str, ids: Sequence[int]) -> list[tuple[Any, ...]]:
    tables = context.tables
    return tables.select(
        f"SELECT l.product_id, t.name FROM catalog_product{kind} l "  # noqa: S608 - our own names
        f"JOIN catalog_{kind} t ON t.id = l.{kind}_id "
        f"WHERE l.product_id {tables.in_list} ORDER BY l.product_id, l.position",
        [tables.among(ids)],
    )


def compare(stored: StoredProduct, draft: ProductDraft) -> ProductUpdate:
    fields: dict[str, list[Any]] = {}
    for name, before, after in (
        ("key", stored.key, draft.key),
        ("name", stored.name, draft.name),
        ("category", stored.category, draft.category),
        ("tags", stored.tags, draft.tags),
        ("collections", stored.collections, draft.collections),
    ):
        if after is not None and before != after:
            fields[name] = [before, after]
    return ProductUpdate(stored=stored, draft=draft, fields=fields)


def create_products(
    context: WriteContext, taxonomy: Taxonomy, drafts: Sequence[ProductDraft]
) -> Sequence[int]:
    """Return the new ids in the order of the drafts; a draft without a name takes its key."""
    if not drafts:
        return []
    ids = context.tables.next_ids("catalog_product", len(drafts))
    categories = taxonomy.categories(
        context, [draft.category for draft in drafts if draft.category]
    )
    now = context.tables.moment(context.now)
    context.tables.insert(
        "catalog_product",
        _COLUMNS,
        (
            (
                product_id,
                context.tables.identifier(public_id),
                context.account_id,
                draft.key,
                draft.name if draft.name is not None else draft.key,
                categories[draft.category] if draft.category else None,
                context.actor.upload_id,
                draft.digest,
                now,
                now,
            )
            for product_id, public_id, draft in zip(
                ids, _public_ids(len(drafts)), drafts, strict=True
            )
        ),
    )
    put_on_shelves(context, taxonomy, list(zip(ids, drafts, strict=True)))
    if context.actor.upload_id is None:
        entries = [ChangeEntry(object_id=product_id, fields=None) for product_id in ids]
        changes = log_changes(context, ObjectKind.PRODUCT, Action.CREATED, entries)
        context.tables.update(
            "catalog_product", ("last_change_id",), list(zip(ids, changes, strict=True))
        )
    return ids


def _public_ids(count: int) -> list[uuid.UUID]:
    """Random ones, like `uuid.uuid4()`, without asking the system for each."""
    random = os.urandom(16 * count)
    return [
        uuid.UUID(bytes=random[start : start + 16], version=4)
        for start in range(0, len(random), 16)
    ]


def update_products(
    context: WriteContext, taxonomy: Taxonomy, updates: Sequence[ProductUpdate]
) -> None:
    """Write the updates that change something."""
    changed = [update for update in updates if update.fields]
    if not changed:
        return
    changes = log_changes(
        context,
        ObjectKind.PRODUCT,
        Action.UPDATED,
        [ChangeEntry(update.stored.id, update.fields, update.draft.row) for update in changed],
    )
    paths = [_after(update, "category") for update in changed]
    categories = taxonomy.categories(context, [path for path in paths if path])
    now = context.tables.moment(context.now)
    context.tables.update(
        "catalog_product",
        (
            "key",
            "name",
            "category_id",
            "digest",
            "digest_change_id",
            "last_change_id",
            "updated_at",
        ),
        [
            (
                update.stored.id,
                _after(update, "key"),
                _after(update, "name"),
                categories[path] if path else None,
                update.draft.digest,
                change_id if update.draft.digest is not None else None,
                change_id,
                now,
            )
            for update, path, change_id in zip(changed, paths, changes, strict=True)
        ],
    )
    for kind in ("tag", "collection"):
        _unlink(context, kind, [u.stored.id for u in changed if f"{kind}s" in u.fields])
    put_on_shelves(
        context,
        taxonomy,
        [
            (
                update.stored.id,
                ProductDraft(
                    key=update.draft.key,
                    tags=update.draft.tags if "tags" in update.fields else None,
                    collections=(
                        update.draft.collections if "collections" in update.fields else None
                    ),
                ),
            )
            for update in changed
        ],
    )


def remove_products(context: WriteContext, products: Sequence[StoredProduct]) -> None:
    """Remove products that have no variants left; the change holds all they were."""
    if not products:
        return
    identities = _identities(products)
    log_changes(
        context,
        ObjectKind.PRODUCT,
        Action.DELETED,
        [
            ChangeEntry(
                object_id=product.id,
                fields=snapshot(product) | identities.get(product.id, {}),
                label=product.name,
            )
            for product in products
        ],
    )
    ids = [product.id for product in products]
    for kind in ("tag", "collection"):
        _unlink(context, kind, ids)
    tables = context.tables
    tables.execute(
        f"DELETE FROM catalog_product WHERE +account_id = %s AND id {tables.in_list}",  # noqa: S608 - our own names
        [context.account_id, tables.among(ids)],
    )


def snapshot(product: StoredProduct) -> dict[str, Any]:
    return {
        "key": product.key,
        "name": product.name,
        "category": product.category,
        "tags": product.tags,
        "collections": product.collections,
    }


def _identities(products: Sequence[StoredProduct]) -> dict[int, dict[str, Any]]:
    """What stays the same of a product as long as it lives, so that it can be brought back."""
    found = Product.objects.filter(pk__in=[product.id for product in products])
    columns = ("uuid", "created_at", "created_by_upload_id")
    return {
        pk: dict(zip(columns, values, strict=True))
        for pk, *values in found.values_list("id", *columns)
    }


def _after(update: ProductUpdate, name: str) -> Any:
    changed = update.fields.get(name)
    return changed[1] if changed else getattr(update.stored, name)


def _unlink(context: WriteContext, kind: str, ids: Sequence[int]) -> None:
    if ids:
        tables = context.tables
        tables.execute(
            f"DELETE FROM catalog_product{kind} WHERE product_id {tables.in_list}",  # noqa: S608 - our own names
            [tables.among(ids)],
        )


def put_on_shelves(
    context: WriteContext, taxonomy: Taxonomy, items: Sequence[tuple[int, ProductDraft]]
) -> None:
    """Give products, by id, the tags and collections of their drafts; they stand nowhere yet."""
    for kind in ("tag", "collection"):
        wanted = [
            (product_id, names)
            for product_id, draft in items
            if (names := draft.tags if kind == "tag" else draft.collections)
        ]
        if not wanted:
            continue
        everyone = (name for _, names in wanted for name in names)
        known = (taxonomy.tags if kind == "tag" else taxonomy.collections)(context, everyone)
        context.tables.insert(
            f"catalog_product{kind}",
            ("product_id", "position", f"{kind}_id"),
            (
                (product_id, position, known[name])
                for product_id, names in wanted
                for position, name in enumerate(names)
            ),
        )
