"""GET /images/{id}/checks: every check of an image, by channel."""

import uuid

from accounts.scopes import Scope
from tests.api_client import program
from tests.factories.imagery import GeneratedImageFactory
from tests.imagery.checks.checked import check, stored_image
from tests.imagery.checks.pictures import boxed


def test_checks_say_verdict_value_and_rule(caller):
    image = stored_image(caller.account, boxed(0.5, side=300))
    check(image)

    answer = caller.get(f"/images/{image.uuid}/checks")

    assert answer.status_code == 200
    document = answer.json()["data"]
    assert document["is_checked"] is True
    assert [channel["channel"] for channel in document["channels"]] == [
        "amazon",
        "ebay",
        "flipkart",
        "google",
        "myntra",
        "shopify",
        "walmart",
    ]
    ebay = document["channels"][1]
    assert {name: ebay[name] for name in ("title", "from_date", "verdict")} == {
        "title": "eBay",
        "from_date": "2024-01-01",
        "verdict": "fail",
    }
    assert ebay["checks"][:2] == [
        {
            "check": "readable",
            "verdict": "pass",
            "value": "Decoded",
            "rule": "A whole picture that can be decoded",
        },
        {
            "check": "longest_side",
            "verdict": "fail",
            "value": "300 px",
            "rule": "At least 500 px",
        },
    ]


def test_image_that_nobody_looked_at_yet_says_so(caller):
    image = GeneratedImageFactory(account=caller.account)

    answer = caller.get(f"/images/{image.uuid}/checks")

    assert answer.json()["data"] == {"is_checked": False, "channels": []}


def test_other_account_s_image_is_unknown(caller):
    theirs = GeneratedImageFactory()

    answers = [caller.get(f"/images/{pk}/checks") for pk in (theirs.uuid, uuid.uuid4())]

    assert {answer.status_code for answer in answers} == {404}
    assert answers[0].json() == answers[1].json()


def test_token_without_a_scope_that_deals_with_images_is_refused(db):
    uploader = program(None, Scope.UPLOADS)
    image = GeneratedImageFactory(account=uploader.account)

    answer = uploader.get(f"/images/{image.uuid}/checks")

    assert answer.status_code == 403
    assert answer.json()["data"][0]["attribute_name"] == "authorization"
