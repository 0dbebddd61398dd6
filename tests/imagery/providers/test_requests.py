"""What each provider is sent, to the byte, and what is refused before anything is sent."""

import json
import math

import pytest

from imagery.providers import Operation, OutcomeClass, Reference
from imagery.providers.creativeai import CreativeAi
from imagery.providers.openai import OpenAi
from imagery.providers.pixelapi import PixelApi
from tests.imagery.providers.speaking import PHOTO, asking, speaker

BYTES = Reference(PHOTO, b"\x89PNG--photo", "image/png")


def test_creativeai_is_sent_what_its_users_send():
    built = CreativeAi().build(asking(images=4, parameters={"background": "transparent"}))

    assert built.path == "/images/generations"
    assert built.headers == {"Content-Type": "application/json", "Idempotency-Key": "call-1"}
    assert built.body == (
        b'{"model":"gpt-image-1","prompt":"A mug.","image_url":"https://cdn.example.com/mug.png",'
        b'"size":"1024x1024","quality":"high","n":4,"background":"transparent"}'
    )


def test_what_is_not_said_is_left_out():
    built = CreativeAi().build(asking(reference=None, size=None, quality=None))

    assert json.loads(built.body) == {"model": "gpt-image-1", "prompt": "A mug.", "n": 2}


def test_openai_generates_from_a_prompt_alone():
    built = OpenAi().build(asking(reference=None, parameters={"output_format": "png"}))

    assert built.path == "/images/generations"
    assert built.headers == {
        "Content-Type": "application/json",
        "X-Client-Request-Id": "call-1",
    }
    assert built.body == (
        b'{"model":"gpt-image-1","prompt":"A mug.","size":"1024x1024","quality":"high","n":2,'
        b'"output_format":"png"}'
    )


def test_openai_edits_a_photo_that_is_sent_along():
    request = asking(reference=BYTES, prompt="A mug, très bien.", parameters={"b": True, "a": 1})

    built = OpenAi().build(request)

    assert built.path == "/images/edits"
    boundary = built.headers["Content-Type"].removeprefix("multipart/form-data; boundary=")
    parts = built.body.split(f"--{boundary}".encode())
    texts = [part.strip(b"\r\n").decode() for part in parts[1:7]]
    assert texts == [
        'Content-Disposition: form-data; name="model"\r\n\r\ngpt-image-1',
        'Content-Disposition: form-data; name="prompt"\r\n\r\nA mug, très bien.',
        'Content-Disposition: form-data; name="size"\r\n\r\n1024x1024',
        'Content-Disposition: form-data; name="quality"\r\n\r\nhigh',
        'Content-Disposition: form-data; name="n"\r\n\r\n2',
        'Content-Disposition: form-data; name="a"\r\n\r\n1',
    ]
    assert parts[7] == b'\r\nContent-Disposition: form-data; name="b"\r\n\r\ntrue\r\n'
    assert parts[8] == (
        b'\r\nContent-Disposition: form-data; name="image[]"; filename="reference.png"\r\n'
        b"Content-Type: image/png\r\n\r\n\x89PNG--photo\r\n"
    )
    assert parts[9:] == [b"--\r\n"]


@pytest.mark.parametrize(
    ("operation", "parameters", "prompt", "body"),
    [
        (Operation.REMOVE_BACKGROUND, {}, "", {"operation": "remove-bg", "image_url": PHOTO}),
        (
            Operation.UPSCALE,
            {"scale": 4},
            "",
            {"operation": "upscale", "image_url": PHOTO, "scale": 4},
        ),
        (
            Operation.REPLACE_BACKGROUND,
            {},
            "white studio",
            {"operation": "replace-bg", "image_url": PHOTO, "prompt": "white studio"},
        ),
    ],
    ids=["remove_background", "upscale", "replace_background"],
)
def test_pixelapi_is_told_an_operation_and_an_address(operation, parameters, prompt, body):
    built = PixelApi().build(
        asking(operation=operation, parameters=parameters, prompt=prompt, images=1)
    )

    assert built.path == "/edit"
    assert built.headers == {"Content-Type": "application/json"}
    assert json.loads(built.body) == body


@pytest.mark.parametrize(
    ("dialect", "changes"),
    [
        (CreativeAi(), {}),
        (OpenAi(), {"reference": BYTES}),
        (OpenAi(), {"reference": None}),
        (PixelApi(), {"operation": Operation.UPSCALE, "images": 1}),
    ],
    ids=["creativeai", "openai_edit", "openai_generation", "pixelapi"],
)
def test_a_replay_builds_the_identical_request(dialect, changes):
    one = asking(parameters={"scale": 4, "background": "opaque"}, **changes)
    other = asking(parameters={"background": "opaque", "scale": 4}, **changes)

    assert dialect.build(one) == dialect.build(other)


@pytest.mark.parametrize(
    ("dialect", "changes", "code"),
    [
        (CreativeAi(), {"operation": Operation.UPSCALE}, "operation_not_offered"),
        (CreativeAi(), {"images": 5}, "image_count"),
        (CreativeAi(), {"images": 0}, "image_count"),
        (CreativeAi(), {"reference": Reference(None, b"x", "image/png")}, "reference_needs_url"),
        (CreativeAi(), {"operation": Operation.EDIT, "reference": None}, "reference_missing"),
        (CreativeAi(), {"parameters": {"n": 9}}, "parameter_not_sendable"),
        (CreativeAi(), {"parameters": {"strength": math.nan}}, "parameter_not_sendable"),
        (OpenAi(), {"images": 11, "reference": None}, "image_count"),
        (OpenAi(), {}, "reference_needs_bytes"),
        (OpenAi(), {"reference": Reference(None, b"GIF8", "image/gif")}, "reference_format"),
        (OpenAi(), {"operation": Operation.EDIT, "reference": None}, "reference_missing"),
        (OpenAi(), {"parameters": {"stream": True}}, "parameter_not_sendable"),
        (PixelApi(), {"images": 1}, "operation_not_offered"),
        (PixelApi(), {"operation": Operation.UPSCALE}, "image_count"),
        (
            PixelApi(),
            {"operation": Operation.UPSCALE, "images": 1, "reference": None},
            "reference_missing",
        ),
    ],
)
def test_what_a_provider_cannot_be_told_is_refused_before_anything_is_sent(dialect, changes, code):
    # Nobody listens there: what was sent would end as "no connection".
    outcome = speaker("http://127.0.0.1:1", dialect).send(asking(**changes))

    assert (outcome.outcome, outcome.code) == (OutcomeClass.REFUSED, code)
    assert outcome.http_status is None
    assert not outcome.pauses_provider
