"""Whether bytes are a picture: decoded, not believed, whatever the server called them."""

import io
import re
import threading
import warnings
from dataclasses import dataclass
from typing import IO, Final

from PIL import Image, UnidentifiedImageError

from outbound.errors import NotAPicture, TooLarge

#: Pillow's names -> content type and file ending. What every browser shows and nothing else: no
#: SVG (a program), no TIFF, PSD or RAW.
FORMATS: Final = {
    "JPEG": ("image/jpeg", "jpg"),
    # JPEG with further pictures behind the first, as cameras write.
    "MPO": ("image/jpeg", "jpg"),
    "PNG": ("image/png", "png"),
    "WEBP": ("image/webp", "webp"),
    "GIF": ("image/gif", "gif"),
    "AVIF": ("image/avif", "avif"),
}
# Pillow takes MPO for JPEG until it has looked inside.
_OPENED = tuple(name for name in FORMATS if name != "MPO")
_MARKUP = re.compile(
    rb"\s*(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml|svg|head|body|!--)", re.IGNORECASE
)
_QUALITY = 80
#: What makes a picture upright, by its EXIF orientation (EXIF 2.3, 4.6.4 A, tag 0112).
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_QUARTERS = frozenset(_TURNS[orientation] for orientation in (5, 6, 7, 8))
# One at a time a process: decoded, a large picture is hundreds of megabytes.
_decoding = threading.Lock()

# For the whole process, as threads cannot each have their own: beyond Pillow's bound, an error.
warnings.simplefilter("error", Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """`thumbnail_side` is the longest side of the small rendition, in pixels."""

    max_pixels: int
    thumbnail_side: int = 320


@dataclass(frozen=True, slots=True)
class Picture:
    """What was decoded. Width and height are in pixels, as it is to be shown (EXIF orientation
    applied); the thumbnail is a WebP without any of the original's metadata."""

    content_type: str
    extension: str
    width: int
    height: int
    thumbnail: bytes


def read_picture(file: IO[bytes], *, limits: PictureLimits) -> Picture:
    """Decode the whole first frame; the file is left at its beginning.

    Raises NotAPicture for anything that is not a complete picture of a known format, and TooLarge
    for more than `max_pixels`.
    """
    try:
        if _MARKUP.match(file.read(512)):
            raise NotAPicture("not_a_picture", "This is a web page or a drawing, not a picture.")
        file.seek(0)
        with _decoding:
            return _read(file, limits)
    finally:
        file.seek(0)


def _read(file: IO[bytes], limits: PictureLimits) -> Picture:
    try:
        with Image.open(file, formats=_OPENED) as image:
            if image.width * image.height > limits.max_pixels:
                raise _too_many_pixels(limits)
            content_type, extension = FORMATS[image.format or ""]
            turn = _TURNS.get(_orientation(image))
            size = image.size[::-1] if turn in _QUARTERS else image.size
            return Picture(content_type, extension, *size, _thumbnail(image, turn, limits))
    except (NotAPicture, TooLarge):
        raise
    except UnidentifiedImageError:
        raise NotAPicture(
            "not_a_picture", "This is not a picture of a known kind (JPEG, PNG, WebP, GIF, AVIF)."
        ) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(limits) from None
    except Exception as error:
        # Decoders fail in every way there is on bytes made to mislead them, or cut off.
        raise NotAPicture("damaged_picture", "The picture is damaged or not complete.") from error


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:
        # Of a picture that can be decoded, damaged notes about it are no reason to refuse it.
        return 1


def _thumbnail(image: Image.Image, turn: Image.Transpose | None, limits: PictureLimits) -> bytes:
    side = limits.thumbnail_side
    # A JPEG can be decoded smaller from the start; all of its bytes are read all the same.
    image.draft("RGB", (2 * side, 2 * side))
    image.load()
    small = image.convert("RGBA" if image.has_transparency_data else "RGB")
    small.thumbnail((side, side))
    if turn is not None:
        small = small.transpose(turn)
    encoded = io.BytesIO()
    small.save(encoded, "WEBP", quality=_QUALITY, exif=b"", icc_profile=b"")
    return encoded.getvalue()


def _too_many_pixels(limits: PictureLimits) -> TooLarge:
    return TooLarge(
        "too_many_pixels",
        f"The picture has more than {limits.max_pixels / 1_000_000:,.0f} million pixels.",
    )
