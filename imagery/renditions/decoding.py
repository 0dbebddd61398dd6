"""Decoding a picture once, to be made smaller from there: upright, 8-bit sRGB, not larger than
needed."""

import io
import warnings
from typing import Final

from PIL import ExifTags, Image

from imagery.colours import eight_bit, in_srgb
from imagery.renditions.errors import CannotBeRendered

#: Pillow's names of the formats that a generated image may have.
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
#: No setting lets larger pictures in; decoded, such a one takes some 360 MB.
MAX_PIXELS: Final = 89_000_000
#: A decoder may make a picture smaller by whole numbers, but leaves this many times what is
#: needed, so that the last step is a proper one.
_SPARE: Final = 1.5
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def decode(content: bytes, *, side: int) -> Image.Image:
    """The first frame as RGB, or RGBA where something is transparent; at least `side` pixels long
    where the picture is, and for large ones less than three times as many.

    Turned as its EXIF says, in sRGB by its ICC profile. Raises CannotBeRendered.
    """
    try:
        with warnings.catch_warnings():
            # Its size is looked at below; damaged metadata are passed over.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise _too_large()
                return _prepared(image, side)
    except CannotBeRendered:
        raise
    except Image.DecompressionBombError:
        raise _too_large() from None
    except Exception as error:
        # Decoders fail in every way there is on bytes made to mislead them, or cut off.
        raise CannotBeRendered(
            "not_a_picture", "This is no whole picture that can be read."
        ) from error


def _prepared(image: Image.Image, side: int) -> Image.Image:
    spared = round(side * _SPARE)
    image.draft(None, (spared, spared))
    image.load()
    profile = image.info.get("icc_profile")
    turn = _turn_of(image)
    seen = _resampled(image)
    smaller = max(seen.size) // spared
    if smaller > 1:
        seen = seen.reduce(smaller)
    if turn is not None:
        seen = seen.transpose(turn)
    return _coloured(seen, profile)


def _turn_of(image: Image.Image) -> Image.Transpose | None:
    try:
        return _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:
        # Whatever is wrong with it, the picture can be seen without.
        return None


def _resampled(image: Image.Image) -> Image.Image:
    """In a mode that can be made smaller: not by an index into a palette, nor by single bits."""
    if image.has_transparency_data:
        return eight_bit(image).convert("RGBA")
    if image.mode in {"P", "PA"}:
        return image.convert("RGB")
    return image.convert("L") if image.mode == "1" else eight_bit(image)


def _coloured(image: Image.Image, profile: bytes | None) -> Image.Image:
    colours = in_srgb(image, profile)
    if image.mode == "RGBA":
        alpha = image.getchannel("A")
        if alpha.getextrema() != (255, 255):
            colours.putalpha(alpha)
    # Profile, EXIF and comments, which an encoder would write again.
    colours.info = {}
    return colours


def _too_large() -> CannotBeRendered:
    return CannotBeRendered(
        "too_many_pixels", f"The picture has more than {MAX_PIXELS // 1_000_000} million pixels."
    )
