"""Scenes, white pictures, swatch grids, placeholders and enlargements, told by their pixels."""

import numpy as np
import pytest
from PIL import Image

from imagery.studio.composing import in_scene, on_white, scene_for
from imagery.studio.enlarging import enlarged, enlargement_note
from imagery.studio.errors import NoOutline, UnknownWish, UnusablePicture
from imagery.studio.lettering import fitted_lines, font_of
from imagery.studio.placeholders import placeholder
from imagery.studio.scenes import SCENE_NAMES
from imagery.studio.swatches import MOST_SHOWN, Swatch, swatch_grid

RED = (200, 30, 30)


def block(width=200, height=300):
    picture = Image.new("RGBA", (width + 100, height + 100), (0, 0, 0, 0))
    picture.paste((*RED, 255), (50, 50, 50 + width, 50 + height))
    return picture


@pytest.mark.parametrize("name", SCENE_NAMES)
def test_product_stands_in_a_scene_in_its_own_colours(name):
    picture = in_scene(block(), name, side=500)

    values = np.asarray(picture).astype(int)
    product = np.abs(values - RED).max(axis=2) <= 5
    rows, columns = np.flatnonzero(product.any(1)), np.flatnonzero(product.any(0))
    height, width = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    assert picture.size == (500, 500)
    assert width / height == pytest.approx(2 / 3, abs=0.02)
    assert product.sum() > 0.98 * width * height
    assert 0.83 * 500 < rows[-1] < 0.9 * 500
    assert abs(columns[0] + columns[-1] - 499) <= 2


@pytest.mark.parametrize("name", SCENE_NAMES)
def test_floor_is_darkest_at_the_foot_and_right_of_it(name):
    with_product = np.asarray(in_scene(block(), name, side=500)).astype(int).sum(axis=2)
    speck = Image.new("RGBA", (1, 1), (255, 255, 255, 255))
    empty = np.asarray(in_scene(speck, name, side=500)).astype(int).sum(axis=2)

    darker = empty - with_product
    values = np.asarray(in_scene(block(), name, side=500)).astype(int)
    product = np.abs(values - RED).max(axis=2) <= 5
    foot, last = np.flatnonzero(product.any(1))[-1], np.flatnonzero(product.any(0))[-1]
    first = np.flatnonzero(product.any(0))[0]
    assert darker[foot + 3, 250] > 40
    assert darker[foot - 8 : foot, last + 4 : last + 20].mean() > 20
    assert abs(darker[: foot - 250, : first - 60].mean()) < 1


def test_prompt_that_names_a_scene_gets_it_and_others_keep_theirs():
    assert scene_for("A fan on an OAK table") == "oak"
    assert scene_for("Anything else") == scene_for("Anything else")
    assert {scene_for(f"prompt {number}") for number in range(40)} == set(SCENE_NAMES)


def test_white_picture_is_pure_white_and_filled_by_its_product():
    values = np.asarray(on_white(block(), side=1000)).astype(int)

    product = np.abs(values - RED).max(axis=2) <= 1
    rows = np.flatnonzero(product.any(1))
    assert rows[-1] - rows[0] + 1 == 870
    assert (values[:40] == 255).all()
    assert (values[-30:] == 255).all()
    assert (values[:, :180] == 255).all()
    # The shadow at the foot is there, and faint.
    assert 180 < values[rows[-1] + 4, 500].min() < 255


def test_product_that_is_transparent_all_over_makes_no_picture():
    with pytest.raises(NoOutline):
        on_white(Image.new("RGBA", (10, 10), (0, 0, 0, 0)))


def test_same_request_gives_the_same_scene():
    assert (
        in_scene(block(), "oak", side=300).tobytes() == in_scene(block(), "oak", side=300).tobytes()
    )


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_enlargement_keeps_colours_and_mode(mode):
    picture = Image.new(mode, (30, 20), RED)

    large = enlarged(picture, 4)

    assert (large.mode, large.size) == (mode, (120, 80))
    assert large.getpixel((60, 40))[:3] == RED
    assert enlargement_note(picture, 4) == (
        "Enlarged 4 times from 30 x 20 pixels by resampling; no detail was added."
    )


def test_enlargement_does_not_bleed_hidden_colours_into_the_edge():
    picture = Image.new("RGBA", (40, 40), (0, 255, 0, 0))
    picture.paste((*RED, 255), (10, 10, 30, 30))

    values = np.asarray(enlarged(picture, 2)).astype(int)

    assert values[..., 1][values[..., 3] > 40].max() < 60


@pytest.mark.parametrize("factor", [0, 1, 5, -2])
def test_other_factors_are_refused(factor):
    with pytest.raises(UnknownWish):
        enlarged(Image.new("RGB", (10, 10)), factor)


def test_enlargement_beyond_what_is_kept_is_refused():
    with pytest.raises(UnusablePicture):
        enlarged(Image.new("L", (3000, 10)).convert("RGB"), 4)


@pytest.mark.parametrize("count", [1, 2, 5, 7, MOST_SHOWN, 100])
def test_swatch_grid_has_a_place_for_each_variant(count):
    swatches = [Swatch(f"Colour {number}", block()) for number in range(count)]

    grid = swatch_grid(swatches, side=800)

    values = np.asarray(grid).astype(int)
    assert grid.size == (800, 800)
    assert (values[:20] == 255).all()
    red = (np.abs(values - RED).max(axis=2) <= 3).astype(np.uint8)
    import cv2

    shown = MOST_SHOWN - 1 if count > MOST_SHOWN else count
    assert cv2.connectedComponents(red)[0] - 1 == shown


def test_swatch_grid_shows_where_a_picture_is_missing():
    missing = swatch_grid([Swatch("White", None)], side=400)

    assert missing.getcolors(100_000) != swatch_grid(
        [Swatch("White", block())], side=400
    ).getcolors(100_000)
    with pytest.raises(UnknownWish):
        swatch_grid([])


def test_placeholder_says_what_it_stands_for():
    plain = placeholder(sku="A-1", title="", side=300)
    titled = placeholder(sku="A-1", title="A very long title " * 40, side=300)

    assert plain.size == titled.size == (300, 300)
    assert plain.tobytes() != titled.tobytes()
    assert (
        titled.tobytes()
        == placeholder(sku="A-1", title="A very long title " * 40, side=300).tobytes()
    )


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("Red", ["Red"]),
        ("Midnight blue with stripes", ["Midnight blue", "with stripes"]),
        ("Midnight blue with stripes and dots", ["Midnight blue", "with stripes a…"]),
        ("Unbreakableword", ["Unbreakable…"]),
    ],
    ids=["nothing", "short", "two lines", "too long", "one long word"],
)
def test_words_are_broken_into_lines_that_fit(text, lines):
    font = font_of(10)

    assert fitted_lines(text, font, width=72, most=2) == lines
    assert all(font.getlength(line) <= 72 for line in lines)
