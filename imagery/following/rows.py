"""Which rows of an upload get pictures: those that a recipe shows anything new of."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bulk_uploads.models import Outcome
from bulk_uploads.processors import RowOutcome
from catalog.models import Action, Change, ObjectKind, Variant
from imagery.following.touching import shows, touched_facts
from imagery.models import ImageJob
from imagery.planning.recipe_plan import RecipePlan
from imagery.planning.targets import Target

_WITH_OBJECT = (Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED)
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FollowedRow:
    """A row that stands for a variant, and the facts that the upload changed of it."""

    row: int
    sku: str
    is_new: bool
    touched: frozenset[str]


def followed_rows(
    *, account_id: int, upload_id: int, outcomes: Iterable[RowOutcome]
) -> list[FollowedRow]:
    """Three queries. Of a dry run: in the transaction of the batch, while its effects are there."""
    rows = [
        (row, key, outcome, object_id)
        for row, key, outcome, object_id in outcomes
        if outcome in _WITH_OBJECT and key is not None and object_id is not None
    ]
    ids = [object_id for _, _, _, object_id in rows]
    products = dict(
        Variant.objects.filter(pk__in=ids, account_id=account_id).values_list("id", "product_id")
    )
    of_variants = _touched(upload_id, ObjectKind.VARIANT, ids)
    of_products = _touched(upload_id, ObjectKind.PRODUCT, set(products.values()))
    return [
        FollowedRow(
            row=row,
            sku=key,
            is_new=outcome == Outcome.CREATED,
            touched=of_variants.get(object_id, _NOTHING)
            | of_products.get(products[object_id], _NOTHING),
        )
        for row, key, outcome, object_id in rows
        if object_id in products
    ]


def targets_of(
    plan: RecipePlan, rows: Sequence[FollowedRow], *, only_asked: bool = False
) -> list[Target]:
    """Rows that are new, that changed what the recipe shows, or that it was never asked for. One
    query.

    `only_asked`: those alone that it was asked for before, and that changed.
    """
    asked = set(
        ImageJob.objects.for_account(plan.account_id)
        .filter(
            sku__in=[row.sku for row in rows if not row.is_new],
            recipe_version__recipe_id=plan.recipe_id,
        )
        .values_list("sku", flat=True)
        .distinct()
        .order_by()
    )
    placeholders = plan.placeholders
    return [
        Target(row.sku, upload_row=row.row)
        for row in rows
        if (row.sku in asked and shows(placeholders, row.touched))
        or (row.sku not in asked and not only_asked)
    ]


def _touched(
    upload_id: int, kind: ObjectKind, ids: Collection[int]
) -> Mapping[int, frozenset[str]]:
    found: defaultdict[int, frozenset[str]] = defaultdict(frozenset)
    changes = Change.objects.filter(
        kind=kind, object_id__in=ids, upload_id=upload_id, action=Action.UPDATED
    )
    for object_id, fields in changes.values_list("object_id", "fields"):
        found[object_id] |= touched_facts(kind, fields)
    return found
