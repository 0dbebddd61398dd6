"""The pictures of a variant's page: where each can be seen, or why it cannot."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse

from catalog.admin.thumbnails import thumbnail_address
from catalog.api.media import picture_path
from catalog.models import AssetState, MediaAsset, Variant

#: What unfold's labels are called, by state.
BADGES: Final = {
    AssetState.PENDING.label: "info",
    AssetState.FETCHED.label: "success",
    AssetState.FAILED.label: "danger",
}


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """`next_try` is only of a waiting one that was tried before."""

    thumbnail: str
    full: str
    state: str
    badge: str
    reason: str
    next_try: datetime | None
    page: str

    @classmethod
    def of(cls, asset: MediaAsset) -> "ShownPicture":
        word = asset.get_state_display()
        return cls(
            thumbnail=thumbnail_address(asset.file.uuid if asset.file else None),
            full=picture_path(asset.file.uuid) if asset.file else "",
            state=word,
            badge=BADGES[word],
            reason=asset.failure,
            next_try=asset.due_at if asset.failure else None,
            page=reverse("admin:catalog_mediaasset_change", args=[asset.pk]),
        )


def pictures_of(variant: Variant) -> dict[str, ShownPicture]:
    """By source address; one query."""
    assets = MediaAsset.objects.filter(links__variant=variant).select_related("file")
    return {asset.url: ShownPicture.of(asset) for asset in assets}
