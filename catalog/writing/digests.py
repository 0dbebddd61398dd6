"""Digests of rows that changed nothing: they are lent where the stored one has lapsed."""

from collections.abc import Sequence

from catalog.writing.context import WriteContext
from catalog.writing.products import ProductUpdate
from catalog.writing.variants import VariantUpdate

_TABLES = {ProductUpdate: "catalog_product", VariantUpdate: "catalog_variant"}


def refresh_digests(
    context: WriteContext, updates: Sequence[ProductUpdate] | Sequence[VariantUpdate]
) -> None:
    """Have the rows' digests recognised from now on: they belong to what is stored already."""
    if not updates:
        return
    context.tables.update(
        _TABLES[type(updates[0])],
        ("digest", "digest_change_id"),
        [
            (update.stored.id, update.draft.digest, update.stored.last_change_id)
            for update in updates
            if not update.fields
            and update.draft.digest is not None
            and not update.stored.digest_is_valid
        ],
    )
