"""Removing what an upload created, unless something has happened to it since."""

from collections.abc import Sequence

from bulk_uploads.models import Outcome, RowResult
from catalog.models import ObjectKind, Product
from catalog.undoing.holds import Hold, holds_on
from catalog.undoing.kept import Kept, Reason, changed_since
from catalog.undoing.later_changes import NONE, WHOLE, LaterChanges
from catalog.undoing.reversing import Reversing
from catalog.writing import products, variants


def remove_created_variants(reversing: Reversing, *, after: int, limit: int) -> int | None:
    """Those of the rows after this row; return the last row looked at, None if none is left.

    The row ledger tells what a file created. Ten queries, whatever the number of rows.
    """
    rows = list(
        RowResult.objects.filter(
            upload_id=reversing.upload_id, is_dry=False, row__gt=after, outcome=Outcome.CREATED
        )
        .order_by("row")
        .values_list("row", "object_id")[:limit]
    )
    if not rows:
        return None
    row_of = {object_id: row for row, object_id in rows if object_id is not None}
    stored = variants.load_variants(reversing.context, sorted(row_of), with_media=True)
    later = reversing.later(ObjectKind.VARIANT, stored)
    holds = holds_on(reversing.account_id, stored)
    removable = []
    for pk, variant in stored.items():
        reasons = _against(later.get(pk, NONE), holds.get(pk))
        if reasons:
            reversing.outcome.kept.append(Kept(row_of[pk], variant.sku, reasons))
        else:
            removable.append(variant)
    variants.remove_variants(reversing.context, removable)
    reversing.forget(ObjectKind.VARIANT, [variant.id for variant in removable])
    reversing.outcome.removed += len(removable)
    return rows[-1][0]


def _against(later: LaterChanges, hold: Hold | None) -> list[Reason]:
    reasons = changed_since(later.fields().items())
    if hold is not None:
        reasons.append(Reason(WHOLE, hold.reason_code, None, hold.message))
    return reasons


def remove_created_products(reversing: Reversing, *, after: int, limit: int) -> int | None:
    """Those with a higher id; return the last one looked at, None if none is left.

    Comes last: until then they hold variants that go back to where they were.
    """
    ids = _created_products(reversing, after=after, limit=limit)
    if not ids:
        return None
    stored = products.load_products(reversing.context, ids)
    filled = _with_variants(reversing, ids)
    later = reversing.later(ObjectKind.PRODUCT, ids)
    removable = []
    for pk, product in stored.items():
        reasons = changed_since(later.get(pk, NONE).fields().items())
        if pk in filled:
            reasons.append(Reason(WHOLE, "has_variants", None, "It holds variants that stay."))
        if reasons:
            reversing.outcome.kept.append(Kept(None, product.key, reasons))
        else:
            removable.append(product)
    products.remove_products(reversing.context, removable)
    reversing.forget(ObjectKind.PRODUCT, [product.id for product in removable])
    reversing.outcome.removed += len(removable)
    return ids[-1]


def _created_products(reversing: Reversing, *, after: int, limit: int) -> list[int]:
    made = Product.objects.filter(
        created_by_upload_id=reversing.upload_id, account_id=reversing.account_id, id__gt=after
    )
    return list(made.order_by("id").values_list("id", flat=True)[:limit])


def _with_variants(reversing: Reversing, ids: Sequence[int]) -> set[int]:
    tables = reversing.context.tables
    rows = tables.select(
        "SELECT DISTINCT product_id FROM catalog_variant "  # noqa: S608 - our own names
        f"WHERE product_id {tables.in_list}",
        [tables.among(ids)],
    )
    return {row[0] for row in rows}
