"""Where each value of a product or variant comes from: the newest change of every field.

What a file created has no change of its own: the row ledger tells which row it was, and every
field that nothing has touched since comes from there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from bulk_uploads.models import Outcome, RowResult
from catalog.models import (
    Action,
    Change,
    MediaLink,
    ObjectKind,
    Product,
    ProductCollection,
    ProductDecision,
    ProductTag,
    Variant,
)
from catalog.writing.drafts import VALUE_COLUMNS

#: Changes of one object that are looked through for the newest of each field.
MOST_CHANGES = 5_000
_PRODUCT_FIELDS = ("name", "key")


@dataclass(frozen=True, slots=True)
class Origin:
    """Who or what set something. An undo names the upload it took back, and who asked for it."""

    upload_id: int | None
    undo_of_id: int | None
    row: int | None
    user_id: int | None
    token_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class FieldOrigin:
    """`field` is the name that the change log has for it."""

    field: str
    origin: Origin


def changes_of(row: Product | Variant) -> QuerySet[Change]:
    kind = ObjectKind.VARIANT if isinstance(row, Variant) else ObjectKind.PRODUCT
    return Change.objects.filter(account_id=row.account_id, kind=kind, object_id=row.pk)


def provenance_of(row: Product | Variant) -> list[FieldOrigin]:
    """Of every field that has a value, and of those that were emptied; five queries at most."""
    newest = _newest(changes_of(row).filter(action=Action.UPDATED))
    created = creation_of(row)
    fields = dict.fromkeys([*_filled(row), *newest])
    return [
        FieldOrigin(field, origin)
        for field in fields
        if field not in _SAID_OTHERWISE and (origin := newest.get(field, created)) is not None
    ]


#: The padded form of the EAN, and the id behind the product's key.
_SAID_OTHERWISE = frozenset({"gtin", "product_id"})


def _newest(changes: QuerySet[Change]) -> dict[str, Origin]:
    found: dict[str, Origin] = {}
    columns = ("upload_id", "undo_of_id", "row", "user_id", "token_id", "at", "fields")
    for *who, fields in changes.order_by("-id").values_list(*columns)[:MOST_CHANGES]:
        for name in fields or ():
            found.setdefault(name, Origin(*who))
    return found


def creation_of(row: Product | Variant) -> Origin | None:
    """How it began; None where that is not known."""
    if row.created_by_upload_id is not None:
        number = _creating_row(row)
        return Origin(row.created_by_upload_id, None, number, None, None, row.created_at)
    first = (
        changes_of(row)
        .filter(action=Action.CREATED, undo_of=None)
        .order_by("id")
        .values_list("user_id", "token_id", "at")
        .first()
    )
    return Origin(None, None, None, *first) if first else None


def _creating_row(row: Product | Variant) -> int | None:
    """Of a variant the row that made it; of a product the row that decided what it is."""
    if isinstance(row, Product):
        decisions = ProductDecision.objects.filter(
            upload_id=row.created_by_upload_id, is_dry=False, product_key=row.key
        )
        return decisions.values_list("row", flat=True).first()
    results = RowResult.objects.filter(
        upload_id=row.created_by_upload_id, is_dry=False, key=row.sku, outcome=Outcome.CREATED
    )
    return results.values_list("row", flat=True).first()


def _filled(row: Product | Variant) -> Sequence[str]:
    return list(_filled_of_variant(row) if isinstance(row, Variant) else _filled_of_product(row))


def _filled_of_variant(variant: Variant) -> Iterable[str]:
    yield "sku"
    yield "product"
    for name in VALUE_COLUMNS:
        if getattr(variant, name) not in (None, ""):
            yield name
    for key in variant.attributes:
        yield f"attributes.{key}"
    for key, held in variant.property_sets.items():
        if isinstance(held, dict):
            yield from (f"property_sets.{key}.{entry}" for entry in held)
        else:
            yield f"property_sets.{key}"
    links = MediaLink.objects.filter(variant_id=variant.pk).order_by("property_set_id")
    for set_id in links.values_list("property_set_id", flat=True).distinct():
        yield f"media.{set_id}"


def _filled_of_product(product: Product) -> Iterable[str]:
    yield from _PRODUCT_FIELDS
    if product.category_id is not None:
        yield "category"
    if ProductTag.objects.filter(product_id=product.pk).exists():
        yield "tags"
    if ProductCollection.objects.filter(product_id=product.pk).exists():
        yield "collections"
