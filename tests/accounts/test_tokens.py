"""Issuing, finding, revoking API tokens, and what is kept of them."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import ApiToken, TokenState
from accounts.scopes import Scope, in_declared_order
from accounts.tokens import find_token, issue_token, note_use, revoke_token
from tests.factories.accounts import AccountFactory, ApiTokenFactory

pytestmark = pytest.mark.django_db


def test_a_token_is_stored_as_prefix_and_hash_alone():
    token, raw = issue_token(account=AccountFactory.create(), name="ERP", scopes=[Scope.READ])

    assert re.fullmatch(r"ct_[0-9a-f]{12}_[A-Za-z0-9_-]{43}", raw)
    stored = ApiToken.objects.values().get()
    assert stored["prefix"] == raw[:15] == token.prefix
    assert stored["digest"] == hashlib.sha256(raw.encode()).hexdigest()
    assert not any(raw[16:] in str(value) for value in stored.values())


def test_tokens_differ():
    account = AccountFactory.create()

    raws = {issue_token(account=account, name="x", scopes=["read"])[1] for _ in range(20)}

    assert len(raws) == 20


@pytest.mark.parametrize("scopes", [[], ["write"], ["read", "write"]])
def test_scopes_must_be_known_and_not_none(scopes):
    with pytest.raises(ValidationError):
        issue_token(account=AccountFactory.create(), name="ERP", scopes=scopes)
    assert ApiToken.objects.count() == 0


def test_a_token_needs_a_name():
    with pytest.raises(ValidationError):
        issue_token(account=AccountFactory.create(), name="", scopes=["read"])
    assert ApiToken.objects.count() == 0


def test_scopes_are_stored_once_and_in_order():
    assert in_declared_order(["review", "read", "review"]) == ["read", "review"]


def test_a_token_is_found_by_its_secret():
    token = ApiTokenFactory.create()
    ApiTokenFactory.create()

    assert find_token(token.raw) == token


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: "",
        lambda raw: raw[:-1],
        lambda raw: raw + "a",
        lambda raw: raw.upper(),
        lambda raw: raw[:15],
        lambda raw: raw[:16] + "A" * 43,
        lambda raw: "ct_000000000000" + raw[15:],
        lambda raw: raw + "\n",
        lambda raw: raw + "\x00",
    ],
)
def test_nothing_but_the_exact_secret_finds_it(change):
    assert find_token(change(ApiTokenFactory.create().raw)) is None


def test_an_unknown_prefix_costs_the_same_query_as_a_wrong_secret(django_assert_num_queries):
    raw = ApiTokenFactory.create().raw

    for wrong in (raw[:16] + "A" * 43, "ct_000000000000" + raw[15:]):
        with django_assert_num_queries(1):
            find_token(wrong)


def test_an_expired_or_revoked_token_is_not_found():
    now = timezone.now()
    expired = ApiTokenFactory.create(expires_at=now - timedelta(seconds=1))
    revoked = ApiTokenFactory.create(revoked=True)

    assert find_token(expired.raw) is None
    assert find_token(revoked.raw) is None
    assert expired.state(at=now) is TokenState.EXPIRED
    assert revoked.state(at=now) is TokenState.REVOKED
    assert set(ApiToken.objects.usable(at=now)) == set()


def test_a_token_expires_at_the_very_moment():
    moment = timezone.now() + timedelta(days=1)
    token = ApiTokenFactory.create(expires_at=moment)

    assert token.state(at=moment - timedelta(microseconds=1)) is TokenState.ACTIVE
    assert token.state(at=moment) is TokenState.EXPIRED
    assert not ApiToken.objects.usable(at=moment).exists()


def test_revoking_twice_keeps_the_first_time():
    token = ApiTokenFactory.create()

    assert revoke_token(token) is True
    first = token.revoked_at
    assert revoke_token(token) is False
    token.refresh_from_db()
    assert token.revoked_at == first


def test_use_is_noted_at_most_once_a_minute(django_assert_num_queries):
    token = ApiTokenFactory.create()

    with django_assert_num_queries(1):
        note_use(token)
        note_use(token)
    first = ApiToken.objects.get().last_used_at
    with django_assert_num_queries(0):
        note_use(token)
    assert first is not None
    assert ApiToken.objects.get().last_used_at == first


def test_use_is_noted_again_after_a_minute():
    past = timezone.now() - timedelta(seconds=61)
    token = ApiTokenFactory.create(last_used_at=past)

    note_use(token)

    token.refresh_from_db()
    assert token.last_used_at > past


def test_a_token_allows_only_its_scopes():
    token = ApiTokenFactory.create(scopes=[Scope.READ, Scope.REVIEW])

    assert token.allows(Scope.READ, Scope.REVIEW)
    assert not token.allows(Scope.READ, Scope.UPLOADS)
