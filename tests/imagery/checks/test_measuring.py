"""What is measured of a picture, against pictures of which it is known."""

import numpy as np
import pytest
from PIL import Image, ImageFile, ImageFilter

from imagery.checks.measures import Missing
from imagery.checks.measuring import NO_REFERENCE, measure, reference_figures
from imagery.marking import DigitalSource, marked
from imagery.samples import draw_sample
from tests.imagery.checks.pictures import boxed, encoded, greyed


def test_file_s_facts_are_measured():
    content = marked(encoded(boxed(0.5)), DigitalSource.TRAINED_ALGORITHMIC_MEDIA)

    facts = measure(content).facts

    assert facts is not None
    assert (facts.width, facts.height) == (600, 600)
    assert facts.byte_size == len(content)
    assert (facts.file_format, facts.colours, facts.frames) == ("JPEG", "RGB", 1)
    assert facts.source == "trainedAlgorithmicMedia"


@pytest.mark.parametrize("share", [0.3, 0.75, 0.87])
def test_product_s_share_of_the_side_is_measured(share):
    assert measure(encoded(boxed(share), "PNG")).fill == pytest.approx(share, abs=0.005)


def test_share_of_a_transparent_picture_is_that_of_what_can_be_seen():
    picture = boxed(0.5).convert("RGBA")
    opacity = np.zeros((600, 600), np.uint8)
    opacity[60:540, 200:400] = 255
    picture.putalpha(Image.fromarray(opacity))

    measures = measure(encoded(picture, "PNG"))

    assert measures.fill == pytest.approx(0.8, abs=0.005)
    assert measures.white == 1.0


def test_white_is_measured_beside_the_product_alone():
    assert measure(encoded(boxed(0.5))).white == 1.0


def test_what_whitening_lifts_counts_as_white_and_a_level_below_does_not():
    assert measure(encoded(boxed(0.5, paper=(250, 250, 250)), "PNG")).white == 1.0
    assert measure(encoded(boxed(0.5, paper=(249, 250, 250)), "PNG")).white == 0.0


def test_background_that_is_no_plain_surface_is_not_white():
    values = np.random.default_rng(1).integers(0, 200, (200, 200, 3), dtype=np.uint8)
    room = Image.fromarray(values).resize((600, 600), Image.Resampling.BICUBIC)

    measures = measure(encoded(room))

    assert measures.white == 0.0
    assert measures.fill is None
    assert measures.missing["fill"].code == "not_seamless"


def test_half_grey_background_is_half_white():
    picture = greyed(boxed(0.4), 0.25)

    assert measure(encoded(picture, "PNG")).white == pytest.approx(0.7, abs=0.05)


@pytest.mark.parametrize("blur", [1.5, 3.0, 5.0])
def test_softness_is_the_blur_of_the_edges_in_pixels(blur):
    picture = boxed(0.6).filter(ImageFilter.GaussianBlur(blur))

    assert measure(encoded(picture)).softness == pytest.approx(blur, rel=0.2)


def test_enlarged_picture_is_softer_by_as_much():
    small = draw_sample("mug", side=400).photo

    own = measure(encoded(small)).softness
    enlarged = measure(encoded(small.resize((1600, 1600), Image.Resampling.BICUBIC))).softness

    assert own is not None
    assert enlarged is not None
    assert own < 1.5
    assert 2.5 < enlarged / own < 5


def test_reduced_measuring_tells_softness_in_pixels_of_the_file():
    """A picture above 4096 pixels is measured smaller."""
    picture = boxed(0.6).resize((5000, 1000), Image.Resampling.NEAREST)
    soft = picture.filter(ImageFilter.GaussianBlur(8))

    assert measure(encoded(soft)).softness == pytest.approx(8, rel=0.25)


def test_one_plain_surface_has_neither_edges_nor_likeness():
    measures = measure(encoded(Image.new("RGB", (300, 300), (200, 180, 160))))

    assert (measures.softness, measures.likeness, measures.fill) == (None, None, None)
    assert {name: why.code for name, why in measures.missing.items()} == {
        "softness": "no_edges",
        "likeness": "plain",
        "fill": "nothing_found",
        "fidelity": "no_reference",
    }


