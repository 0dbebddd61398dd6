"""POST /hooks/{account}/{endpoint}: announcements are taken once, from who knows the secret."""

import json
import time

import pytest
from django.test import Client

from imagery.hooks.endpoints import disable, enable, rotate_secret
from imagery.hooks.signatures import secret_of
from imagery.models import HookDelivery, HookEndpoint
from jobs import clock
from jobs.models import FollowUp
from platform_api import rate
from tests.api_client import failure
from tests.factories.accounts import AccountFactory
from tests.factories.imagery import HookEndpointFactory
from tests.imagery.hooks.announcing import (
    address_of,
    announce,
    body_of,
    headers_of,
    signature,
)

UNSIGNED = failure("webhook-signature", "No v1 signature fits the body and the secret")
NOWHERE = failure("endpoint", "There is no webhook at this address, or it is switched off")


@pytest.fixture
def endpoint(db) -> HookEndpoint:
    return HookEndpointFactory.create()


def nothing_was_taken() -> bool:
    return not HookDelivery.objects.exists() and not FollowUp.objects.exists()


def test_an_announcement_is_taken_and_left_to_a_follow_up(endpoint):
    answer = announce(endpoint)

    assert answer.status_code == 202
    assert answer.json() == {
        "status": "success",
        "data": {"id": "msg_1", "event": "product.updated", "products": 1, "repeated": False},
    }
    delivery = HookDelivery.objects.get()
    assert delivery.products == [
        {
            "sku": "SKU-1001",
            "inputs": {
                "title": "Minimalist ceramic mug",
                "brand": "Northline",
                "style_tags": "studio lighting, white seamless",
                "image_url": "https://cdn.example.com/mug.png",
            },
        }
    ]
    follow_up = FollowUp.objects.get()
    assert (follow_up.kind, follow_up.payload, follow_up.account) == (
        "imagery.hook_announcement",
        {"delivery": delivery.pk},
        endpoint.account,
    )
    endpoint.refresh_from_db()
    assert endpoint.last_used_at == delivery.received_at


def test_an_announcement_that_is_sent_again_is_done_once(endpoint):
    announce(endpoint)
    again = announce(endpoint, body_of({"sku": "OTHER"}))

    assert again.status_code == 200
    assert again.json()["data"]["repeated"] is True
    assert (HookDelivery.objects.count(), FollowUp.objects.count()) == (1, 1)


def test_the_same_id_at_another_webhook_is_another_announcement(endpoint):
    announce(endpoint)
    announce(HookEndpointFactory.create(account=endpoint.account))

    assert HookDelivery.objects.count() == 2


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"sku": "A"}, id="one product"),
        pytest.param({"skus": ["A"]}, id="SKUs"),
        pytest.param({"products": [{"sku": " A "}, {"sku": "A", "title": None}]}, id="twice"),
    ],
)
def test_products_are_named_in_any_of_three_ways(endpoint, data):
    announce(endpoint, json.dumps({"type": "variant.created", "data": data}).encode())

    assert HookDelivery.objects.get().products == [{"sku": "A", "inputs": {}}]


def test_other_events_are_taken_and_left_alone(endpoint):
    answer = announce(endpoint, b'{"type": "order.created", "data": {"id": 7}}')

    assert answer.status_code == 202
    assert answer.json()["data"]["products"] == 0
    assert HookDelivery.objects.get().done_at is not None
    assert not FollowUp.objects.exists()


# Who may announce


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param({"webhook-signature": ""}, id="none"),
        pytest.param({"webhook-signature": "v1,"}, id="empty"),
        pytest.param({"webhook-signature": "v1,not base64!"}, id="no base64"),
        pytest.param({"webhook-signature": "v1a,dGVzdA=="}, id="another version"),
        pytest.param({"webhook-id": "msg_2"}, id="another id"),
    ],
)
def test_what_is_not_signed_with_the_secret_is_refused(endpoint, forged):
    answer = announce(endpoint, headers=forged)

    assert (answer.status_code, answer.json()) == (401, UNSIGNED)
    assert nothing_was_taken()


def test_a_changed_body_or_moment_is_refused(endpoint):
    body = body_of()
    headers = headers_of(secret_of(endpoint), body)
    later = str(int(headers["webhook-timestamp"]) + 1)

    changed = announce(endpoint, body.replace(b"mug", b"cup"), headers=headers)
    moved = announce(endpoint, body, headers=headers | {"webhook-timestamp": later})

    assert changed.status_code == moved.status_code == 401
    assert nothing_was_taken()


def test_the_secret_of_another_webhook_opens_nothing(endpoint):
    other = HookEndpointFactory.create(account=endpoint.account)

    assert announce(endpoint, secret=secret_of(other)).json() == UNSIGNED
    assert nothing_was_taken()


@pytest.mark.parametrize("minutes", [-5.1, 5.1], ids=["too old", "too new"])
def test_what_was_signed_more_than_five_minutes_from_now_is_refused(endpoint, minutes):
    answer = announce(endpoint, sent=time.time() + 60 * minutes)

    assert answer.status_code == 401
    assert answer.json() == failure("webhook-timestamp", "Is more than five minutes from now")
    assert nothing_was_taken()


@pytest.mark.parametrize("minutes", [-4.9, 4.9], ids=["old", "new"])
def test_up_to_five_minutes_clocks_may_differ(endpoint, minutes):
    assert announce(endpoint, sent=time.time() + 60 * minutes).status_code == 202


