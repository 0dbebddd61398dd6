"""Every answer ends a call in one of six ways; a real server gives each of them."""

import base64
import gzip
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from imagery.providers import DeliveredImage, Operation, OutcomeClass, Reference
from imagery.providers.openai import OpenAi
from imagery.providers.pixelapi import PixelApi
from tests.imagery.providers.speaking import (
    KEY,
    PATIENCE,
    PHOTO,
    after_reading,
    answer_bytes,
    asking,
    speaker,
    two_images,
)
from tests.outbound.servers import rude_server

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def outcome_of(answer: bytes, *, dialect=None, patience=PATIENCE, **changes):
    """What one call ends in that is answered so."""
    with rude_server(after_reading(answer)) as server:
        outcome = speaker(server.url("/v1"), dialect, patience=patience).send(asking(**changes))
        assert len(server.heads) == 1
    return outcome


# Delivered


def test_creativeai_delivers_addresses():
    outcome = outcome_of(answer_bytes("200 OK", two_images()))

    assert outcome.outcome is OutcomeClass.DELIVERED
    assert outcome.images == (
        DeliveredImage("https://cdn.example.com/a.png", None, None),
        DeliveredImage("https://cdn.example.com/b.png", None, None),
    )
    assert (outcome.request_id, outcome.model_actual) == ("gen_1", "openai/gpt-image-1")
    assert (outcome.code, outcome.message, outcome.http_status) == ("", "", 200)


def test_openai_delivers_bytes_and_says_what_was_used():
    body = {
        "created": 1,
        "data": [{"b64_json": base64.b64encode(b"one").decode()}] * 2,
        "usage": {
            "total_tokens": 4_210,
            "input_tokens": 50,
            "output_tokens": 4_160,
            "input_tokens_details": {"text_tokens": 10, "image_tokens": 40},
            "odd": "many",
            "negative": -1,
        },
    }

    outcome = outcome_of(
        answer_bytes("200 OK", body, "x-request-id: req_7"),
        dialect=OpenAi(),
        reference=Reference(None, b"photo", "image/png"),
    )

    assert outcome.outcome is OutcomeClass.DELIVERED
    assert outcome.images == (DeliveredImage(None, b"one", None),) * 2
    assert (outcome.request_id, outcome.model_actual) == ("req_7", None)
    assert outcome.usage == {
        "total_tokens": 4_210,
        "input_tokens": 50,
        "output_tokens": 4_160,
        "input_text_tokens": 10,
        "input_image_tokens": 40,
    }


def test_pixelapi_delivers_one_address_for_a_day():
    outcome = outcome_of(
        answer_bytes("200 OK", {"output_url": PHOTO}),
        dialect=PixelApi(now=lambda: NOW),
        operation=Operation.UPSCALE,
        images=1,
    )

    assert outcome.outcome is OutcomeClass.DELIVERED
    assert outcome.images == (DeliveredImage(PHOTO, None, datetime(2026, 5, 2, 12, tzinfo=UTC)),)


def test_the_key_is_sent_and_the_path_lies_below_the_base_url():
    with rude_server(after_reading(answer_bytes("200 OK", two_images()))) as server:
        speaker(server.url("/v1")).send(asking())

    lines = server.heads[0].partition(b"\r\n\r\n")[0].decode().splitlines()
    assert lines == [
        "POST /v1/images/generations HTTP/1.1",
        f"Host: 127.0.0.1:{server.port}",
        "User-Agent: catalog-imports/0.1 (has pictures of products made)",
        "Accept: application/json",
        "Accept-Encoding: identity",
        f"Authorization: Bearer {KEY}",
        "Content-Type: application/json",
        "Idempotency-Key: call-1",
        "Content-Length: 129",
    ]


def test_more_images_than_asked_for_are_left():
    outcome = outcome_of(answer_bytes("200 OK", two_images()), images=1)

    assert outcome.outcome is OutcomeClass.DELIVERED
    assert [image.url for image in outcome.images] == ["https://cdn.example.com/a.png"]


def test_an_answer_compressed_unasked_is_read():
    body = gzip.compress(json.dumps(two_images()).encode())

    outcome = outcome_of(answer_bytes("200 OK", body, "Content-Encoding: gzip"))

    assert outcome.outcome is OutcomeClass.DELIVERED


# Short


