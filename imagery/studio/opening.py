"""A picture of any kind we take, as upright sRGB of a size that can be worked on."""

import io
import warnings
from typing import Final

from PIL import Image, ImageOps

from imagery.colours import eight_bit, in_srgb
from imagery.studio.errors import UnusablePicture

#: The formats that `outbound` lets in, by Pillow's names.
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
MAX_PIXELS: Final = 50_000_000
#: Larger pictures are reduced to this side first: about 400 MB of memory at the most.
MAX_SIDE: Final = 4096


def open_picture(content: bytes) -> Image.Image:
    """The first frame as RGB, or as RGBA where something is transparent.

    Upright (EXIF), in sRGB (its ICC profile applied), no side above MAX_SIDE. Raises
    UnusablePicture for anything that cannot be decoded whole, and for more than MAX_PIXELS.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise _too_large()
                return _prepared(image)
    except UnusablePicture:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large() from None
    except Exception as error:
        # Decoders fail in every way there is on bytes made to mislead them, or cut off.
        raise UnusablePicture("not_a_picture", "This is no whole picture that we read.") from error


def _prepared(image: Image.Image) -> Image.Image:
    image.draft("RGB", (MAX_SIDE, MAX_SIDE))
    image.load()
    profile = image.info.get("icc_profile")
    upright: Image.Image = ImageOps.exif_transpose(image)
    upright.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    seen = eight_bit(upright)
    transparency = seen.convert("RGBA").getchannel("A") if seen.has_transparency_data else None
    if transparency is not None and transparency.getextrema() == (255, 255):
        transparency = None
    colours = in_srgb(seen, profile)
    if transparency is not None:
        colours.putalpha(transparency)
    return colours


def _too_large() -> UnusablePicture:
    return UnusablePicture(
        "too_many_pixels", f"The picture has more than {MAX_PIXELS // 1_000_000} million pixels."
    )
