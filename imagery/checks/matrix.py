"""SKUs against channels: in each cell the worst verdict of the SKU's live images."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from django.db.models import Max, Q, QuerySet

from catalog.models import Category, Variant
from imagery.checks.findings import Verdict
from imagery.checks.live import live
from imagery.checks.profiles import profile_book
from imagery.models import ChannelProfile, ChannelVerdict, SkuImagery
from jobs import clock

PER_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a page of the matrix is about; `after` is the last SKU of the page before.

    With a `verdict`, only SKUs whose worst in the `channel` (of all of them, if "") is that.
    """

    account_id: int
    category: Category | None = None
    channel: str = ""
    verdict: Verdict | None = None
    search: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """`verdict` is None where no image of the SKU has been checked yet."""

    profile: ChannelProfile
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class MatrixRow:
    sku: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """`next_after` is "" on the last page."""

    profiles: tuple[ChannelProfile, ...]
    rows: tuple[MatrixRow, ...]
    next_after: str


def matrix_page(wanted: Wanted) -> Matrix:
    """Three queries, however many SKUs, images and channels there are."""
    book = profile_book(account_id=wanted.account_id, on=clock.now().date())
    rows = _skus(wanted, book.in_force).filter(sku__gt=wanted.after).order_by("sku")
    skus = list(rows.values_list("sku", flat=True)[: PER_PAGE + 1])
    shown = skus[:PER_PAGE]
    worst = _worst(wanted.account_id, shown)
    return Matrix(
        profiles=book.in_force,
        rows=tuple(
            MatrixRow(sku, tuple(Cell(row, worst[sku].get(row.pk)) for row in book.in_force))
            for sku in shown
        ),
        next_after=shown[-1] if len(skus) > PER_PAGE else "",
    )


def _worst(account_id: int, skus: list[str]) -> dict[str, dict[int, Verdict]]:
    verdicts = ChannelVerdict.objects.filter(
        live("image__"), image__account_id=account_id, image__sku__in=skus
    )
    worst: dict[str, dict[int, Verdict]] = defaultdict(dict)
    grouped = verdicts.order_by().values_list("image__sku", "profile_id")
    for sku, profile_id, verdict in grouped.annotate(worst=Max("verdict")):
        worst[sku][profile_id] = Verdict(verdict)
    return worst


def _skus(wanted: Wanted, profiles: tuple[ChannelProfile, ...]) -> QuerySet[SkuImagery]:
    rows = SkuImagery.objects.filter(account_id=wanted.account_id)
    if wanted.search:
        rows = rows.filter(sku__icontains=wanted.search)
    if wanted.category is not None:
        path = wanted.category.path
        below = Q(path=path) | Q(path__startswith=f"{path}/")
        tree = Category.objects.filter(below, account_id=wanted.account_id)
        within = Variant.objects.for_account(wanted.account_id).filter(
            product__category__in=tree.values("pk")
        )
        rows = rows.filter(sku__in=within.order_by().values("sku"))
    if wanted.verdict is not None:
        chosen = [row.pk for row in profiles if wanted.channel in ("", row.channel)]
        of_channel = ChannelVerdict.objects.filter(
            live("image__"), profile__in=chosen, account_id=wanted.account_id
        ).order_by()
        rows = rows.filter(sku__in=of_channel.filter(verdict=wanted.verdict).values("image__sku"))
        if wanted.verdict != Verdict.FAIL:
            worse = of_channel.filter(verdict__gt=wanted.verdict)
            rows = rows.exclude(sku__in=worse.values("image__sku"))
    return rows
