"""Drawing a product's swatch grid from the pictures of its variants, and keeping it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import orjson
from django.core.files.storage import default_storage

from accounts.models import Account
from catalog.models import MediaLink, Variant
from imagery.image_sets.swatch_grids import SHOWN_ROLES
from imagery.marking import DigitalSource
from imagery.models import Decision, GeneratedImage

if TYPE_CHECKING:
    from PIL import Image

#: Those that are not shown are told of by their number: no more need be read.
_MOST_READ: Final = 37
#: A grid drawn otherwise is another picture.
_SCHEME: Final = 1
_RANKS: Final[Mapping[tuple[str, str], tuple[int, bool]]] = {
    (role.value, decision.value): (place, decision == Decision.PENDING)
    for place, role in enumerate(SHOWN_ROLES)
    for decision in (Decision.APPROVED, Decision.PENDING)
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A variant and the picture that stands for it, "" where there is none."""

    label: str
    sha256: str
    storage_path: str


@dataclass(frozen=True, slots=True)
class GridPlan:
    """What a grid would show; `digest` is "" where no variant has a picture."""

    cells: tuple[Cell, ...]
    variants: int

    @property
    def digest(self) -> str:
        if not any(cell.sha256 for cell in self.cells):
            return ""
        said = [_SCHEME, self.variants, [[cell.label, cell.sha256] for cell in self.cells]]
        return sha256(orjson.dumps(said)).hexdigest()


def plan_grid(*, account: Account, product_key: str) -> GridPlan:
    """The product's active variants in their order. Four queries."""
    rows = Variant.objects.for_account(account.pk).filter(product__key=product_key, active=True)
    count = rows.count()
    variants = list(rows.order_by("id").values_list("id", "sku", "display_name")[:_MOST_READ])
    made = _made(account, [sku for _, sku, _ in variants])
    photos = _photos([pk for pk, _, _ in variants])
    cells = []
    for pk, sku, name in variants:
        content, path = made.get(sku) or photos.get(pk) or ("", "")
        cells.append(Cell(name or sku, content, path))
    return GridPlan(tuple(cells), count)


def draw_grid(plan: GridPlan) -> bytes:
    """A marked JPEG; reads the pictures from storage, one at a time, and blocks."""
    from imagery.studio.encoding import encoded
    from imagery.studio.swatches import MOST_SHOWN, Swatch, swatch_grid

    shown = plan.cells if plan.variants <= MOST_SHOWN else plan.cells[: MOST_SHOWN - 1]
    swatches = [Swatch(cell.label, _picture(cell, len(shown))) for cell in shown]
    swatches += [Swatch("", None)] * (plan.variants - len(shown))
    return encoded(swatch_grid(swatches), DigitalSource.COMPOSITE)


def _made(account: Account, skus: Sequence[str]) -> Mapping[str, tuple[str, str]]:
    """The best picture that was made of each: cut-outs first, approved before waiting, newest."""
    images = (
        GeneratedImage.objects.for_account(account.pk)
        .reviewable()
        .filter(
            sku__in=skus,
            role__in=SHOWN_ROLES,
            decision__in=(Decision.APPROVED, Decision.PENDING),
        )
        .order_by("id")
    )
    best: dict[str, tuple[tuple[int, bool], tuple[str, str]]] = {}
    for sku, role, decision, content, path in images.values_list(
        "sku", "role", "decision", "sha256", "storage_path"
    ):
        rank = _RANKS[role, decision]
        if sku not in best or rank <= best[sku][0]:
            best[sku] = rank, (content, path)
    return {sku: found for sku, (_, found) in best.items()}


def _photos(variant_ids: Sequence[int]) -> Mapping[int, tuple[str, str]]:
    """The first source photo of each that was fetched."""
    links = MediaLink.objects.filter(
        variant_id__in=variant_ids, position=0, asset__file__stored_at__isnull=False
    ).order_by("-property_set__name", "-property_set__position")
    return {
        variant_id: (content, path)
        for variant_id, content, path in links.values_list(
            "variant_id", "asset__file__sha256", "asset__file__storage_path"
        )
    }


def _picture(cell: Cell, cells: int) -> "Image.Image | None":
    """As small as it will be shown, so that many take little memory."""
    from imagery.studio.composing import SIDE
    from imagery.studio.errors import StudioError
    from imagery.studio.opening import open_picture

    if not cell.storage_path:
        return None
    try:
        with default_storage.open(cell.storage_path, "rb") as file:
            picture = open_picture(file.read())
    except (OSError, StudioError):
        return None
    side = max(200, int(SIDE / cells**0.5))
    picture.thumbnail((side, side))
    return picture
