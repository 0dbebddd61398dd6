"""The sizes there are: nobody may ask for others, so that nobody can have a million made."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final


class Format(StrEnum):
    JPEG = "jpeg"
    WEBP = "webp"

    @property
    def content_type(self) -> str:
        return f"image/{self.value}"

    @property
    def extension(self) -> str:
        return "jpg" if self is Format.JPEG else "webp"


@dataclass(frozen=True, slots=True)
class Preset:
    """A named size. Pictures are reduced to fit `width` x `height` pixels, and never enlarged.

    One that `pads` is filled up with white to the box's aspect, and to at least `least` pixels.
    `version` is part of the storage key: raise it when anything else here changes.
    """

    name: str
    width: int
    height: int
    formats: tuple[Format, ...] = (Format.JPEG, Format.WEBP)
    pads: bool = False
    least: tuple[int, int] = (1, 1)
    jpeg_quality: int = 85
    has_full_colour: bool = False
    most_bytes: int | None = None
    version: int = 1

    def size_of(self, width: int, height: int) -> tuple[int, int]:
        """What a picture of this size is reduced to."""
        share = min(1.0, self.width / width, self.height / height)
        return max(1, round(width * share)), max(1, round(height * share))

    def canvas_of(self, size: tuple[int, int]) -> tuple[int, int]:
        """What a reduced picture of this size is filled up to."""
        if not self.pads:
            return size
        width, height = max(size[0], self.least[0]), max(size[1], self.least[1])
        if width * self.height < height * self.width:
            return round(height * self.width / self.height), height
        return width, round(width * self.height / self.width)


def _channel(name: str, width: int, height: int, **more: object) -> Preset:
    """For a marketplace, which makes its own sizes of what it is given: few losses, no WebP."""
    return Preset(
        f"channel:{name}",
        width,
        height,
        formats=(Format.JPEG,),
        jpeg_quality=92,
        has_full_colour=True,
        **more,  # type: ignore[arg-type]
    )


#: For shops, in falling size.
SHOP_PRESETS: Final = (
    Preset("zoom", 2000, 2000),
    Preset("large", 1200, 1200),
    Preset("medium", 600, 600),
    Preset("small", 300, 300),
    Preset("thumb", 100, 100),
)
#: What each marketplace advises, within what it allows.
CHANNEL_PRESETS: Final = (
    _channel("amazon", 2000, 2000),
    _channel("google", 1500, 1500, most_bytes=16_000_000),
    _channel("shopify", 2048, 2048, most_bytes=20_000_000),
    _channel("ebay", 1600, 1600),
    _channel("walmart", 2200, 2200, pads=True, most_bytes=5_000_000),
    _channel("myntra", 1500, 2000, pads=True, least=(1080, 1440)),
    _channel("flipkart", 1000, 1000, pads=True, least=(500, 500)),
)
PRESETS: Final = {preset.name: preset for preset in (*SHOP_PRESETS, *CHANNEL_PRESETS)}


def _digest() -> str:
    told = ";".join(
        f"{preset.name} {preset.version} {' '.join(preset.formats)}" for preset in PRESETS.values()
    )
    return sha256(told.encode()).hexdigest()[:16]


#: Another when a preset is added, taken away, or gets another version or format.
PRESETS_DIGEST: Final = _digest()
