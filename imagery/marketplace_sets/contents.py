"""What is in a set: the approved images of the variants selected, as files of one channel."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from catalog.exporting import Selection
from imagery.models import Rendition
from imagery.renditions.approved import ApprovedImage, approved_images
from imagery.renditions.presets import CHANNEL_PRESETS, Format, Preset

_BATCH: Final = 500
#: By the channel's name.
CHANNELS: Final = {
    preset.name.removeprefix("channel:"): preset
    for preset in sorted(CHANNEL_PRESETS, key=lambda preset: preset.name)
}


@dataclass(frozen=True, slots=True)
class Piece:
    """An approved image; without a path its file is not built yet, or cannot be."""

    image: ApprovedImage
    storage_path: str | None


def pieces(selection: Selection, preset: Preset) -> Iterator[list[Piece]]:
    """Those of each SKU that has any, in the order of the variants; two queries for 500 SKUs."""
    ids = selection.variants.order_by("id").values_list("id", "sku")
    behind = 0
    while page := list(ids.filter(id__gt=behind)[:_BATCH]):
        behind = page[-1][0]
        found = approved_images(account_id=selection.account_id, skus=[sku for _, sku in page])
        paths = _paths(selection.account_id, [i for each in found.values() for i in each], preset)
        for _, sku in page:
            if sku in found:
                yield [Piece(image, paths.get(image.sha256)) for image in found[sku]]


def _paths(account_id: int, images: Sequence[ApprovedImage], preset: Preset) -> dict[str, str]:
    rows = Rendition.objects.filter(
        account_id=account_id,
        sha256__in={image.sha256 for image in images},
        preset=preset.name,
        version=preset.version,
        format=Format.JPEG,
    )
    return dict(rows.values_list("sha256", "storage_path").order_by())