class TestStrangeFiles:
    def test_cmyk_is_measured_in_the_colours_it_shows(self):
        picture = boxed(0.5).convert("CMYK")

        measures = measure(encoded(picture))

        assert measures.facts is not None
        assert measures.facts.colours == "CMYK"
        assert measures.white == 1.0
        assert measures.fill == pytest.approx(0.5, abs=0.005)

    def test_sixteen_bits_are_measured(self):
        grey = np.asarray(boxed(0.5).convert("L"), np.uint16) * 257

        measures = measure(encoded(Image.fromarray(grey), "PNG"))

        assert measures.white == 1.0
        assert measures.fill == pytest.approx(0.5, abs=0.005)

    def test_palette_is_measured(self):
        measures = measure(encoded(boxed(0.5).quantize(16), "PNG"))

        assert measures.facts is not None
        assert measures.facts.colours == "P"
        assert measures.fill == pytest.approx(0.5, abs=0.005)

    def test_animation_is_measured_by_its_first_frame_and_its_frames_are_counted(self):
        frames = [boxed(0.5), boxed(0.9), boxed(0.2)]
        content = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])

        measures = measure(content)

        assert measures.facts is not None
        assert measures.facts.frames == 3
        assert measures.fill == pytest.approx(0.5, abs=0.005)

    def test_sides_are_those_of_the_upright_picture(self):
        exif = Image.Exif()
        exif[0x0112] = 6
        picture = boxed(0.5).crop((0, 100, 600, 500))

        facts = measure(encoded(picture, exif=exif)).facts

        assert facts is not None
        assert (facts.width, facts.height) == (400, 600)

    def test_one_pixel_has_its_facts_and_nothing_else(self):
        measures = measure(encoded(Image.new("RGB", (1, 1), (9, 9, 9))))

        assert measures.facts is not None
        assert (measures.facts.width, measures.facts.height) == (1, 1)
        assert (measures.fill, measures.likeness) == (None, None)
        assert measures.missing["fill"].code == "too_small"

    def test_cut_off_file_has_its_facts_and_says_that_it_is_damaged(self):
        content = encoded(boxed(0.5))

        measures = measure(content[: len(content) // 2])

        assert measures.facts is not None
        assert measures.fill is None
        assert {why.code for why in measures.missing.values()} == {"not_a_picture"}

    @pytest.mark.parametrize("content", [b"", b"<html></html>", b"\xff\xd8\xff\xe0rest"])
    def test_what_is_no_picture_is_refused_with_a_reason(self, content):
        measures = measure(content)

        assert measures.facts is None
        assert measures.byte_size == len(content)
        assert {why.code for why in measures.missing.values()} == {"not_a_picture"}

    def test_too_many_pixels_are_counted_and_not_decoded(self):
        content = encoded(Image.new("1", (8000, 8000)), "PNG")

        measures = measure(content)

        assert measures.facts is not None
        assert (measures.facts.width, measures.facts.height) == (8000, 8000)
        assert {why.code for why in measures.missing.values()} == {"too_many_pixels"}

    def test_far_too_many_pixels_are_refused_at_once(self):
        content = encoded(Image.new("1", (20_000, 20_000)), "PNG")

        measures = measure(content)

        assert measures.facts is None
        assert {why.code for why in measures.missing.values()} == {"too_many_pixels"}


class TestReference:
    def test_picture_without_one_has_no_fidelity(self):
        measures = measure(encoded(boxed(0.5)))

        assert measures.fidelity is None
        assert measures.missing["fidelity"] == NO_REFERENCE

    def test_photo_that_cannot_be_cut_out_says_so(self):
        room = np.random.default_rng(1).integers(0, 200, (300, 300, 3), dtype=np.uint8)

        refused = reference_figures(encoded(Image.fromarray(room)))

        assert isinstance(refused, Missing)
        assert refused.reason.startswith("The reference photo: ")
        assert measure(encoded(boxed(0.5)), reference=refused).missing["fidelity"] == refused


def test_picture_is_decoded_once(monkeypatch):
    content = encoded(boxed(0.5))
    decoded = []
    load = ImageFile.ImageFile.load

    def counted(image: ImageFile.ImageFile) -> object:
        decoded.extend([image] if image.tile else [])
        return load(image)

    monkeypatch.setattr(ImageFile.ImageFile, "load", counted)

    measure(content)

    assert len(decoded) == 1
