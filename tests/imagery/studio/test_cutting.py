"""Cutting products out: outlines against the true ones, holes, shadows, and what is refused."""

import numpy as np
import pytest
from PIL import Image

from imagery.samples import SAMPLE_NAMES, Backdrop, draw_sample
from imagery.studio.cutting import cut_out, trimmed
from imagery.studio.errors import NoOutline, NotSeamless

#: Intersection over union with the true outline, at the least. The shoe's sole lies in a shadow as
#: dark as itself; the box is white on white.
LEAST = {
    "fan": 0.99,
    "mug": 0.99,
    "lamp": 0.99,
    "shoe": 0.98,
    "bottle": 0.99,
    "white_box": 0.98,
}


def overlap(cut, sample):
    found = np.asarray(cut.picture)[..., 3] > 127
    true = np.asarray(sample.outline) > 127
    return (found & true).sum() / (found | true).sum()


@pytest.mark.parametrize("name", SAMPLE_NAMES)
def test_product_is_cut_along_its_outline_without_its_shadow_and_with_its_holes(name):
    sample = draw_sample(name, side=700)

    cut = cut_out(sample.photo)

    assert cut.picture.mode == "RGBA"
    assert cut.picture.size == sample.photo.size
    assert overlap(cut, sample) >= LEAST[name]
    assert cut.confidence > 0.9
    assert [cut.picture.getpixel((round(x * 700), round(y * 700)))[3] for x, y in sample.holes] == [
        0
    ] * len(sample.holes)


def test_product_of_the_paper_s_own_grey_is_told_from_its_shadow():
    """The shadow begins gradually, the product abruptly: darkness alone would not tell them."""
    backdrop = Backdrop((214, 214, 214), (204, 204, 204), noise=1.5)
    sample = draw_sample("fan", side=600, backdrop=backdrop)

    assert overlap(cut_out(sample.photo), sample) >= 0.98


def test_edges_are_soft_and_keep_nothing_of_the_paper():
    sample = draw_sample("mug", side=600)

    values = np.asarray(cut_out(sample.photo).picture).astype(int)

    share = values[..., 3]
    edge = (share > 60) & (share < 200)
    assert 200 < edge.sum() < 6000
    # A red mug on near-white paper: a fringe of paper would be much brighter in blue.
    assert np.median(values[..., 2][edge]) < 110
    assert np.quantile(values[..., 2][edge], 0.9) < 150


def test_larger_photo_is_cut_at_its_own_size():
    sample = draw_sample("mug", side=1600)

    cut = cut_out(sample.photo)

    assert cut.picture.size == (1600, 1600)
    assert overlap(cut, sample) >= 0.99


def test_same_photo_gives_the_same_picture():
    photo = draw_sample("lamp", side=400).photo

    assert cut_out(photo).picture.tobytes() == cut_out(photo.copy()).picture.tobytes()


def test_picture_that_is_cut_out_already_is_left_as_it_is():
    picture = cut_out(draw_sample("mug", side=300).photo).picture

    assert cut_out(picture).picture.tobytes() == picture.tobytes()


def test_cluttered_background_is_refused():
    clutter = np.random.default_rng(1).integers(0, 255, (30, 30, 3), np.uint8)
    photo = Image.fromarray(clutter).resize((600, 600), Image.Resampling.BICUBIC)

    with pytest.raises(NotSeamless) as refusal:
        cut_out(photo)
    assert refusal.value.code == "not_seamless"


@pytest.mark.parametrize(
    ("photo", "code"),
    [
        (Image.new("RGB", (400, 400), (240, 240, 240)), "nothing_found"),
        (Image.new("RGB", (1, 1)), "too_small"),
        (Image.new("RGB", (400, 8)), "too_small"),
    ],
    ids=["blank", "one pixel", "a line"],
)
def test_picture_without_a_product_is_refused(photo, code):
    with pytest.raises(NoOutline) as refusal:
        cut_out(photo)
    assert refusal.value.code == code


def test_margin_of_a_cut_out_is_trimmed():
    picture = Image.new("RGBA", (50, 40), (0, 0, 0, 0))
    picture.paste((200, 10, 10, 255), (10, 5, 30, 25))

    assert trimmed(picture).size == (20, 20)
    with pytest.raises(NoOutline):
        trimmed(Image.new("RGBA", (50, 40), (0, 0, 0, 0)))
