"""The rate limit counts each token for itself."""

import pytest

from accounts.models import Account
from platform_api.errors import TooManyRequests
from platform_api.rate import count_request
from tests.factories.accounts import ApiTokenFactory


def test_over_the_limit_the_answer_says_when_to_come_back(call, settings):
    settings.API_RATE_LIMIT = 2
    # Near the end of a minute the count could start anew between two requests.
    responses = [call("get", "/things") for _ in range(6)]

    refused = [response for response in responses if response.status_code == 429]
    assert len(refused) >= 2
    assert refused[-1].json()["data"][0]["attribute_name"] == "authorization"
    assert 1 <= int(refused[-1]["Retry-After"]) <= 60


def test_a_refused_request_does_nothing(call, settings):
    settings.API_RATE_LIMIT = 1
    statuses = [call("post", "/things", json={"slug": f"thing-{n}"}).status_code for n in range(4)]

    assert Account.objects.filter(slug__startswith="thing-").count() == statuses.count(201)
    assert statuses.count(429) >= 2


def test_each_token_has_its_own_count(call, settings):
    settings.API_RATE_LIMIT = 1
    call("get", "/things")

    assert call("get", "/things", raw=ApiTokenFactory.create().raw).status_code == 200


def test_the_count_starts_anew_with_the_minute(settings):
    settings.API_RATE_LIMIT = 1
    count_request(1, now=120.0)

    with pytest.raises(TooManyRequests) as refusal:
        count_request(1, now=150.0)
    count_request(1, now=180.0)

    assert refusal.value.headers == {"Retry-After": "30"}


def test_zero_is_no_limit(settings):
    settings.API_RATE_LIMIT = 0

    for _ in range(3):
        count_request(1, now=120.0)
