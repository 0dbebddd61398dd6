"""Bringing back products that were removed, with the id they had."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from catalog.models import Action, ObjectKind
from catalog.writing.changes import ChangeEntry, log_changes
from catalog.writing.context import WriteContext
from catalog.writing.drafts import ProductDraft
from catalog.writing.products import put_on_shelves
from catalog.writing.taxonomy import Taxonomy

_COLUMNS = (
    "id",
    "uuid",
    "account_id",
    "key",
    "name",
    "category_id",
    "created_by_upload_id",
    "last_change_id",
    "created_at",
    "updated_at",
)


def restore_products(
    context: WriteContext, taxonomy: Taxonomy, removed: Mapping[int, Mapping[str, Any]]
) -> None:
    """`removed` are the fields of their deletions, by product id. Their keys must be free."""
    if not removed:
        return
    entries = [ChangeEntry(object_id=product_id, fields=None) for product_id in removed]
    changes = log_changes(context, ObjectKind.PRODUCT, Action.CREATED, entries)
    paths = [was["category"] for was in removed.values() if was["category"]]
    categories = taxonomy.categories(context, paths)
    tables = context.tables
    tables.insert(
        "catalog_product",
        _COLUMNS,
        [
            (
                product_id,
                tables.identifier(UUID(was["uuid"])),
                context.account_id,
                was["key"],
                was["name"],
                categories[was["category"]] if was["category"] else None,
                was["created_by_upload_id"],
                change_id,
                tables.moment(datetime.fromisoformat(was["created_at"])),
                tables.moment(context.now),
            )
            for (product_id, was), change_id in zip(removed.items(), changes, strict=True)
        ],
    )
    drafts = [
        (product_id, ProductDraft(was["key"], tags=was["tags"], collections=was["collections"]))
        for product_id, was in removed.items()
    ]
    put_on_shelves(context, taxonomy, drafts)
