"""What a picture's file says of itself, read without decoding a pixel."""

import io
import warnings
from typing import Final

from PIL import ExifTags, Image

from imagery.checks.measures import FileFacts
from imagery.marking import source_of
from imagery.studio.errors import UnusablePicture
from imagery.studio.opening import FORMATS

#: EXIF orientations that turn width into height.
_LYING: Final = frozenset({5, 6, 7, 8})


def facts_of(content: bytes) -> FileFacts:
    """Raises UnusablePicture where the file is none that is read, or is far too large."""
    try:
        with warnings.catch_warnings():
            # How many pixels are too many is for whoever decodes; here they are only counted.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                width, height = image.size
                if image.getexif().get(ExifTags.Base.Orientation) in _LYING:
                    width, height = height, width
                return FileFacts(
                    byte_size=len(content),
                    width=width,
                    height=height,
                    file_format=image.format or "",
                    colours=image.mode,
                    frames=getattr(image, "n_frames", 1),
                    source=source_of(content) or "",
                )
    except Image.DecompressionBombError:
        raise UnusablePicture("too_many_pixels", "The picture has far too many pixels.") from None
    except Exception as error:
        # Decoders fail in every way there is on bytes made to mislead them, or cut off.
        raise UnusablePicture("not_a_picture", "This is no picture that we read.") from error
