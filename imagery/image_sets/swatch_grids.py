"""Which products' swatch grids are to be drawn again, as something that they show has changed."""

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import Final

from django.db.models import F, QuerySet

from accounts.models import Account
from catalog.models import Product, Variant
from imagery.image_sets.rules import rules_of
from imagery.models import GeneratedImage, Role, SwatchGrid
from jobs import clock

#: Pictures of a product's variants come one after the other: the grid waits for some of them.
PATIENCE: Final = timedelta(seconds=10)
#: Roles whose pictures a grid is drawn from, the best first.
SHOWN_ROLES: Final = (Role.CUTOUT, Role.HERO)


def ask_for_grids(*, account: Account, skus: Iterable[str]) -> int:
    """Have the grids drawn of these SKUs' products, where their category needs one; of how many.

    Four queries. In the transaction of what changed.
    """
    variants = Variant.objects.for_account(account.pk).filter(sku__in=list(skus))
    products = Product.objects.filter(pk__in=variants.values("product_id"))
    return _ask_where_needed(account, products)


def ask_for_grids_of(*, account: Account, product_ids: Collection[int]) -> int:
    """The same for products, by their ids."""
    products = Product.objects.for_account(account.pk).filter(pk__in=list(product_ids))
    return _ask_where_needed(account, products) if product_ids else 0


def images_saved(images: Sequence[GeneratedImage]) -> None:
    """Told of new images of one account, in the transaction that saves them."""
    shown = [image for image in images if image.sku and image.role in SHOWN_ROLES]
    if shown:
        ask_for_grids(account=shown[0].account, skus={image.sku for image in shown})


def _ask_where_needed(account: Account, products: QuerySet[Product]) -> int:
    rules = rules_of(account_id=account.pk)
    needing = (rules.default, *rules.by_path.values())
    if not any(Role.SWATCH_GRID in roles for roles in needing):
        return 0
    places = products.values_list("key", "category__path")
    keys = {key for key, path in places if Role.SWATCH_GRID in rules.required(path or "")}
    _ask(account, keys)
    return len(keys)


def _ask(account: Account, keys: Collection[str]) -> None:
    if not keys:
        return
    SwatchGrid.objects.bulk_create(
        [SwatchGrid(account=account, product_key=key) for key in sorted(keys)],
        ignore_conflicts=True,
    )
    SwatchGrid.objects.filter(account=account, product_key__in=keys).update(
        asked=F("asked") + 1, run_after=clock.now() + PATIENCE, dispatched_at=None
    )
