"""One decode, every size: right whatever the picture is like, or a clear refusal."""

import shutil
import subprocess

import pytest
import pyvips
from PIL import Image, PngImagePlugin

from imagery.marking import DigitalSource, marked, source_of
from imagery.renditions.cascade import render
from imagery.renditions.errors import CannotBeRendered
from imagery.renditions.presets import PRESETS, SHOP_PRESETS, Format
from tests.imagery.renditions.pictures import (
    BLUE,
    GREEN,
    RED,
    WHITE,
    bomb,
    colour_at,
    exchanged_profile,
    file_of,
    halves,
    is_near,
    seen,
)

SMALL = [PRESETS["small"]]


def files_of(content, presets=SMALL, **options):
    """By preset and format."""
    return {
        (each.preset.name, each.format): each for each in render(content, list(presets), **options)
    }


def small(content, format=Format.JPEG):
    return files_of(content)["small", format].content


def test_every_preset_comes_in_its_size_and_formats():
    picture = Image.effect_noise((2400, 1200), 40).convert("RGB").resize((2400, 1200))

    found = files_of(file_of(picture, "JPEG"), PRESETS.values())

    sizes = {name: (each.width, each.height) for (name, _), each in found.items()}
    assert sizes == {
        "zoom": (2000, 1000),
        "large": (1200, 600),
        "medium": (600, 300),
        "small": (300, 150),
        "thumb": (100, 50),
        "channel:amazon": (2000, 1000),
        "channel:google": (1500, 750),
        "channel:shopify": (2048, 1024),
        "channel:ebay": (1600, 800),
        "channel:walmart": (2200, 2200),
        "channel:myntra": (1500, 2000),
        "channel:flipkart": (1000, 1000),
    }
    assert set(found) == {
        *((preset.name, format) for preset in SHOP_PRESETS for format in Format),
        *((name, Format.JPEG) for name in PRESETS if name.startswith("channel:")),
    }
    for (_, format), each in found.items():
        image = seen(each.content)
        assert image.format == format.name
        assert image.size == (each.width, each.height)


def test_no_picture_is_enlarged():
    found = files_of(file_of(halves(150, 90)), SHOP_PRESETS)

    assert {(name, each.width, each.height) for (name, _), each in found.items()} == {
        ("zoom", 150, 90),
        ("large", 150, 90),
        ("medium", 150, 90),
        ("small", 150, 90),
        ("thumb", 100, 60),
    }


def test_a_channel_pads_with_white_to_its_aspect_and_its_least_size():
    found = files_of(file_of(halves(400, 200)), PRESETS.values())

    myntra = found["channel:myntra", Format.JPEG]
    assert (myntra.width, myntra.height) == (1080, 1440)
    assert colour_at(myntra.content, 0.5, 0.1) == WHITE
    assert is_near(colour_at(myntra.content, 0.4, 0.5), RED)
    assert is_near(colour_at(myntra.content, 0.6, 0.5), GREEN)
    walmart = found["channel:walmart", Format.JPEG]
    assert (walmart.width, walmart.height) == (400, 400)
    assert found["channel:amazon", Format.JPEG].height == 200


def test_a_padded_picture_never_passes_its_box():
    for side in ((2201, 97), (97, 2201), (1999, 2000), (1, 20_000)):
        for preset in PRESETS.values():
            width, height = preset.canvas_of(preset.size_of(*side))
            assert 1 <= width <= preset.width, (side, preset.name)
            assert 1 <= height <= preset.height, (side, preset.name)


def test_a_file_stays_below_what_its_channel_takes():
    noise = Image.effect_noise((2200, 2200), 90)
    loud = Image.merge("RGB", (noise, noise.rotate(90), noise.rotate(180)))

    found = render(file_of(loud, "JPEG", quality=95), [PRESETS["channel:walmart"]])

    assert 2_000_000 < len(found[0].content) <= 5_000_000


@pytest.mark.parametrize("threads", [1, 3])
def test_the_same_picture_gives_the_same_bytes(threads):
    content = file_of(halves(700, 500))

    first = [each.sha256 for each in render(content, SHOP_PRESETS, threads=threads)]

    assert first == [each.sha256 for each in render(content, SHOP_PRESETS, threads=2)]


