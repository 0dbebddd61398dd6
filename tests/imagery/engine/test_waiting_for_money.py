"""Calls that money is wanting for: they wait with the reason, and go on when it is there."""

import time
from datetime import date, timedelta

import pytest

from imagery.engine.round import Round
from imagery.engine.waking import wake_due
from imagery.models import BudgetMonth, ImageJob, PriceRow, PriceUnit, ProviderCall
from imagery.money.books import imbalances
from imagery.money.budgets import set_budget, set_upload_cap
from imagery.money.pricing import resume_price, set_price
from imagery.money.provider_health import pause, resume
from imagery.money.slots import state_of
from imagery.providers.protocol import Operation
from jobs import clock
from tests.factories.accounts import AccountFactory
from tests.factories.bulk_uploads import BulkUploadFactory
from tests.factories.imagery import PriceRowFactory
from tests.imagery.engine.working import (
    CREDIT,
    ask,
    come_due,
    outcomes,
    photo_of,
    policy_for,
    recipe,
    state_of_job,
    work,
)


def jobs_of(account, count, *ladder, **fields):
    step = recipe(account, *ladder)
    photo = photo_of(account)
    return [ask(step, sku=f"SKU-{number}", photo=photo, **fields) for number in range(count)]


def states(jobs):
    return sorted(state_of_job(job) for job in jobs)


def test_cap_is_kept_to_and_the_rest_goes_on_when_it_is_raised(rich, fake):
    set_budget(account=rich, monthly_cap_micros=30 * CREDIT)
    jobs = jobs_of(rich, 7, "creativeai")

    work(fake)

    assert states(jobs) == [("delivered", "")] * 3 + [("waiting", "budget")] * 4
    assert fake.credits == 30
    assert {job.message for job in jobs if job.state == "waiting"} == {
        "The month's budget is used up."
    }

    set_budget(account=rich, monthly_cap_micros=100 * CREDIT)
    wake_due()
    work(fake)

    assert states(jobs) == [("delivered", "")] * 7
    assert fake.credits == 70
    assert BudgetMonth.objects.get().settled_micros == 70 * CREDIT
    assert imbalances(account=rich) == ()


def test_cap_of_an_upload_holds_for_its_own_jobs_alone(rich, fake):
    upload = BulkUploadFactory.create(account=rich)
    set_upload_cap(upload=upload, cap_micros=10 * CREDIT)
    jobs = jobs_of(rich, 3, "creativeai", upload=upload)
    others = jobs_of(rich, 2, "creativeai")

    work(fake)

    assert states(jobs) == [("delivered", "")] + [("waiting", "upload_budget")] * 2
    assert states(others) == [("delivered", "")] * 2

    set_upload_cap(upload=upload, cap_micros=30 * CREDIT)
    wake_due()
    work(fake)

    assert states(jobs) == [("delivered", "")] * 3
    assert fake.credits == 50


def test_where_nothing_may_be_bought_the_next_free_one_is_asked(rich, fake):
    set_budget(account=rich, monthly_cap_micros=0)
    step = recipe(rich, "pixelapi", "studio", operation=Operation.REMOVE_BACKGROUND)
    job = ask(step, photo=photo_of(rich))

    work(fake)

    assert state_of_job(job) == ("delivered", "")
    assert outcomes(job) == ["pixelapi not_sent", "studio delivered"]
    assert fake.books.calls == 0


def test_without_any_budget_the_last_of_the_ladder_waits_for_one(account, fake):
    PriceRowFactory.create(account=account, provider="creativeai", unit_micros=CREDIT)
    (job,) = jobs_of(account, 1, "creativeai")

    work(fake)

    assert state_of_job(job) == ("waiting", "budget")
    assert fake.books.calls == 0


def test_what_has_no_price_waits_until_one_is_set(rich, fake):
    PriceRow.objects.filter(account=rich).delete()
    (job,) = jobs_of(rich, 1, "creativeai", "openai")

    work(fake)

    assert state_of_job(job) == ("waiting", "price_missing")
    assert fake.books.calls == 0

    PriceRow.objects.create(
        account=rich,
        provider="creativeai",
        from_date=date(2024, 1, 1),
        unit=PriceUnit.IMAGE,
        unit_micros=CREDIT,
        source="a bill",
    )
    wake_due()
    work(fake)

    assert state_of_job(job) == ("delivered", "")


def price(account, *, begins, model=""):
    set_price(
        account=account,
        provider="creativeai",
        model=model,
        operation="",
        quality="",
        from_date=begins,
        unit=PriceUnit.IMAGE,
        unit_micros=CREDIT,
        most_per_image=1,
        input_micros=0,
        most_input=0,
        source="a contract",
    )


