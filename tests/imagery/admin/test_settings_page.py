"""What an account decides about its pictures, and what follows at once."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from imagery.models import CallWant, ImagerySettings, JobState, JobWant, UnknownPolicy
from imagery.money import calls
from tests.factories.accounts import AccountFactory
from tests.factories.imagery import ImageJobFactory, ProviderCallFactory, WantFactory
from tests.imagery.money.outcomes import UNKNOWN
from tests.signing_in import client_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    account = AccountFactory()
    ImagerySettings.objects.create(account=account, unknown_policy=UnknownPolicy.WAIT)
    return account


@pytest.fixture
def job(account):
    """Rests until a person has found out how its call ended."""
    job = ImageJobFactory(account=account, state=JobState.WAITING, run_after=None)
    want = WantFactory(account=account, unknowns=1)
    JobWant.objects.create(job=job, want=want)
    call = ProviderCallFactory(account=account, job=job)
    CallWant.objects.create(call=call, want=want, position=0, is_open=False)
    calls.end(call=call, outcome=UNKNOWN)
    return job


def save(account, policy):
    posted = {
        "account": account.pk,
        "unknown_policy": policy,
        "redo_budget": 2,
        "auto_approve_fidelity": 90,
    }
    answer = client_as(Role.MANAGER, account).post(
        reverse("admin:imagery_imagerysettings_changelist"), posted
    )
    assert answer.status_code == 302


@pytest.mark.parametrize("policy", [UnknownPolicy.RESEND_ONCE, UnknownPolicy.NEXT_RUNG])
def test_what_waits_for_a_person_goes_on_when_nobody_is_to_be_waited_for(account, job, policy):
    save(account, policy)

    job.refresh_from_db()
    assert job.run_after is not None


def test_what_waits_for_a_person_waits_on_when_something_else_is_set(account, job):
    save(account, UnknownPolicy.WAIT)

    job.refresh_from_db()
    assert job.run_after is None
    assert ImagerySettings.objects.get().redo_budget == 2
