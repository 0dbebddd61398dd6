"""What an undo would do now, in sentences, before anybody asks for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bulk_sql import tables
from catalog.models import Action, Change, ObjectKind
from catalog.undoing.holds import holds_on
from catalog.undoing.later_changes import NONE, WHOLE, later_changes
from catalog.undoing.remarks import remarks_on

#: Up to so many created objects, and so many that something was done to since, are looked at.
_MOST = 50_000
#: So many at once: databases take only so many parameters.
_AT_ONCE = 5_000

_TABLE = {ObjectKind.PRODUCT: "catalog_product", ObjectKind.VARIANT: "catalog_variant"}
_CREATED_VARIANTS = """
SELECT v.id, v.last_change_id, v.product_id
FROM bulk_uploads_rowresult r JOIN catalog_variant v ON v.id = r.object_id
WHERE r.upload_id = %s AND r.is_dry = %s AND r.outcome = 1 LIMIT %s"""
_CREATED_PRODUCTS = """
SELECT id, last_change_id FROM catalog_product WHERE created_by_upload_id = %s LIMIT %s"""
_UPDATED = """
SELECT count(DISTINCT c.object_id)
FROM catalog_change c JOIN {table} o ON o.id = c.object_id
WHERE c.upload_id = %s AND c.kind = %s AND c.action = 2
AND o.created_by_upload_id IS DISTINCT FROM c.upload_id"""
_TOUCHED = """
SELECT c.id
FROM catalog_change c LEFT JOIN {table} o ON o.id = c.object_id
WHERE c.upload_id = %s AND c.kind = %s AND c.action = 2
AND o.created_by_upload_id IS DISTINCT FROM c.upload_id
AND o.last_change_id IS DISTINCT FROM c.id LIMIT %s"""
#: Variants that others have put into products of the upload.
_STRANGERS = """
SELECT DISTINCT v.product_id
FROM catalog_product p JOIN catalog_variant v ON v.product_id = p.id
WHERE p.created_by_upload_id = %s AND v.created_by_upload_id IS DISTINCT FROM p.created_by_upload_id
AND NOT EXISTS (SELECT 1 FROM catalog_change c
  WHERE c.kind = 2 AND c.object_id = v.id AND c.upload_id = p.created_by_upload_id)"""


@dataclass(frozen=True, slots=True)
class _Created:
    #: Ids of those that nothing stands against removing.
    removed: Sequence[int]
    kept: int
    #: Products in which a created variant stays.
    filled: frozenset[int]
    #: Whether there are more than were looked at.
    is_part: bool


@dataclass(frozen=True, slots=True)
class _Updated:
    restored: int
    kept: int
    #: Whether more than those looked at were changed since, so that fewer are restored.
    is_part: bool


def forecast(*, upload_id: int, account_id: int, most: int = _MOST) -> Sequence[str]:
    """About a dozen queries, each over at most what the upload wrote.

    Where there is more than `most` to look at, the sentences say of what they are a bound.
    """
    variants = _created_variants(upload_id, account_id, most)
    products = _created_products(upload_id, variants.filled, most)
    updated = {kind: _updated(upload_id, kind, most) for kind in ObjectKind}
    brought_back = Change.objects.filter(
        upload_id=upload_id, kind=ObjectKind.PRODUCT, action=Action.DELETED
    ).count()
    kept = variants.kept + products.kept + sum(found.kept for found in updated.values())
    restored = _objects(updated[ObjectKind.VARIANT].restored, updated[ObjectKind.PRODUCT].restored)
    more_changed = any(found.is_part for found in updated.values())
    most_restored = "at most " if more_changed else ""
    is_part = more_changed or variants.is_part or products.is_part
    least_kept = "at least " if is_part else ""
    sentences = [
        _removal(variants, products),
        *remarks_on(account_id, variants.removed, is_part=variants.is_part),
        f"Restore {most_restored}{restored} that this upload changed." if restored else "",
        f"Bring back {_objects(0, brought_back)} that this upload removed." if brought_back else "",
        f"Keep {least_kept}{kept:,} to which something else has happened since;"
        " each is listed with the reason."
        if kept
        else "",
    ]
    found = [sentence for sentence in sentences if sentence]
    return found or ["Nothing of this upload is left to take back."]


def _removal(variants: _Created, products: _Created) -> str:
    # Which products will be empty is not known before all of their variants were looked at.
    empty_products = 0 if variants.is_part else len(products.removed)
    removed = _objects(len(variants.removed), empty_products)
    if not removed:
        return ""
    if variants.is_part:
        return (
            f"Remove at least {removed} that this upload created, and products that this empties."
        )
    return f"Remove {'at least ' if products.is_part else ''}{removed} that this upload created."


def _batched(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]


def _objects(variants: int, products: int) -> str:
    counted = ((variants, "variant"), (products, "product"))
    return " and ".join(
        f"{count:,} {word}{'' if count == 1 else 's'}" for count, word in counted if count
    )


def _created_variants(upload_id: int, account_id: int, most: int) -> _Created:
    found = tables().select(_CREATED_VARIANTS, [upload_id, False, most + 1])
    rows = found[:most]
    touched = [pk for pk, last_change, _ in rows if last_change is not None]
    stay = _changed_by_others(ObjectKind.VARIANT, touched, upload_id)
    for some in _batched([row[0] for row in rows]):
        stay |= holds_on(account_id, some).keys()
    filled = frozenset(product_id for pk, _, product_id in rows if pk in stay)
    removed = [pk for pk, _, _ in rows if pk not in stay]
    return _Created(removed, len(stay), filled, is_part=len(found) > most)


def _created_products(upload_id: int, filled: frozenset[int], most: int) -> _Created:
    ways = tables()
    found = ways.select(_CREATED_PRODUCTS, [upload_id, most + 1])
    rows = found[:most]
    touched = [pk for pk, last_change in rows if last_change is not None]
    stay = _changed_by_others(ObjectKind.PRODUCT, touched, upload_id)
    stay |= filled | {row[0] for row in ways.select(_STRANGERS, [upload_id])}
    stay &= {row[0] for row in rows}
    removed = [pk for pk, _ in rows if pk not in stay]
    return _Created(removed, len(stay), frozenset(), is_part=len(found) > most)


def _changed_by_others(kind: ObjectKind, ids: Sequence[int], upload_id: int) -> set[int]:
    found: set[int] = set()
    for some in _batched(ids):
        later = later_changes(kind, some, upload_id=upload_id, after=0)
        found |= {pk for pk, changes in later.items() if changes.fields()}
    return found


def _updated(upload_id: int, kind: ObjectKind, most: int) -> _Updated:
    """How many of what the upload changed will be restored, and how many kept."""
    ways, table = tables(), _TABLE[kind]
    there = int(ways.select(_UPDATED.format(table=table), [upload_id, int(kind)])[0][0])
    touched = ways.select(_TOUCHED.format(table=table), [upload_id, int(kind), most + 1])
    kept: set[int] = set()
    gone: set[int] = set()
    for some in _batched([row[0] for row in touched[:most]]):
        _sort_out(kind, some, upload_id, kept, gone)
    return _Updated(there - len(kept), len(kept | gone), is_part=len(touched) > most)


def _sort_out(
    kind: ObjectKind, changes: Sequence[int], upload_id: int, kept: set[int], gone: set[int]
) -> None:
    """Of the objects of these changes, those that others have changed since, or removed."""
    columns = ("id", "object_id", "fields")
    rows = list(Change.objects.filter(pk__in=changes).values_list(*columns))
    ids = {object_id for _, object_id, _ in rows}
    later = later_changes(kind, ids, upload_id=upload_id, after=min(changes))
    for pk, object_id, fields in rows:
        others = later.get(object_id, NONE)
        if others.newest(WHOLE, after=pk):
            gone.add(object_id)
        elif any(others.newest(name, after=pk) for name in fields or ()):
            kept.add(object_id)