@pytest.mark.parametrize(
    ("body", "images", "code"),
    [
        ({"id": "gen_1", "data": []}, 0, "no_images"),
        ({"id": "gen_1"}, 0, "no_images"),
        ({"id": "gen_1", "data": {"url": PHOTO}}, 0, "no_images"),
        ({"id": "gen_1", "data": [{"url": PHOTO}]}, 1, "fewer_images"),
        ({"id": "gen_1", "data": [{"url": PHOTO}, {"url": "file:///etc/x"}]}, 1, "fewer_images"),
        ({"id": "gen_1", "data": [{"url": PHOTO}, {"b64_json": "*"}]}, 1, "fewer_images"),
        ({"id": "gen_1", "data": [None, 5, {}, {"url": 7}]}, 0, "no_images"),
    ],
    ids=["empty", "missing", "no_list", "fewer", "not_fetchable", "not_base64", "nonsense"],
)
def test_a_success_with_too_few_images_is_short(body, images, code):
    outcome = outcome_of(answer_bytes("200 OK", body))

    assert (outcome.outcome, outcome.code) == (OutcomeClass.SHORT, code)
    assert outcome.message == f"{images} of 2 images came."
    assert len(outcome.images) == images
    assert outcome.request_id == "gen_1"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<!doctype html><title>Welcome</title>", "not_json"),
        (b'{"data": [{"url": "https://cdn', "bad_json"),
        (b"[" * 5_000 + b"]" * 5_000, "bad_json"),
        (b'["a list"]', "bad_json"),
        (b"\xff\xfe\x00", "bad_json"),
        (b"", "bad_json"),
    ],
    ids=["html", "cut", "deep", "list", "bytes", "empty"],
)
def test_a_success_that_is_not_json_is_short_of_all(body, code):
    outcome = outcome_of(answer_bytes("200 OK", body, "x-request-id: req_7"))

    assert (outcome.outcome, outcome.code) == (OutcomeClass.SHORT, code)
    assert (outcome.images, outcome.http_status) == ((), 200)
    assert outcome.request_id == "req_7"


def test_an_answer_is_not_read_further_than_its_bound():
    patience = type(PATIENCE)(max_bytes=1_000)

    outcome = outcome_of(answer_bytes("200 OK", b"[" + b" " * 5_000), patience=patience)

    assert (outcome.outcome, outcome.code) == (OutcomeClass.SHORT, "too_large")


# By status


@pytest.mark.parametrize(
    ("status", "kind", "pauses"),
    [
        ("400 Bad Request", OutcomeClass.REFUSED, False),
        ("401 Unauthorized", OutcomeClass.REFUSED, True),
        ("402 Payment Required", OutcomeClass.REFUSED, True),
        ("403 Forbidden", OutcomeClass.REFUSED, False),
        ("408 Request Timeout", OutcomeClass.REJECTED_FOR_NOW, False),
        ("409 Conflict", OutcomeClass.REJECTED_FOR_NOW, False),
        ("413 Content Too Large", OutcomeClass.REFUSED, False),
        ("422 Unprocessable Content", OutcomeClass.REFUSED, False),
        ("429 Too Many Requests", OutcomeClass.REJECTED_FOR_NOW, False),
        ("500 Internal Server Error", OutcomeClass.UNKNOWN, False),
        ("502 Bad Gateway", OutcomeClass.UNKNOWN, False),
        ("503 Service Unavailable", OutcomeClass.REJECTED_FOR_NOW, False),
        ("504 Gateway Timeout", OutcomeClass.UNKNOWN, False),
        ("520 Nobody Knows", OutcomeClass.UNKNOWN, False),
        ("202 Accepted", OutcomeClass.UNKNOWN, False),
        ("303 See Other", OutcomeClass.UNKNOWN, False),
    ],
    ids=lambda value: value.split()[0] if isinstance(value, str) and value[0].isdigit() else "",
)
def test_a_status_is_a_class(status, kind, pauses):
    outcome = outcome_of(answer_bytes(status, b"whatever", "x-request-id: req_7"))

    assert (outcome.outcome, outcome.pauses_provider) == (kind, pauses)
    assert outcome.code == f"http_{status[:3]}"
    assert outcome.http_status == int(status[:3])
    assert outcome.message.startswith(f"The provider answers {status[:3]}")
    assert (outcome.images, outcome.retry_after) == ((), None)
    assert outcome.request_id == "req_7"


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_not_followed_and_means_a_wrong_address(status):
    with rude_server(after_reading(answer_bytes("200 OK", two_images()))) as elsewhere:
        outcome = outcome_of(answer_bytes(status, b"", f"Location: {elsewhere.url()}"))

        assert elsewhere.connections == 0
    assert (outcome.outcome, outcome.code) == (OutcomeClass.REFUSED, "wrong_address")
    assert outcome.pauses_provider


