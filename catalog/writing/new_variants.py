"""Creating variants, many at once."""

from collections.abc import Sequence
from itertools import repeat

from catalog.models import Action, ObjectKind
from catalog.writing.changes import ChangeEntry, log_changes
from catalog.writing.context import WriteContext
from catalog.writing.drafts import VALUE_COLUMNS, NewVariants
from catalog.writing.media import link_new

_COLUMNS = (
    "id",
    "account_id",
    "product_id",
    "sku",
    *VALUE_COLUMNS,
    "attributes",
    "property_sets",
    "created_by_upload_id",
    "digest",
    "created_at",
    "updated_at",
)
_ACTIVE = VALUE_COLUMNS.index("active")


def create_variants(context: WriteContext, new: NewVariants) -> Sequence[int]:
    """Return the new ids in the order given.

    An upload's creations are told by the row ledger; others get a bare change each.
    """
    if not len(new):
        return []
    ids = context.tables.next_ids("catalog_variant", len(new))
    now = context.tables.moment(context.now)
    values = [*new.values]
    values[_ACTIVE] = [context.tables.truth(bool(active)) for active in values[_ACTIVE]]
    context.tables.insert(
        "catalog_variant",
        _COLUMNS,
        zip(
            ids,
            repeat(context.account_id),
            new.product_ids,
            new.skus,
            *values,
            new.attributes,
            new.property_sets,
            repeat(context.actor.upload_id),
            new.digests,
            repeat(now),
            repeat(now),
            strict=False,
        ),
    )
    link_new(context, [(ids[place], set_id, urls) for place, set_id, urls in new.media])
    if context.actor.upload_id is None:
        _log_creations(context, ids)
    return ids


def _log_creations(context: WriteContext, ids: Sequence[int]) -> None:
    entries = [ChangeEntry(object_id=variant_id, fields=None) for variant_id in ids]
    changes = log_changes(context, ObjectKind.VARIANT, Action.CREATED, entries)
    context.tables.update(
        "catalog_variant", ("last_change_id",), list(zip(ids, changes, strict=True))
    )
