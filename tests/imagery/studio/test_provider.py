"""The studio behind the protocol: what it delivers, what it refuses, and that it never raises."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from imagery.marking import DigitalSource, source_of
from imagery.providers.protocol import ImageRequest, Operation, OutcomeClass, Provider, Reference
from imagery.providers.registry import known_names, provider_named
from imagery.samples import draw_sample
from imagery.studio.provider import MODEL, Studio


def photo_of(name="mug", side=300):
    file = io.BytesIO()
    draw_sample(name, side=side).photo.save(file, "JPEG", quality=92)
    return file.getvalue()


def request(operation, *, content=None, prompt="", images=1, **parameters):
    reference = None if content is None else Reference(None, content, "image/jpeg")
    return ImageRequest(
        operation=operation,
        model=MODEL,
        prompt=prompt,
        images=images,
        size=None,
        quality=None,
        parameters=parameters,
        reference=reference,
        idempotency_key="key",
    )


def delivered(outcome):
    assert (outcome.outcome, outcome.code) == (OutcomeClass.DELIVERED, "")
    assert outcome.model_actual == MODEL
    (image,) = outcome.images
    return image.content, Image.open(io.BytesIO(image.content))


def test_background_is_removed():
    content, picture = delivered(
        Studio().send(request(Operation.REMOVE_BACKGROUND, content=photo_of()))
    )

    assert (picture.format, picture.mode, picture.size) == ("PNG", "RGBA", (300, 300))
    assert picture.getpixel((5, 5))[3] == 0
    assert picture.getpixel((135, 170))[3] == 255
    assert source_of(content) is DigitalSource.ALGORITHMICALLY_ENHANCED


def test_photo_is_enlarged_and_says_so():
    content, picture = delivered(
        Studio().send(request(Operation.UPSCALE, content=photo_of(side=120), scale=4))
    )

    assert (picture.format, picture.size) == ("JPEG", (480, 480))
    assert source_of(content) is DigitalSource.ALGORITHMICALLY_ENHANCED
    assert b"Enlarged 4 times from 120 x 120 pixels" in content


@pytest.mark.parametrize(
    "operation", [Operation.REPLACE_BACKGROUND, Operation.EDIT, Operation.GENERATE]
)
def test_product_is_set_in_a_scene(operation):
    content, picture = delivered(
        Studio().send(request(operation, content=photo_of(), prompt="on an oak table"))
    )

    assert (picture.format, picture.size) == ("JPEG", (2000, 2000))
    assert source_of(content) is DigitalSource.COMPOSITE


def test_white_picture_can_be_asked_for():
    _, picture = delivered(
        Studio().send(request(Operation.EDIT, content=photo_of(), scene="white"))
    )

    assert picture.getpixel((10, 10)) == (255, 255, 255)


def test_same_request_gives_the_same_bytes():
    asked = request(Operation.REPLACE_BACKGROUND, content=photo_of(), prompt="in the sun")

    assert Studio().send(asked) == Studio().send(asked)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (request(Operation.UPSCALE), "no_reference"),
        (request(Operation.REMOVE_BACKGROUND, content=b"<html>"), "not_a_picture"),
        (request(Operation.UPSCALE, content=photo_of(), scale=9), "bad_scale"),
        (request(Operation.UPSCALE, content=photo_of(), scale=True), "bad_scale"),
        (request(Operation.UPSCALE, content=photo_of(), scale="two"), "bad_scale"),
        (request(Operation.EDIT, content=photo_of(), scene="the moon"), "unknown_scene"),
        (request("paint", content=photo_of()), "studio_failed"),
    ],
    ids=["no photo", "not a picture", "too large", "a truth", "a word", "scene", "operation"],
)
def test_what_cannot_be_done_is_refused_and_pauses_nothing(asked, code):
    outcome = Studio().send(asked)

    assert (outcome.outcome, outcome.code) == (OutcomeClass.REFUSED, code)
    assert outcome.images == ()
    assert outcome.message
    assert not outcome.pauses_provider


def test_studio_is_a_provider_of_every_operation_one_picture_at_a_time():
    studio: Provider = Studio()

    assert studio.name == "studio"
    assert studio.capabilities.most_images == dict.fromkeys(Operation, 1)
    outcome = studio.send(request(Operation.UPSCALE, content=photo_of(side=60), images=3))
    assert (outcome.outcome, len(outcome.images)) == (OutcomeClass.SHORT, 1)


def test_opencv_is_not_loaded_before_a_picture_is_made():
    code = (
        "import sys, django; django.setup(); import imagery.studio.provider;"
        "sys.exit('cv2' in sys.modules)"
    )

    result = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[3], capture_output=True, text=True
    )

    assert result.returncode == 0, result.stderr


def test_studio_is_there_without_any_key():
    assert provider_named("studio") is provider_named("studio")
    assert "studio" in known_names()
