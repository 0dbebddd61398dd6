"""Whoever changes what calls wait for may die a moment after: they go on all the same."""

import pytest

from imagery.models import ProviderPause, UploadBudget
from imagery.money import due_again
from imagery.money.budgets import set_budget, set_upload_cap
from imagery.money.hook_budgets import set_hook_cap
from imagery.money.provider_health import pause, resume, resume_for_everyone
from jobs import clock
from jobs.models import FollowUp
from jobs.tasks import run_follow_up
from tests.factories.accounts import AccountFactory
from tests.factories.bulk_uploads import BulkUploadFactory
from tests.factories.imagery import HookEndpointFactory, ImageJobFactory, ProviderCallFactory

pytestmark = pytest.mark.django_db


class Died(Exception):
    """The process, for all that the database knows."""


def budget_raised(account):
    set_budget(account=account, monthly_cap_micros=50)
    call = ProviderCallFactory.create(account=account, waits_for="budget")
    return call, lambda: set_budget(account=account, monthly_cap_micros=100)


def upload_cap_raised(account):
    upload = BulkUploadFactory.create(account=account)
    set_upload_cap(upload=upload, cap_micros=50)
    call = ProviderCallFactory.create(account=account, upload=upload, waits_for="upload_budget")
    return call, lambda: set_upload_cap(upload=upload, cap_micros=100)


def hook_cap_raised(account):
    endpoint = HookEndpointFactory.create(account=account)
    job = ImageJobFactory.create(account=account, hook=endpoint)
    call = ProviderCallFactory.create(account=account, job=job, waits_for="hook_budget")
    return call, lambda: set_hook_cap(endpoint=endpoint, monthly_cap_micros=100)


def provider_resumed(account):
    pause(provider="painter", account=account, reason="Too many.")
    call = ProviderCallFactory.create(account=account, waits_for="provider_paused")
    return call, lambda: resume(provider="painter", account=account)


def provider_resumed_for_everyone(account):
    ProviderPause.objects.create(provider="painter", reason="No key.", paused_at=clock.now())
    call = ProviderCallFactory.create(account=account, waits_for="provider_paused")
    return call, lambda: resume_for_everyone(provider="painter")


@pytest.fixture
def account():
    return AccountFactory.create()


def run_what_is_left():
    for follow_up in FollowUp.objects.filter(finished_at=None):
        run_follow_up(follow_up.pk)
        follow_up.refresh_from_db()
        assert follow_up.finished_at is not None, follow_up.error


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "case",
    [
        budget_raised,
        upload_cap_raised,
        hook_cap_raised,
        provider_resumed,
        provider_resumed_for_everyone,
    ],
)
def test_what_waits_goes_on_if_who_changed_it_dies_right_after(account, case, monkeypatch):
    call, change = case(account)
    FollowUp.objects.all().delete()

    def die(*args):
        raise Died

    with monkeypatch.context() as patched:
        patched.setattr(due_again, "wake", die)
        with pytest.raises(Died):
            change()
    call.refresh_from_db()
    assert call.due_at is None

    run_what_is_left()

    call.refresh_from_db()
    assert call.due_at <= clock.now()
    assert call.waits_for != ""


def test_what_came_to_rest_while_it_was_changed_goes_on(account):
    """Its worker had read how things stood before."""
    _, change = provider_resumed(account)
    change()
    late = ProviderCallFactory.create(account=account, waits_for="provider_paused")

    run_what_is_left()

    late.refresh_from_db()
    assert late.due_at <= clock.now()


def test_what_waits_for_something_else_goes_on_waiting(account):
    upload, other = BulkUploadFactory.create_batch(2, account=account)
    for each in (upload, other):
        set_upload_cap(upload=each, cap_micros=50)
    waiting = [
        ProviderCallFactory.create(account=account, upload=other, waits_for="upload_budget"),
        ProviderCallFactory.create(account=account, upload=upload, waits_for="budget"),
    ]

    set_upload_cap(upload=upload, cap_micros=100)
    run_what_is_left()

    assert UploadBudget.objects.get(upload=upload).cap_micros == 100
    for call in waiting:
        call.refresh_from_db()
        assert call.due_at is None
