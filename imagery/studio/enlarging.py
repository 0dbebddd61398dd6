"""Enlargement by resampling: larger and a little crisper, with no detail that was not there."""

from typing import Final

from PIL import Image, ImageFilter

from imagery.studio.errors import UnknownWish, UnusablePicture

FACTORS: Final = (2, 3, 4)
#: The longest side an enlargement may have.
MOST: Final = 8192
_MOST_PIXELS: Final = 40_000_000


def enlarged(picture: Image.Image, factor: int) -> Image.Image:
    """RGB or RGBA, `factor` times as wide and high.

    Raises UnknownWish for another factor than 2 to 4, UnusablePicture for a result too large.
    """
    if factor not in FACTORS:
        raise UnknownWish("bad_scale", "Pictures are enlarged 2, 3 or 4 times.")
    width, height = picture.width * factor, picture.height * factor
    if max(width, height) > MOST or width * height > _MOST_PIXELS:
        raise UnusablePicture("too_large", "Enlarged so much, the picture would be too large.")
    # With the opacity multiplied in, or colours under transparency would bleed into the edges.
    transparent = picture.mode == "RGBA"
    source = picture.convert("RGBa") if transparent else picture
    large = source.resize((width, height), Image.Resampling.LANCZOS)
    result = large.convert("RGBA") if transparent else large
    crisp = result.convert("RGB").filter(
        ImageFilter.UnsharpMask(radius=0.6 * factor, percent=60, threshold=2)
    )
    if transparent:
        crisp.putalpha(result.getchannel("A"))
    return crisp


def enlargement_note(picture: Image.Image, factor: int) -> str:
    """What an enlargement's metadata says of it."""
    return (
        f"Enlarged {factor} times from {picture.width} x {picture.height} pixels by resampling; "
        "no detail was added."
    )
