"""Bytes are a picture when they decode as one, whatever anybody calls them."""

import io
import struct
import zlib

import pytest
from PIL import Image

from outbound import NotAPicture, PictureLimits, TooLarge, read_picture
from outbound.pictures import FORMATS

LIMITS = PictureLimits(max_pixels=1_000_000, thumbnail_side=32)


def encoded(form: str, *, size=(80, 40), mode="RGB", **options) -> bytes:
    image = Image.effect_noise(size, 50).convert(mode)
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def read(content: bytes, limits: PictureLimits = LIMITS):
    file = io.BytesIO(content)
    try:
        return read_picture(file, limits=limits)
    finally:
        assert file.tell() == 0


def thumbnail_of(picture) -> Image.Image:
    return Image.open(io.BytesIO(picture.thumbnail))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_the_formats_that_browsers_show_are_taken(form):
    picture = read(encoded(form))

    assert (picture.content_type, picture.extension) == FORMATS[form]
    assert (picture.width, picture.height) == (80, 40)
    small = thumbnail_of(picture)
    assert (small.format, small.size) == ("WEBP", (32, 16))


def test_a_camera_file_of_several_pictures_is_a_jpeg():
    first, second = Image.new("RGB", (8, 8)), Image.new("RGB", (8, 8), "red")
    file = io.BytesIO()
    first.save(file, "MPO", save_all=True, append_images=[second])

    assert read(file.getvalue()).content_type == "image/jpeg"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_pixel_gets_a_thumbnail(mode):
    form = "JPEG" if mode == "CMYK" else "PNG"
    image = Image.new(mode, (80, 40))
    file = io.BytesIO()
    image.save(file, form)

    assert thumbnail_of(read(file.getvalue())).size == (32, 16)


def test_transparency_stays():
    file = io.BytesIO()
    Image.new("RGBA", (80, 40), (255, 0, 0, 0)).save(file, "PNG")

    assert thumbnail_of(read(file.getvalue())).getpixel((5, 5))[3] == 0


@pytest.mark.parametrize(
    ("orientation", "size"), [(1, (80, 40)), (3, (80, 40)), (6, (40, 80)), (8, (40, 80))]
)
def test_size_and_thumbnail_are_upright_and_tell_nothing_else(orientation, size):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "taken at home"

    picture = read(encoded("JPEG", exif=exif.tobytes()))

    assert (picture.width, picture.height) == size
    small = thumbnail_of(picture)
    assert small.size == ((32, 16) if size[0] > size[1] else (16, 32))
    assert b"home" not in picture.thumbnail
    assert not small.getexif()


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_damaged_notes_do_not_make_a_damaged_picture():
    assert read(encoded("JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff")).width == 80


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><html><body>Not found</body></html>",
        b"  \n<html></html>",
        b"\xef\xbb\xbf<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<svg onload='alert(1)'/>",
        b"<!-- hello --><svg/>",
        b"%PDF-1.7 ...",
        b"GIF89a",
        b"\xff\xd8\xff",
        b"plain text",
        b"\x00" * 100,
        b"",
    ],
)
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(NotAPicture) as refused:
        read(content)

    assert refused.value.is_permanent


@pytest.mark.parametrize("form", ["TIFF", "BMP", "ICO", "PPM", "EPS", "PDF", "TGA"])
def test_other_formats_are_refused(form):
    with pytest.raises(NotAPicture) as refused:
        read(encoded(form))

    assert refused.value.code == "not_a_picture"


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_a_truncated_picture_is_refused(form, share):
    whole = encoded(form, size=(300, 300))

    with pytest.raises(NotAPicture):
        read(whole[: int(len(whole) * share)])


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of_size(width: int, height: int) -> bytes:
    """A few bytes that would decode to this many pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\x00" * 99))


@pytest.mark.parametrize(
    "size", [(1_000, 1_001), (9_500, 9_500), (20_000, 20_000), (2**31 - 1, 2**31 - 1)]
)
def test_a_bomb_of_pixels_is_refused_before_it_is_decoded(size):
    with pytest.raises(TooLarge) as refused:
        read(png_of_size(*size))

    assert refused.value.code == "too_many_pixels"
    assert refused.value.reason == "The picture has more than 1 million pixels."


def test_a_hidden_bomb_of_text_is_refused():
    """A compressed note inside a PNG that would unfold to far more than the picture."""
    plain = encoded("PNG")
    note = chunk(b"zTXt", b"a\x00\x00" + zlib.compress(bytes(200_000_000)))

    with pytest.raises(NotAPicture):
        read(plain[:33] + note + plain[33:])