@pytest.mark.parametrize(
    ("body", "code", "pauses"),
    [
        (b"<html>nginx</html>", "wrong_address", True),
        ({"detail": "Not Found"}, "wrong_address", True),
        ({"error": {"code": "model_not_found", "message": "No such model."}}, "model_not_found", 0),
    ],
    ids=["web_page", "no_route", "no_model"],
)
def test_not_found_is_a_wrong_address_unless_the_provider_says_what(body, code, pauses):
    outcome = outcome_of(answer_bytes("404 Not Found", body))

    assert (outcome.outcome, outcome.code) == (OutcomeClass.REFUSED, code)
    assert outcome.pauses_provider is bool(pauses)


@pytest.mark.parametrize(
    ("status", "body", "code", "message"),
    [
        (402, {"error": {"code": "insufficient_quota"}}, "insufficient_quota", None),
        (429, {"error": {"code": "insufficient_quota"}}, "insufficient_quota", None),
        (
            400,
            {"error": {"code": "billing_hard_limit_reached"}},
            "billing_hard_limit_reached",
            None,
        ),
        (401, {"detail": "Invalid API key"}, "http_401", "Invalid API key"),
    ],
    ids=["402", "429_without_money", "400_without_money", "401_detail"],
)
def test_no_key_or_no_money_pauses_whatever_the_status(status, body, code, message):
    outcome = outcome_of(answer_bytes(f"{status} No", body, "Retry-After: 1"))

    assert (outcome.outcome, outcome.code) == (OutcomeClass.REFUSED, code)
    assert outcome.pauses_provider
    assert message is None or outcome.message == message


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (
            {"error": {"code": "moderation_blocked", "type": "image_generation_user_error"}},
            "moderation_blocked",
            "The provider answers 400 Bad Request.",
        ),
        (
            {"error": {"code": "content_policy_violation", "message": "Not  this\n one."}},
            "moderation_blocked",
            "Not this one.",
        ),
        (
            {"error": {"code": None, "type": "invalid_request_error", "message": "Bad size."}},
            "invalid_request_error",
            "Bad size.",
        ),
        ({"error": "bad_size"}, "bad_size", "bad_size"),
        ({"detail": "Bad scale."}, "http_400", "Bad scale."),
        (
            {"detail": [{"loc": ["scale"], "type": "int_parsing", "msg": "Not a number"}]},
            "int_parsing",
            "Not a number",
        ),
        ({"error": [5]}, "http_400", "The provider answers 400 Bad Request."),
        ({"error": {"code": "a b" * 99, "message": 5}}, "http_400", None),
        ({"error": {"message": "x" * 9_000}}, "http_400", "x" * 500),
    ],
    ids=lambda value: None if isinstance(value, dict) else str(value)[:20],
)
def test_a_refusal_is_told_in_the_providers_words(error, code, message):
    outcome = outcome_of(answer_bytes("400 Bad Request", error))

    assert (outcome.outcome, outcome.code) == (OutcomeClass.REFUSED, code)
    assert message is None or outcome.message == message
    assert not outcome.pauses_provider


def test_a_key_that_the_provider_repeats_is_not_passed_on():
    body = {"error": {"code": KEY, "message": f"Incorrect API key: {KEY}"}}

    outcome = outcome_of(answer_bytes("401 Unauthorized", body))

    assert (outcome.code, outcome.message) == ("http_401", "Incorrect API key: ***")
    assert KEY not in repr(outcome)


def test_a_provider_does_not_show_its_key():
    assert KEY not in repr(speaker("http://127.0.0.1:1"))


# How long to wait


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([], None),
        (["Retry-After: 7"], timedelta(seconds=7)),
        (["Retry-After: 99999999999999999999"], timedelta(days=1)),
        (["Retry-After: soon"], None),
        (["Retry-After: -3"], None),
        (["retry-after-ms: 250", "Retry-After: 7"], timedelta(milliseconds=250)),
        (["retry-after-ms: soon", "Retry-After: 7"], timedelta(seconds=7)),
        (["retry-after-ms: 99999999999999999999"], timedelta(days=1)),
        (["Retry-After: Thu, 01 Jan 2026 00:00:00 GMT"], timedelta()),
    ],
    ids=["none", "7s", "ages", "words", "negative", "ms", "bad_ms", "many_ms", "past"],
)
@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"], ids=str)
def test_the_wait_that_is_asked_for_is_told(status, headers, expected):
    outcome = outcome_of(answer_bytes(status, b"", *headers))

    assert outcome.outcome is OutcomeClass.REJECTED_FOR_NOW
    assert outcome.retry_after == expected


def test_the_wait_may_be_given_as_a_date():
    due = format_datetime(datetime.now(tz=UTC) + timedelta(minutes=10), usegmt=True)

    outcome = outcome_of(answer_bytes("429 Too Many Requests", b"", f"Retry-After: {due}"))

    assert outcome.retry_after is not None
    assert timedelta(minutes=9) < outcome.retry_after <= timedelta(minutes=10)
