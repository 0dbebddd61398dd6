"""What an all-or-nothing upload made besides products and variants: it goes where nothing uses it.

Which shelves, definitions and media came with the upload is told by the ids there were before it.
"""

from collections.abc import Mapping

from django.db.models import Max, Model

from bulk_sql import Tables
from catalog.models import (
    Action,
    AttributeDefinition,
    Category,
    Change,
    Collection,
    MediaAsset,
    ObjectKind,
    PropertySetDefinition,
    TableEntryDefinition,
    Tag,
    UploadStart,
    Variant,
)
from catalog.undoing.reversing import Reversing

_MARKED: tuple[type[Model], ...] = (
    Category,
    Tag,
    Collection,
    MediaAsset,
    AttributeDefinition,
    PropertySetDefinition,
    TableEntryDefinition,
    Change,
)
_UNUSED_SHELVES = {
    "catalog_tag": "SELECT 1 FROM catalog_producttag u WHERE u.tag_id = t.id",
    "catalog_collection": "SELECT 1 FROM catalog_productcollection u WHERE u.collection_id = t.id",
    "catalog_mediaasset": "SELECT 1 FROM catalog_medialink u WHERE u.asset_id = t.id",
}
_MEDIA_WAITING = "AND t.file_id IS NULL"


def note_start(*, upload_id: int) -> None:
    """Before the first row of an all-or-nothing upload is applied; later calls change nothing."""
    if not UploadStart.objects.filter(pk=upload_id).exists():
        newest = {
            model._meta.db_table: model._default_manager.aggregate(last=Max("pk"))["last"] or 0
            for model in _MARKED
        }
        UploadStart.objects.create(upload_id=upload_id, newest_ids=newest)


def remove_leftovers(reversing: Reversing, *, limit: int) -> bool:
    """One bounded step; False when nothing is left. Something that is in use stays."""
    start = UploadStart.objects.filter(pk=reversing.upload_id).first()
    if start is None:
        return False
    tables, account_id = reversing.context.tables, reversing.account_id
    newest: Mapping[str, int] = start.newest_ids
    for table, use in _UNUSED_SHELVES.items():
        if _remove_unused(tables, table, use, account_id, newest[table], limit):
            return True
    _remove_unused_categories(account_id, newest["catalog_category"])
    _remove_unused_definitions(account_id, newest)
    start.delete()
    return False


def _remove_unused(
    tables: Tables, table: str, use: str, account_id: int, since: int, limit: int
) -> int:
    extra = _MEDIA_WAITING if table == "catalog_mediaasset" else ""
    return tables.execute(
        f"DELETE FROM {table} WHERE id IN (SELECT t.id FROM {table} t "  # noqa: S608 - our own names
        f"WHERE +t.account_id = %s AND t.id > %s {extra} AND NOT EXISTS ({use}) LIMIT %s)",
        [account_id, since, limit],
    )


def _remove_unused_categories(account_id: int, since: int) -> None:
    """From the leaves up: a level that holds nothing any more goes with what it held."""
    while True:
        new = Category.objects.filter(account_id=account_id, id__gt=since)
        empty = new.filter(products=None, children=None).values_list("id", flat=True)
        ids = list(empty)
        if not ids:
            return
        # Not raw: rooms above may say something of a category, which goes with it.
        Category.objects.filter(pk__in=ids).delete()


def _remove_unused_definitions(account_id: int, newest: Mapping[str, int]) -> None:
    """Only an edit by somebody else since can be using one of them: such variants are few."""
    used = _Used(account_id, since=newest["catalog_change"])
    attributes = AttributeDefinition.objects.filter(
        account_id=account_id, id__gt=newest["catalog_attributedefinition"]
    )
    attributes.exclude(pk__in=used.attributes).delete()
    entries = TableEntryDefinition.objects.filter(
        property_set__account_id=account_id, id__gt=newest["catalog_tableentrydefinition"]
    )
    entries.exclude(pk__in=used.entries).delete()
    sets = PropertySetDefinition.objects.filter(
        account_id=account_id, id__gt=newest["catalog_propertysetdefinition"]
    )
    sets.exclude(pk__in=used.sets).delete()


class _Used:
    """The definitions that variants which others have touched since, and their changes, name."""

    def __init__(self, account_id: int, *, since: int) -> None:
        self.attributes: set[int] = set()
        self.entries: set[int] = set()
        self.sets: set[int] = set()
        changes = Change.objects.filter(account_id=account_id, id__gt=since)
        for fields in changes.filter(action=Action.UPDATED).values_list("fields", flat=True):
            for name in fields or ():
                self._add(*name.split("."))
        touched = changes.filter(kind=ObjectKind.VARIANT).values("object_id")
        variants = Variant.objects.filter(account_id=account_id, pk__in=touched)
        for attributes, sets in variants.values_list("attributes", "property_sets"):
            for attribute in attributes:
                self._add("attributes", attribute)
            for key, held in sets.items():
                self._add("property_sets", key)
                for entry in held if isinstance(held, dict) else ():
                    self._add("property_sets", key, entry)
        linked = variants.filter(media_links__isnull=False)
        self.sets |= set(linked.values_list("media_links__property_set_id", flat=True))

    def _add(self, kind: str, *ids: str) -> None:
        """A field as the change log names it."""
        if kind == "attributes" and ids:
            self.attributes.add(int(ids[0]))
        elif kind in ("property_sets", "media") and ids:
            self.sets.add(int(ids[0]))
            self.entries |= {int(entry) for entry in ids[1:]}
