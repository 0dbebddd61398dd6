"""Forgetting changes, for uploads that shall leave nothing behind.

The one exception to a log that is only ever appended to: an all-or-nothing upload that failed
late is taken back as if it had never run.
"""

from collections.abc import Collection

from catalog.models import ObjectKind
from catalog.writing.context import WriteContext

_TABLE = {ObjectKind.PRODUCT: "catalog_product", ObjectKind.VARIANT: "catalog_variant"}


def forget_changes(
    context: WriteContext, kind: ObjectKind, object_ids: Collection[int], *, since: int
) -> None:
    """Forget what the upload that is being taken back, and its undo, did to these objects.

    Its changes from the one with the id `since` on are gone; each object is stamped as its newest
    remaining change left it. Digests lapse: the rows they are of are not known any more.
    """
    if not object_ids:
        return
    tables = context.tables
    ids, upload_id = tables.among(object_ids), context.actor.undo_of
    tables.execute(
        "DELETE FROM catalog_change "  # noqa: S608 - our own names
        f"WHERE kind = %s AND object_id {tables.in_list} AND id >= %s "
        "AND (upload_id = %s OR undo_of_id = %s)",
        [int(kind), ids, since, upload_id, upload_id],
    )
    table = _TABLE[kind]
    newest = (
        f"FROM catalog_change c WHERE c.kind = %s AND c.object_id = {table}.id "
        "ORDER BY c.id DESC LIMIT 1"
    )
    tables.execute(
        f"UPDATE {table} SET digest = NULL, digest_change_id = NULL, "  # noqa: S608 - our own names
        f"last_change_id = (SELECT c.id {newest}), "
        f"updated_at = coalesce((SELECT c.at {newest}), created_at) "
        f"WHERE id {tables.in_list}",
        [int(kind), int(kind), ids],
    )