@pytest.mark.parametrize(
    ("header", "value", "message"),
    [
        ("webhook-id", "", "Must be printable ASCII characters"),
        ("webhook-id", "x" * 256, "Must have at most 255 characters"),
        ("webhook-timestamp", "", "Must be whole seconds since 1970"),
        ("webhook-timestamp", "1e9", "Must be whole seconds since 1970"),
        ("webhook-timestamp", "9" * 400, "Must be whole seconds since 1970"),
    ],
    ids=["no id", "long id", "no moment", "a float", "a long number"],
)
def test_headers_that_make_no_sense_are_named(endpoint, header, value, message):
    answer = announce(endpoint, headers={header: value})

    assert (answer.status_code, answer.json()) == (401, failure(header, message))
    assert nothing_was_taken()


def test_one_of_several_signatures_suffices(endpoint):
    body = body_of()
    headers = headers_of(secret_of(endpoint), body)
    right = headers["webhook-signature"]
    wrong = signature(
        "whsec_" + "A" * 44, body, webhook_id="msg_1", timestamp=headers["webhook-timestamp"]
    )

    several = announce(endpoint, body, headers={"webhook-signature": f"v1a,x {wrong} {right}"})
    too_many = announce(
        endpoint,
        body,
        webhook_id="msg_2",
        headers={"webhook-signature": " ".join([wrong] * 10 + [right])},
    )

    assert several.status_code == 202
    assert too_many.status_code == 401


def test_a_new_secret_takes_over_within_a_day_or_at_once(endpoint):
    old = secret_of(endpoint)
    rotate_secret(endpoint=endpoint, keep_old=True)
    new = secret_of(endpoint)

    assert old != new
    assert announce(endpoint, secret=new, webhook_id="a").status_code == 202
    assert announce(endpoint, secret=old, webhook_id="b").status_code == 202
    HookEndpoint.objects.update(previous_until=clock.now())
    assert announce(endpoint, secret=old, webhook_id="c").status_code == 401

    rotate_secret(endpoint=endpoint, keep_old=False)

    assert announce(endpoint, secret=new, webhook_id="d").status_code == 401
    assert announce(endpoint, secret=secret_of(endpoint), webhook_id="e").status_code == 202


def test_secrets_are_long_and_stored_nowhere(endpoint):
    secret = secret_of(endpoint)

    assert secret.startswith("whsec_")
    assert len(secret) == len("whsec_") + 44
    stored = " ".join(str(value) for value in HookEndpoint.objects.values().get().values())
    assert secret.removeprefix("whsec_") not in stored


def test_another_installations_key_makes_other_secrets(endpoint, settings):
    before = secret_of(endpoint)
    settings.SECRET_KEY = "another key, of another installation"

    assert secret_of(endpoint) != before


# Where, and what


def test_nobody_is_at_other_addresses(endpoint):
    body = body_of()
    headers = headers_of(secret_of(endpoint), body)
    path = address_of(endpoint)
    elsewhere = path.replace(str(endpoint.account.uuid), str(AccountFactory.create().uuid))

    answer = Client().post(elsewhere, body, content_type="application/json", headers=headers)

    assert (answer.status_code, answer.json()) == (404, NOWHERE)
    assert Client().get(path).status_code == 405
    assert nothing_was_taken()


def test_a_webhook_that_is_switched_off_takes_nothing(endpoint):
    assert disable(endpoint=endpoint) is True
    assert disable(endpoint=endpoint) is False
    refused = announce(endpoint)
    assert (refused.status_code, refused.json()) == (404, NOWHERE)
    assert nothing_was_taken()

    assert enable(endpoint=endpoint) is True
    assert announce(endpoint).status_code == 202


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"[]", ("body", "Must be a JSON object")),
        (b"{}", ("type", "Must name the event, in at most 100 characters")),
        (b'{"type": "product.updated"}', ("data", "Must name 1 to 500 products")),
        (
            b'{"type": "product.updated", "data": {"skus": []}}',
            ("data", "Must name 1 to 500 products"),
        ),
        (
            b'{"type": "product.updated", "data": {"skus": ["A", 7]}}',
            ("data.skus.1", "Must have a SKU, as text."),
        ),
        (
            b'{"type": "product.updated", "data": {"sku": "A", "title": 7}}',
            ("data", "title must be text."),
        ),
        (
            b'{"type": "product.updated", "data": {"sku": "A", "image_url": "ftp://a/b"}}',
            ("data", "'ftp://a/b' is not a web address. Expected https://host/path."),
        ),
    ],
    ids=["a list", "no type", "no data", "no SKUs", "a number", "no text", "no address"],
)
def test_what_names_no_products_is_refused(endpoint, body, fault):
    answer = announce(endpoint, body)

    assert (answer.status_code, answer.json()) == (422, failure(*fault))
    assert nothing_was_taken()


def test_bodies_are_bounded(endpoint):
    many = announce(
        endpoint, json.dumps({"type": "product.updated", "data": {"skus": ["A"] * 501}}).encode()
    )
    large = announce(endpoint, b" " * (1024 * 1024 + 1))
    text = announce(endpoint, b"mug")

    assert (many.status_code, large.status_code, text.status_code) == (422, 413, 422)
    assert nothing_was_taken()


def test_long_texts_are_cut_and_markup_is_left_out(endpoint):
    announce(endpoint, body_of({"sku": "A", "description": "<b>Fine</b> " + "clay " * 1_000}))

    (product,) = HookDelivery.objects.get().products
    assert product["inputs"]["description"].startswith("Fine clay clay")
    assert len(product["inputs"]["description"]) <= 1_000


def test_a_sender_is_held_to_the_rate_limit(endpoint, settings, monkeypatch):
    settings.API_RATE_LIMIT = 2
    monkeypatch.setattr(rate, "WINDOW", 10**7)
    answers = [announce(endpoint, webhook_id=str(number)).status_code for number in range(3)]

    assert answers == [202, 202, 429]
    assert HookDelivery.objects.count() == 2