KINDS = {
    "JPEG": file_of(halves(), "JPEG", quality=95),
    "PNG": file_of(halves()),
    "WebP": file_of(halves(), "WEBP", lossless=True),
    "AVIF": file_of(halves(), "AVIF", quality=95),
    "GIF": file_of(halves(), "GIF"),
    "palette": file_of(halves().quantize(8)),
    "CMYK": file_of(halves().convert("CMYK"), "JPEG", quality=95),
    "16 bits a colour": pyvips.Image.new_from_buffer(file_of(halves()), "")
    .linear(257, 0)
    .cast("ushort")
    .copy(interpretation="rgb16")
    .pngsave_buffer(bitdepth=16),
}


@pytest.mark.parametrize("format", Format)
@pytest.mark.parametrize("kind", KINDS)
def test_colours_are_right_whatever_the_file(kind, format):
    content = small(KINDS[kind], format)

    assert seen(content).mode == "RGB"
    assert is_near(colour_at(content, 0.25, 0.5), RED), colour_at(content, 0.25, 0.5)
    assert is_near(colour_at(content, 0.75, 0.5), GREEN)


def test_greys_of_16_bits_are_scaled_not_cut_off():
    content = small(file_of(Image.new("I;16", (40, 40), 128 * 257)))

    assert is_near(colour_at(content, 0.5, 0.5), (128, 128, 128), within=2)


def test_single_bits_become_greys_between_when_reduced():
    lines = Image.new("1", (1200, 1200))
    lines.paste(1, (0, 0, 1200, 600))

    content = small(file_of(lines))

    assert is_near(colour_at(content, 0.5, 0.1), WHITE, within=3)
    assert is_near(colour_at(content, 0.5, 0.9), (0, 0, 0), within=3)


def test_an_animation_gives_its_first_frame():
    frames = [Image.new("RGB", (60, 60), colour) for colour in (BLUE, RED)]

    for kind in ("GIF", "WEBP", "PNG"):
        content = file_of(frames[0], kind, save_all=True, append_images=frames[1:])
        assert is_near(colour_at(small(content), 0.5, 0.5), BLUE), kind
        assert not getattr(seen(small(content, Format.WEBP)), "is_animated", False)


def test_what_is_transparent_is_white_in_jpeg_and_stays_so_in_webp():
    clear = Image.new("RGBA", (900, 900), (0, 0, 0, 0))
    clear.paste((*BLUE, 255), (300, 300, 600, 600))

    found = files_of(file_of(clear))

    assert colour_at(found["small", Format.JPEG].content, 0.1, 0.1) == WHITE
    assert is_near(colour_at(found["small", Format.JPEG].content, 0.5, 0.5), BLUE)
    webp = found["small", Format.WEBP].content
    assert seen(webp).mode == "RGBA"
    assert colour_at(webp, 0.1, 0.1)[3] == 0
    assert is_near(colour_at(webp, 0.5, 0.5), (*BLUE, 255))


def test_transparency_of_a_palette_is_seen():
    clear = Image.new("RGBA", (60, 60), (0, 0, 0, 0))
    clear.paste((*BLUE, 255), (20, 20, 40, 40))

    content = small(file_of(clear, "GIF"))

    assert colour_at(content, 0.1, 0.1) == WHITE
    assert is_near(colour_at(content, 0.5, 0.5), BLUE)


TURNS = {
    1: lambda image: image,
    2: lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    3: lambda image: image.transpose(Image.Transpose.ROTATE_180),
    4: lambda image: image.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
    5: lambda image: image.transpose(Image.Transpose.TRANSPOSE),
    6: lambda image: image.transpose(Image.Transpose.ROTATE_90),
    7: lambda image: image.transpose(Image.Transpose.TRANSVERSE),
    8: lambda image: image.transpose(Image.Transpose.ROTATE_270),
}


@pytest.mark.parametrize("orientation", TURNS)
def test_it_is_turned_upright_and_the_turn_forgotten(orientation):
    """As a camera stores it: turned the other way, with a note of how to turn it back."""
    upright = Image.new("RGB", (80, 40), WHITE)
    upright.paste(RED, (0, 0, 40, 20))
    upright.paste(BLUE, (40, 20, 80, 40))
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = file_of(TURNS[orientation](upright), exif=exif)

    for format in Format:
        content = small(stored, format)
        assert seen(content).size == (80, 40)
        assert is_near(colour_at(content, 0.25, 0.25), RED), orientation
        assert is_near(colour_at(content, 0.75, 0.75), BLUE), orientation
        assert not seen(content).getexif()


