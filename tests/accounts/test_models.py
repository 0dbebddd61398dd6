"""What the database itself refuses."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Account, Membership
from accounts.roles import Role
from tests.factories.accounts import AccountFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("currency", ["inr", "IN", "InR", ""])
def test_a_currency_is_three_capitals(currency):
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(slug="x", name="X", currency=currency)
    with pytest.raises(ValidationError):
        Account(slug="x", name="X", currency=currency).full_clean()
    assert Account.objects.count() == 0


def test_a_slug_names_one_account():
    AccountFactory.create(slug="demo")

    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(slug="demo", name="Again")


def test_a_person_has_one_role_in_an_account():
    member = MembershipFactory.create(role=Role.REVIEWER)

    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=member.user, account=member.account, role=Role.MANAGER)


def test_a_role_must_be_known():
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(
            user=UserFactory.create(), account=AccountFactory.create(), role="owner"
        )


def test_a_member_is_named_without_a_query(django_assert_num_queries):
    member = MembershipFactory.create(user__username="anna", role=Role.REVIEWER)
    bare = Membership.objects.get(pk=member.pk)

    with django_assert_num_queries(0):
        assert str(member) == "anna as reviewer"
        assert str(bare) == "Reviewer"
