"""Fidelity in its order: the same product, recoloured, reshaped, another one."""

import pytest
from PIL import Image, ImageEnhance

from imagery.checks.fidelity import compared, figures_of
from imagery.checks.measuring import measure, reference_figures
from imagery.checks.silhouettes import silhouette_of
from imagery.samples import SAMPLE_NAMES, draw_sample
from imagery.studio.composing import on_white
from imagery.studio.cutting import cut_out
from imagery.studio.opening import open_picture
from tests.imagery.checks.pictures import encoded

SIDE = 400


def photo_of(name: str) -> Image.Image:
    return open_picture(encoded(draw_sample(name, side=SIDE).photo))


def shown(product: Image.Image) -> Image.Image:
    return open_picture(encoded(on_white(product, side=SIDE)))


def recoloured(product: Image.Image) -> Image.Image:
    hue, saturation, value = product.convert("RGB").convert("HSV").split()
    turned = hue.point([(level + 85) % 256 for level in range(256)])
    red, green, blue = Image.merge("HSV", (turned, saturation, value)).convert("RGB").split()
    tinted = (red, green.point([level * 0.7 for level in range(256)]), blue)
    return Image.merge("RGBA", (*tinted, product.getchannel("A")))


def reshaped(product: Image.Image) -> Image.Image:
    return product.resize((round(product.width * 1.35), product.height))


def fidelity(picture: Image.Image, reference: Image.Image) -> float:
    return compared(figures_of(silhouette_of(picture)), figures_of(silhouette_of(reference))).score


@pytest.mark.parametrize("name", SAMPLE_NAMES)
def test_same_product_is_truer_than_recoloured_than_reshaped_than_another(name):
    photo = photo_of(name)
    product = cut_out(draw_sample(name, side=SIDE).photo).picture
    other = photo_of(SAMPLE_NAMES[SAMPLE_NAMES.index(name) - 1])

    same = fidelity(shown(product), photo)
    in_other_colour = fidelity(shown(recoloured(product)), photo)
    in_other_shape = fidelity(shown(reshaped(product)), photo)
    another = fidelity(other, photo)

    # The shoe's pale sole is half lost in a JPEG's noise.
    assert same > (0.75 if name == "shoe" else 0.9)
    assert 0.4 < in_other_colour < 0.75
    assert another < 0.3
    assert same > in_other_colour > in_other_shape > another or in_other_shape == another == 0


def test_no_outline_of_a_scene_is_held_against_the_product():
    """Another product in a scene may be what stands around this one."""
    reference = reference_figures(encoded(draw_sample("mug", side=SIDE).photo))
    same, other = (encoded(draw_sample(name, side=SIDE).photo) for name in ("mug", "lamp"))

    alone, in_scene = (measure(other, reference=reference, in_scene=it) for it in (False, True))
    assert alone.fidelity is not None
    assert alone.fidelity.shape == 0
    assert (in_scene.fidelity, in_scene.missing["fidelity"].code) == (None, "in_a_scene")
    found = measure(same, reference=reference, in_scene=True).fidelity
    assert found is not None
    assert found.score > 0.9


def test_other_light_and_another_size_are_no_other_product():
    photo = photo_of("mug")
    product = cut_out(draw_sample("mug", side=SIDE).photo).picture
    darker = ImageEnhance.Brightness(shown(product)).enhance(0.93)

    assert fidelity(darker, photo) > 0.9
    assert fidelity(shown(product).resize((300, 300)), photo) > 0.9
