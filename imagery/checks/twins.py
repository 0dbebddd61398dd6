"""Finding pictures that show the same, without comparing each with each.

Two hashes of 64 bits that differ in up to seven have a band of sixteen in which at most one bit
differs. So those few values of each band are looked up, and only what they find is compared.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from catalog.models import Variant
from imagery.checks.keeping import bands_of, likeness_in
from imagery.checks.likeness import are_one
from imagery.checks.live import live
from imagery.models import ImageMeasures, Role

#: Of a crowd of like ones so many are looked at: one twin is enough.
_MOST: Final = 2_000


@dataclass(frozen=True, slots=True)
class Twins:
    """By image: the first that shows the same, made earlier; and all made later."""

    earlier: dict[int, ImageMeasures]
    later: frozenset[int]


def twins_of(rows: Sequence[ImageMeasures]) -> Twins:
    """Of measured images of one account, with their `image` at hand: five queries for all."""
    hashed = [row for row in rows if row.bits is not None]
    if not hashed:
        return Twins({}, frozenset())
    near = _near(hashed)
    products = _products(hashed[0].account_id, [*hashed, *near])
    earlier: dict[int, ImageMeasures] = {}
    later: set[int] = set()
    for row in hashed:
        for other in near:
            if other.pk == row.pk or not _shows_the_same(row, other, products):
                continue
            if other.pk > row.pk:
                later.add(other.pk)
            elif row.pk not in earlier or other.pk < earlier[row.pk].pk:
                earlier[row.pk] = other
    return Twins(earlier, frozenset(later))


def _near(rows: Sequence[ImageMeasures]) -> list[ImageMeasures]:
    """Live images of the account that share nearly a band with one of these."""
    found: dict[int, ImageMeasures] = {}
    for place in range(4):
        values = {
            value
            for row in rows
            if row.bits is not None
            for value in _nearly(bands_of(row.bits % (1 << 64))[place])
        }
        live = _live(rows[0].account_id).filter(**{f"band_{place + 1}__in": values})
        found.update((row.pk, row) for row in live[:_MOST])
    return list(found.values())


def _live(account_id: int) -> QuerySet[ImageMeasures]:
    return (
        ImageMeasures.objects.filter(live("image__"), account_id=account_id)
        .select_related("image")
        .only(
            "account_id",
            "bits",
            "lightness",
            "green_red",
            "blue_yellow",
            "image__sku",
            "image__product_key",
            "image__role",
            "image__uuid",
        )
        .order_by()
    )


def _nearly(band: int) -> Iterable[int]:
    yield band
    yield from (band ^ 1 << bit for bit in range(16))


def _products(account_id: int, rows: Iterable[ImageMeasures]) -> dict[str, int]:
    skus = {row.image.sku for row in rows if row.image.sku}
    known = Variant.objects.for_account(account_id).filter(sku__in=skus)
    return dict(known.order_by().values_list("sku", "product_id"))


def _shows_the_same(row: ImageMeasures, other: ImageMeasures, products: dict[str, int]) -> bool:
    """Variants of one product may look alike, and a cut-out is like what it is cut out of."""
    one, its = row.image, other.image
    if (one.role == Role.CUTOUT) != (its.role == Role.CUTOUT):
        return False
    is_sibling = (
        one.sku != its.sku and one.sku in products and products[one.sku] == products.get(its.sku)
    )
    mine, theirs = likeness_in(row), likeness_in(other)
    return not is_sibling and mine is not None and theirs is not None and are_one(mine, theirs)
