"""Pictures of every kind, turned into upright sRGB of a workable size."""

import io
import struct
import zlib

import pytest
from PIL import Image, ImageCms

from imagery.studio.errors import UnusablePicture
from imagery.studio.opening import MAX_SIDE, open_picture


def file_of(image, kind="PNG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_every_format_that_is_let_in_is_opened(kind):
    picture = open_picture(file_of(Image.new("RGB", (40, 30), (200, 40, 40)), kind))

    assert (picture.mode, picture.size) == ("RGB", (40, 30))
    assert all(
        abs(seen - drawn) < 12
        for seen, drawn in zip(picture.getpixel((20, 15)), (200, 40, 40), strict=True)
    )


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "I;16"])
def test_colours_of_every_kind_become_rgb(mode):
    if mode == "I;16":
        image = Image.new("I;16", (8, 8), 128 * 257)
    else:
        image = Image.new("RGB", (8, 8), (255, 255, 255)).convert(mode)

    picture = open_picture(file_of(image, "JPEG" if mode == "CMYK" else "PNG"))

    level = 128 if mode == "I;16" else 255
    assert picture.mode == "RGB"
    assert picture.getpixel((4, 4)) == (level, level, level)


def test_transparency_is_kept_and_an_opaque_layer_is_dropped():
    clear = Image.new("RGBA", (8, 8), (255, 0, 0, 0))
    opaque = Image.new("RGBA", (8, 8), (255, 0, 0, 255))

    assert open_picture(file_of(clear)).getpixel((4, 4))[3] == 0
    assert open_picture(file_of(opaque)).mode == "RGB"


def test_picture_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    image = Image.new("RGB", (40, 20), (255, 255, 255))
    image.paste((255, 0, 0), (0, 0, 20, 20))

    picture = open_picture(file_of(image, "JPEG", exif=exif, quality=95))

    assert picture.size == (20, 40)
    red, green, _ = picture.getpixel((10, 5))
    assert (red > 240, green < 20) == (True, True)


def test_colour_profile_is_applied():
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # Red's and green's primaries exchanged, in the profile's list of contents.
    exchanged = srgb.replace(b"rXYZ", b"gXYZ", 1)
    at = exchanged.rindex(b"gXYZ")
    exchanged = exchanged[:at] + b"rXYZ" + exchanged[at + 4 :]
    image = Image.new("RGB", (8, 8), (250, 20, 20))

    red, green, _ = open_picture(file_of(image, icc_profile=exchanged)).getpixel((4, 4))

    assert (red < 60, green > 200) == (True, True)


def test_damaged_profile_is_passed_over():
    image = Image.new("RGB", (8, 8), (100, 100, 100))

    picture = open_picture(file_of(image, icc_profile=b"not a profile"))

    assert picture.getpixel((4, 4)) == (100, 100, 100)


def test_huge_picture_is_reduced():
    picture = open_picture(file_of(Image.new("L", (6000, 60), 90)))

    assert picture.size == (MAX_SIDE, 41)


def bomb(side):
    """A PNG that says it is of this size, and holds nothing."""

    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [8_000, 12_000, 60_000])
def test_bomb_is_refused_by_its_size_alone(side):
    with pytest.raises(UnusablePicture) as refusal:
        open_picture(bomb(side))
    assert refusal.value.code == "too_many_pixels"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        file_of(Image.new("RGB", (300, 300), (9, 90, 9)), "JPEG")[:500],
    ],
    ids=["nothing", "a page", "a drawing", "cut off"],
)
def test_what_is_no_whole_picture_is_refused(content):
    with pytest.raises(UnusablePicture) as refusal:
        open_picture(content)
    assert refusal.value.code == "not_a_picture"