def test_what_waits_for_a_price_goes_on_when_it_begins(rich, fake, monkeypatch):
    PriceRow.objects.filter(account=rich).delete()
    (job,) = jobs_of(rich, 1, "creativeai")
    work(fake)
    now = clock.now()
    begins = (now + timedelta(days=3)).replace(hour=0, minute=0, second=0, microsecond=0)

    price(rich, begins=begins.date())

    assert ProviderCall.objects.get().due_at == begins
    # Prices of others have it look in vain meanwhile, and do not have it look later.
    price(rich, begins=now.date(), model="another")
    wake_due()
    work(fake)
    assert state_of_job(job) == ("waiting", "price_missing")
    assert job.run_after == begins
    price(rich, begins=begins.date() + timedelta(days=9), model="another")
    assert ProviderCall.objects.get().due_at == begins

    monkeypatch.setattr(clock, "now", lambda: begins)
    work(fake)

    assert state_of_job(job) == ("delivered", "")
    assert fake.books.calls == 1


def test_what_waits_for_a_paused_price_goes_on_when_it_buys_again(rich, fake):
    PriceRow.objects.filter(account=rich).update(paused_at=clock.now(), pause_reason="Too much.")
    (job,) = jobs_of(rich, 1, "creativeai")
    work(fake)
    assert state_of_job(job) == ("waiting", "price_paused")

    resume_price(PriceRow.objects.get(account=rich, provider="creativeai"))
    wake_due()
    work(fake)

    assert state_of_job(job) == ("delivered", "")


def test_rate_of_a_provider_is_kept_to(rich, fake):
    state = state_of(provider="creativeai", account=rich)
    state.per_minute = 2
    state.save()
    jobs = jobs_of(rich, 5, "creativeai")

    work(fake)

    assert states(jobs) == [("delivered", "")] * 2 + [("waiting", "rate")] * 3
    assert fake.books.calls == 2


def test_no_more_calls_are_out_than_a_provider_bears(rich, fake):
    jobs = jobs_of(rich, 12, "creativeai")

    work(fake)

    assert states(jobs) == [("delivered", "")] * 12
    assert (
        fake.books.largest_concurrency <= state_of(provider="creativeai", account=rich).at_once_now
    )
    assert fake.books.calls == 12


@pytest.mark.parametrize("size", [5, 25])
def test_refusals_are_not_met_one_by_one(rich, fake, size, django_assert_max_num_queries):
    set_budget(account=rich, monthly_cap_micros=5 * CREDIT)
    jobs = jobs_of(rich, size, "creativeai")

    with django_assert_max_num_queries(200):
        work(fake)

    assert states(jobs) == [("waiting", "budget")] * size
    planned = ProviderCall.objects.filter(waits_for="budget", due_at__isnull=False)
    assert planned.count() == size


def test_crowd_of_one_account_does_not_keep_another_waiting(rich, fake):
    """A provider that bears one call at a time, a crowd before it, and a job of another account."""
    state = state_of(provider="creativeai", account=rich)
    state.most_at_once = state.at_once_now = 1
    state.save()
    crowd = jobs_of(rich, 8, "creativeai", run_after=clock.now() - timedelta(hours=1))
    other = AccountFactory.create()
    step = recipe(other, "studio", operation=Operation.REMOVE_BACKGROUND)
    job = ask(step, photo=photo_of(other))

    work(fake, hand=2)

    assert states([job, *crowd]) == [("delivered", "")] * 9
    ended = ImageJob.objects.order_by("ended_at").values_list("pk", flat=True)
    assert list(ended).index(job.pk) < 8


def test_job_looks_again_when_a_wait_has_passed(rich, fake):
    fake.says(503, "", {"Retry-After": "30"})
    (job,) = jobs_of(rich, 1, "creativeai")
    work(fake)
    assert state_of_job(job) == ("waiting", "cool_down")

    come_due(job)
    work(fake)

    assert state_of_job(job) == ("waiting", "cool_down")
    assert fake.books.calls == 1


@pytest.mark.parametrize("is_kept", [True, False], ids=["photo here", "photo to be brought"])
def test_what_is_asked_for_just_after_a_resume_does_not_rest(rich, fake, is_kept):
    """A worker remembers for seconds that the provider was paused."""
    pause(provider="creativeai", account=rich, reason="Too many.")
    (first,) = jobs_of(rich, 1, "creativeai")
    later = []

    def on_step():
        if not later and ProviderCall.objects.filter(waits_for="provider_paused").exists():
            resume(provider="creativeai", account=rich)
            photo = photo_of(rich, f"{fake.url}/mug.png", is_kept=is_kept)
            later.append(ask(recipe(rich, "creativeai"), sku="LATER", photo=photo))

    Round(policy_for(fake), ends_at=time.monotonic() + 20, on_step=on_step).run()
    wake_due()
    work(fake)

    assert states([first, *later]) == [("delivered", "")] * 2
