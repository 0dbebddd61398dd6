"""Which tokens open which routes."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from accounts.scopes import Scope
from accounts.tokens import revoke_token
from platform_api.auth import token_from_request
from tests.factories.accounts import ApiTokenFactory


def refused(response, status, challenge):
    assert response.status_code == status
    assert response["WWW-Authenticate"] == challenge
    body = response.json()
    assert body["status"] == "failure"
    assert [fault["attribute_name"] for fault in body["data"]] == ["authorization"]
    return body["data"][0]["messages"]


def test_without_a_token_the_answer_says_how_to_send_one(call):
    messages = refused(call("get", "/things", raw=None), 401, "Bearer")

    assert messages == ["Send a token: Authorization: Bearer <token>"]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi"])
def test_another_kind_of_authorization_counts_as_none(call, header):
    response = call("get", "/things", raw=None, headers={"Authorization": header})

    refused(response, 401, "Bearer")


@pytest.mark.parametrize("raw", ["x", "ct_" + "0" * 12 + "_" + "a" * 43, "é", "a b"])
def test_an_unknown_token_is_refused(call, raw):
    refused(call("get", "/things", raw=raw), 401, 'Bearer error="invalid_token"')


def test_the_prefix_with_another_secret_is_refused(call, token):
    forged = token.raw[:-1] + ("a" if token.raw[-1] != "a" else "b")

    refused(call("get", "/things", raw=forged), 401, 'Bearer error="invalid_token"')


def test_an_expired_token_is_refused(call):
    old = ApiTokenFactory.create(expires_at=timezone.now() - timedelta(seconds=1))

    refused(call("get", "/things", raw=old.raw), 401, 'Bearer error="invalid_token"')


def test_a_token_is_refused_from_its_revocation_on(call, token):
    assert call("get", "/things").status_code == 200

    revoke_token(token)

    refused(call("get", "/things"), 401, 'Bearer error="invalid_token"')


def test_a_token_that_expires_later_is_taken(call):
    young = ApiTokenFactory.create(expires_at=timezone.now() + timedelta(hours=1))

    assert call("get", "/things", raw=young.raw).status_code == 200


def test_a_missing_scope_is_named(call):
    reader = ApiTokenFactory.create(scopes=[Scope.READ])

    messages = refused(
        call("post", "/things", raw=reader.raw, json={"slug": "a"}),
        403,
        'Bearer error="insufficient_scope", scope="uploads"',
    )

    assert messages == ["The token lacks the scope uploads"]
    assert not type(reader.account).objects.filter(slug="a").exists()


def test_the_scheme_may_be_written_in_any_case(call, token):
    response = call("get", "/things", raw=None, headers={"Authorization": f"bEARER {token.raw}"})

    assert response.status_code == 200


def test_a_view_finds_the_token_with_its_account(token, django_assert_num_queries):
    request = RequestFactory().get("/", headers={"Authorization": f"Bearer {token.raw}"})

    with django_assert_num_queries(1):
        found = token_from_request(request)
        assert found is not None
        assert found.account == token.account


def test_authentication_costs_one_query_but_for_one_note_of_use_a_minute(
    call, token, django_assert_num_queries
):
    # token, note of use; count and rows of the page
    with django_assert_num_queries(4):
        call("get", "/things")
    with django_assert_num_queries(3):
        call("get", "/things")
