"""Following what people, programs and undos change in the catalog, one edit at a time.

The follow-up is written with the change; what pictures show none of is not written down at all.
"""

from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import Account
from catalog.models import Action, Change, ObjectKind, Variant
from catalog.writing.changes import ChangeEntry
from catalog.writing.context import WriteContext
from imagery.following.asking_again import plan_again, plan_new
from imagery.following.photos import lapse_where_changed
from imagery.following.touching import PHOTO, touched_facts
from imagery.models import GeneratedImage, ImageJob, ImagerySettings, settings_of
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
    created = action is Action.CREATED and kind is ObjectKind.VARIANT
    touches = action is Action.UPDATED and any(
        touched_facts(kind, entry.fields) for entry in entries
    )
    if (created or touches) and _follows(context.account_id):
        followups.add(
            kind=CHANGED,
            payload={"first": min(ids), "last": max(ids)},
            account=Account(pk=context.account_id),
        )


def _follows(account_id: int) -> bool:
    """Whether pictures were ever asked for, or are to be made of what is new."""
    its = {"account": OuterRef("pk")}
    return Account.objects.filter(
        Exists(ImageJob.objects.filter(**its))
        | Exists(GeneratedImage.objects.filter(**its))
        | Exists(ImagerySettings.objects.filter(recipe_for_new__isnull=False, **its)),
        pk=account_id,
    ).exists()


def after_change(follow_up: FollowUp) -> None:
    """The handler of `CHANGED`. Again, it finds everything planned."""
    account = follow_up.account
    if account is None:
        return
    touched, created = _read(account, follow_up)
    wishes = settings_of(account.pk)
    for skus in chunks_of(touched):
        with transaction.atomic():
            some = {sku: touched[sku] for sku in skus}
            new_photos = [sku for sku, facts in some.items() if PHOTO in facts]
            lapse_where_changed(account_id=account.pk, skus=new_photos)
            if wishes.follows_catalog:
                plan_again(account=account, touched=some)
        rest()
    if wishes.recipe_for_new is not None:
        for skus in chunks_of(created):
            with transaction.atomic():
                plan_new(account=account, recipe=wishes.recipe_for_new, skus=skus)
            rest()


def _read(account: Account, follow_up: FollowUp) -> tuple[dict[str, frozenset[str]], list[str]]:
    """The facts that were touched, by SKU, and the SKUs that were created. Three queries."""
    changes = Change.objects.filter(
        account=account,
        upload=None,
        pk__range=(follow_up.payload["first"], follow_up.payload["last"]),
    )
    facts: dict[tuple[int, int], frozenset[str]] = {}
    created = set()
    for kind, object_id, action, fields in changes.values_list(
        "kind", "object_id", "action", "fields"
    ):
        if action == Action.UPDATED:
            known = facts.get((kind, object_id), frozenset())
            facts[kind, object_id] = known | touched_facts(ObjectKind(kind), fields)
        elif action == Action.CREATED and kind == ObjectKind.VARIANT:
            created.add(object_id)
    variants = Variant.objects.for_account(account.pk)
    ids = created | {pk for kind, pk in facts if kind == ObjectKind.VARIANT}
    of_ids = variants.filter(pk__in=ids).values_list("id", "product_id", "sku")
    of_products = variants.filter(
        product_id__in=[pk for kind, pk in facts if kind == ObjectKind.PRODUCT]
    ).values_list("id", "product_id", "sku")
    touched: dict[str, frozenset[str]] = {}
    for pk, product_id, sku in (*of_ids, *of_products):
        found = facts.get((ObjectKind.VARIANT, pk), frozenset()) | facts.get(
            (ObjectKind.PRODUCT, product_id), frozenset()
        )
        if found:
            touched[sku] = found
    return touched, [sku for pk, _, sku in of_ids if pk in created]
