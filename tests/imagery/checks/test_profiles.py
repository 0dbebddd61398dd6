"""Which profiles hold, by day and account; and that what is delivered is what the table says."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from imagery.checks.delivered_profiles import write_delivered_profiles
from imagery.checks.profiles import profile_book
from imagery.models import ChannelProfile
from tests.factories.accounts import AccountFactory

TODAY = date(2026, 5, 4)


def profile(channel: str, begins: date, *, account=None, **fields) -> ChannelProfile:
    return ChannelProfile.objects.create(
        account=account,
        channel=channel,
        title=channel.title(),
        from_date=begins,
        source="Test",
        **fields,
    )


@pytest.fixture
def account(db):
    return AccountFactory()


def test_seven_channels_are_delivered(account):
    book = profile_book(account_id=account.pk, on=TODAY)

    assert [row.title for row in book.in_force] == [
        "Amazon",
        "eBay",
        "Flipkart",
        "Google",
        "Myntra",
        "Shopify",
        "Walmart",
    ]
    assert all(row.source and row.account is None for row in book.in_force)
    assert book.coming == ()


def test_newest_that_has_begun_holds_and_what_has_not_is_coming(account):
    began = profile("ebay", date(2026, 5, 4))
    coming = profile("ebay", date(2026, 5, 5))

    book = profile_book(account_id=account.pk, on=TODAY)

    assert next(row for row in book.in_force if row.channel == "ebay") == began
    assert book.coming == (coming,)
    assert book.before(coming) == began


def test_own_profile_comes_before_a_newer_delivered_one(account):
    own = profile("ebay", date(2025, 1, 1), account=account)
    profile("ebay", date(2026, 1, 1))
    profile("ebay", date(2027, 1, 1))

    book = profile_book(account_id=account.pk, on=TODAY)

    assert next(row for row in book.in_force if row.channel == "ebay") == own
    assert book.coming == ()


def test_own_profile_is_nobody_else_s(account):
    profile("ebay", date(2026, 5, 5), account=AccountFactory(), least_longest_side=9)

    book = profile_book(account_id=account.pk, on=TODAY)

    assert all(row.account is None for row in book.judged)


def test_digest_is_another_once_a_row_was_changed(account):
    own = profile("ebay", date(2025, 1, 1), account=account)
    before = profile_book(account_id=account.pk, on=TODAY).digest

    assert profile_book(account_id=account.pk, on=TODAY).digest == before
    own.least_longest_side = 7
    own.save()

    assert profile_book(account_id=account.pk, on=TODAY).digest != before


@pytest.mark.django_db
def test_delivered_profiles_are_written_where_they_are_missing_and_left_where_they_are():
    ChannelProfile.objects.filter(channel="amazon").delete()
    ChannelProfile.objects.filter(channel="ebay").update(title="Changed by a migration")

    write_delivered_profiles()

    assert ChannelProfile.objects.filter(account=None).count() == 7
    assert ChannelProfile.objects.get(channel="ebay").title == "Changed by a migration"


@pytest.mark.parametrize(
    "fields",
    [{"aspect_width": 3}, {"least_fill": 90, "most_fill": 80}],
    ids=["half an aspect", "an empty range"],
)
def test_database_refuses_rules_that_cannot_be_met(account, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        profile("own", TODAY, account=account, **fields)


def test_delivered_profile_is_there_once_a_date(account):
    with pytest.raises(IntegrityError), transaction.atomic():
        profile("ebay", date(2024, 1, 1))
