"""The source type in a picture's file: written, read again, and seen by a reader not ours."""

import io
import shutil
import subprocess

import pytest
from PIL import Image

from imagery.marking import CannotBeMarked, DigitalSource, marked, source_of

#: Asked of exiftool: what we write, and what it finds wrong.
SHOWN = ("-XMP-iptcExt:DigitalSourceType", "-XMP-dc:Description", "-Warning")
KINDS = {
    "jpeg": ("JPEG", {}),
    "png": ("PNG", {}),
    "webp": ("WEBP", {}),
    "lossless webp": ("WEBP", {"lossless": True}),
    "webp with a profile": ("WEBP", {"exif": b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00"}),
}


def file_of(kind, image=None):
    name, options = KINDS[kind]
    file = io.BytesIO()
    (image or Image.effect_noise((41, 30), 60).convert("RGB")).save(file, name, **options)
    return file.getvalue()


def pixels(content):
    with Image.open(io.BytesIO(content)) as image:
        return image.mode, image.size, image.tobytes()


@pytest.mark.parametrize("source", DigitalSource)
@pytest.mark.parametrize("kind", KINDS)
def test_source_is_read_back_and_pixels_stay(kind, source):
    content = file_of(kind)

    with_source = marked(content, source, note="Enlarged <2> times & more")

    assert source_of(content) is None
    assert source_of(with_source) is source
    assert pixels(with_source) == pixels(content)
    assert marked(content, source) == marked(content, source)


@pytest.mark.parametrize("kind", KINDS)
def test_marking_again_replaces_the_mark(kind):
    once = marked(file_of(kind), DigitalSource.COMPOSITE, note="first")

    twice = marked(once, DigitalSource.ALGORITHMIC_MEDIA)

    assert source_of(twice) is DigitalSource.ALGORITHMIC_MEDIA
    assert (
        twice
        == marked(file_of(kind, Image.open(io.BytesIO(once))), DigitalSource.ALGORITHMIC_MEDIA)
        or b"first" not in twice
    )
    assert twice.count(b"<x:xmpmeta") == 1


def test_transparency_of_a_webp_survives():
    image = Image.new("RGBA", (21, 20), (250, 10, 10, 40))

    content = marked(file_of("lossless webp", image), DigitalSource.COMPOSITE)

    with Image.open(io.BytesIO(content)) as seen:
        assert (seen.mode, seen.getpixel((5, 5))) == ("RGBA", (250, 10, 10, 40))


@pytest.mark.parametrize("kind", KINDS)
def test_another_reader_sees_the_source_and_the_note(kind, tmp_path):
    if shutil.which("exiftool") is None:
        pytest.skip("exiftool (Debian: libimage-exiftool-perl) is not installed")
    path = tmp_path / "picture"
    path.write_bytes(marked(file_of(kind), DigitalSource.COMPOSITE, note="Größer <2>"))

    told = subprocess.run(
        [
            "exiftool",
            "-n",
            "-s3",
            "-XMP-iptcExt:DigitalSourceType",
            "-XMP-dc:Description",
            "-Warning",
            path,
        ],
        capture_output=True,
        check=True,
        text=True,
    ).stdout.splitlines()

    assert told == ["http://cv.iptc.org/newscodes/digitalsourcetype/composite", "Größer <2>"]


@pytest.mark.parametrize("kind", KINDS)
def test_cut_off_file_is_refused_or_left_whole(kind):
    content = file_of(kind)
    for length in range(0, len(content), 7):
        try:
            marked(content[:length], DigitalSource.COMPOSITE)
        except CannotBeMarked:
            continue
        # A JPEG cut off among its pixels can still be marked before them.
        assert kind == "jpeg"
        assert content[:length].find(b"\xff\xda") > 0


def test_other_files_are_refused_and_say_nothing():
    for content in (b"", b"GIF89a...", b"<html>", b"\xff\xd8", b"RIFF\x00\x00\x00\x00WEBP"):
        with pytest.raises(CannotBeMarked):
            marked(content, DigitalSource.COMPOSITE)
        assert source_of(content) is None