def test_a_damaged_exif_hinders_nothing():
    content = file_of(halves(), "JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff")

    assert seen(small(content)).size == (300, 150)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_colours_beyond_srgb_are_brought_into_it(mode):
    image = Image.new(mode, (30, 30), {"P": 0}.get(mode, (250, 20, 20)))
    if mode == "P":
        image.putpalette([250, 20, 20])
    if mode == "RGBA":
        image.putpixel((0, 0), (0, 0, 0, 0))

    found = files_of(file_of(image, icc_profile=exchanged_profile()))

    for each in found.values():
        red, green, *_ = colour_at(each.content, 0.5, 0.5)
        assert (red < 60, green > 200) == (True, True)
        assert "icc_profile" not in seen(each.content).info


def test_a_damaged_profile_is_passed_over():
    content = file_of(halves(), icc_profile=b"not a profile")

    assert is_near(colour_at(small(content), 0.25, 0.5), RED)


def test_what_a_camera_noted_does_not_get_out():
    exif = Image.Exif()
    exif[0x010F] = "A camera of mine"
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "said in secret")
    stored = [
        file_of(halves(), "JPEG", exif=exif, comment=b"said in secret"),
        file_of(halves(), exif=exif, pnginfo=words),
    ]

    for content in stored:
        for each in files_of(content).values():
            assert b"camera" not in each.content
            assert b"secret" not in each.content


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_digital_source_stays_in_every_file(kind, tmp_path):
    source = DigitalSource.TRAINED_ALGORITHMIC_MEDIA
    content = marked(file_of(halves(), kind), source, note="a fan")

    found = files_of(content, PRESETS.values())

    for each in found.values():
        assert source_of(each.content) is source
        # A reader that is not ours.
        packet = pyvips.Image.new_from_buffer(each.content, "").get("xmp-data")
        assert f"digitalsourcetype/{source}<".encode() in packet
        name = f"{each.preset.name.replace(':', '-')}.{each.format.extension}"
        (tmp_path / name).write_bytes(each.content)
    exiftool = shutil.which("exiftool")
    if exiftool:
        asked = [exiftool, "-s3", "-XMP-iptcExt:DigitalSourceType", "-q", str(tmp_path)]
        told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
        assert told.count(source.value) == told.count("http") == len(found) == 17


def test_what_says_nothing_of_its_source_is_not_made_to():
    assert source_of(small(file_of(halves()))) is None


def test_one_pixel_is_rendered_as_one():
    found = files_of(file_of(Image.new("RGB", (1, 1), RED)), PRESETS.values())

    assert (found["zoom", Format.WEBP].width, found["zoom", Format.WEBP].height) == (1, 1)
    assert is_near(colour_at(found["thumb", Format.JPEG].content, 0, 0), RED)
    assert found["channel:myntra", Format.JPEG].height == 1440


def test_a_thin_line_keeps_a_pixel():
    found = files_of(file_of(Image.new("L", (9000, 1), 90)), SHOP_PRESETS)

    assert (found["thumb", Format.JPEG].width, found["thumb", Format.JPEG].height) == (100, 1)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_large_picture_is_made_smaller_as_it_is_decoded(kind):
    content = file_of(halves(4000, 2000), kind)

    found = files_of(content)

    assert (found["small", Format.JPEG].width, found["small", Format.JPEG].height) == (300, 150)
    assert is_near(colour_at(found["small", Format.JPEG].content, 0.25, 0.5), RED)


@pytest.mark.parametrize("side", [9_500, 20_000, 60_000])
def test_a_huge_picture_is_refused_by_its_size_alone(side):
    with pytest.raises(CannotBeRendered, match="more than 89 million pixels") as refusal:
        render(bomb(side), SHOP_PRESETS)
    assert refusal.value.code == "too_many_pixels"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        KINDS["JPEG"][:-400],
        KINDS["PNG"][:-200],
        bomb(100),
    ],
    ids=["nothing", "a page", "a drawing", "half a JPEG", "half a PNG", "an empty PNG"],
)
def test_what_is_no_whole_picture_is_refused(content):
    with pytest.raises(CannotBeRendered) as refusal:
        render(content, SHOP_PRESETS)
    assert refusal.value.code == "not_a_picture"
