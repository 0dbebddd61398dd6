"""Following what people, programs and undos change in the catalog, one edit at a time.

The follow-up is written with the change; what pictures show none of is not written down at all.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import Account
from catalog.models import Action, Change, ObjectKind, Variant
from catalog.writing.changes import ChangeEntry
from catalog.writing.context import WriteContext
from imagery.following.asking_again import plan_again, plan_new
from imagery.following.consequences import lapse_approvals, settle
from imagery.following.removals import stop_removed
from imagery.following.touching import touched_facts
from imagery.image_sets.swatch_grids import ask_for_grids_of
from imagery.models import (
    GeneratedImage,
    ImageJob,
    ImagerySettings,
    ImageSetRule,
    Role,
    settings_of,
)
from imagery.planning.chunk_sizes import chunks_of, rest
from jobs import followups
from jobs.models import FollowUp

#: Follow-up kind; the payload is {"first": id, "last": id} of the changes it is about.
CHANGED: Final = "imagery.catalog_changed"


def note_change(
    context: WriteContext,
    kind: ObjectKind,
    action: Action,
    entries: Sequence[ChangeEntry],
    ids: Sequence[int],
) -> None:
    """Called in the transaction of the change: one follow-up, where there is anything to follow.

    Rows of files are followed with their upload.
    """
    if context.actor.upload_id is not None or not ids:
        return
    comes_or_goes = action is not Action.UPDATED and kind is ObjectKind.VARIANT
    touches = action is Action.UPDATED and any(
        touched_facts(kind, entry.fields) for entry in entries
    )
    if (comes_or_goes or touches) and _follows(context.account_id):
        followups.add(
            kind=CHANGED,
            payload={"first": min(ids), "last": max(ids)},
            account=Account(pk=context.account_id),
        )


def _follows(account_id: int) -> bool:
    """Whether there are pictures, or are to be some: asked for, of what is new, or drawn."""
    its = {"account": OuterRef("pk")}
    return Account.objects.filter(
        Exists(ImageJob.objects.filter(**its))
        | Exists(GeneratedImage.objects.filter(**its))
        | Exists(ImagerySettings.objects.filter(recipe_for_new__isnull=False, **its))
        | Exists(ImageSetRule.objects.filter(role=Role.SWATCH_GRID, **its)),
        pk=account_id,
    ).exists()


def after_change(follow_up: FollowUp) -> None:
    """The handler of `CHANGED`. Again, it finds everything planned."""
    account = follow_up.account
    if account is None:
        return
    edited = _read(account, follow_up)
    for skus in chunks_of(edited.removed):
        stop_removed(account=account, skus=skus)
        rest()
    wishes = settings_of(account.pk)
    for skus in chunks_of(edited.touched):
        touched = {sku: edited.touched[sku] for sku in skus}
        lapse_approvals(account=account, touched=touched)
        with transaction.atomic():
            if wishes.follows_catalog:
                plan_again(account=account, touched=touched)
            settle(account=account, touched=touched, new=())
        rest()
    for skus in chunks_of(edited.created):
        with transaction.atomic():
            if wishes.recipe_for_new is not None:
                plan_new(account=account, recipe=wishes.recipe_for_new, skus=skus)
            settle(account=account, touched={}, new=skus)
        rest()
    ask_for_grids_of(account=account, product_ids=edited.left)


@dataclass(frozen=True, slots=True)
class _Edited:
    """By SKU the facts that were touched; SKUs that came and went; products that variants left."""

    touched: dict[str, frozenset[str]]
    created: list[str]
    removed: list[str]
    left: set[int]


def _read(account: Account, follow_up: FollowUp) -> _Edited:
    """Three queries."""
    changes = Change.objects.filter(
        account=account,
        upload=None,
        pk__range=(follow_up.payload["first"], follow_up.payload["last"]),
    )
    facts: dict[tuple[int, int], frozenset[str]] = {}
    created, left = set(), set()
    removed: list[str] = []
    for kind, object_id, action, fields in changes.values_list(
        "kind", "object_id", "action", "fields"
    ):
        if action == Action.UPDATED:
            known = facts.get((kind, object_id), frozenset())
            facts[kind, object_id] = known | touched_facts(ObjectKind(kind), fields)
            left.update((fields or {}).get("product_id", ())[:1])
        elif kind == ObjectKind.VARIANT and action == Action.CREATED:
            created.add(object_id)
        elif kind == ObjectKind.VARIANT:
            was = fields or {}
            left.add(was["product_id"])
            removed.append(was["sku"])
    rows = _variants(account, facts, created)
    touched = {
        sku: found
        for pk, product_id, sku in rows
        if (found := _facts_of(facts, pk, product_id)) and pk not in created
    }
    return _Edited(touched, [sku for pk, _, sku in rows if pk in created], removed, left)


def _facts_of(
    facts: Mapping[tuple[int, int], frozenset[str]], variant_id: int, product_id: int
) -> frozenset[str]:
    none: frozenset[str] = frozenset()
    of_product = facts.get((ObjectKind.PRODUCT, product_id), none)
    return facts.get((ObjectKind.VARIANT, variant_id), none) | of_product


def _variants(
    account: Account, facts: Iterable[tuple[int, int]], created: Collection[int]
) -> list[tuple[int, int, str]]:
    """Those that changed, are new, or belong to a product that changed."""
    ids = {pk for kind, pk in facts if kind == ObjectKind.VARIANT} | set(created)
    products = {pk for kind, pk in facts if kind == ObjectKind.PRODUCT}
    variants = Variant.objects.for_account(account.pk).order_by("id")
    columns = ("id", "product_id", "sku")
    own = variants.filter(pk__in=ids).values_list(*columns)
    of_products = variants.filter(product_id__in=products).values_list(*columns)
    return list(dict.fromkeys([*own, *of_products]))
