"""Stopping a job, and trying again what it did not get."""

import time
from datetime import timedelta

import pytest

from imagery.engine.asking import plan_calls
from imagery.engine.assessing import assess
from imagery.engine.cancelling import cancel
from imagery.engine.errors import JobHasEnded, JobIsOpen, NothingFailed
from imagery.engine.hand import Hand
from imagery.engine.ladders import read_steps
from imagery.engine.policy import Retries
from imagery.engine.retrying import retry
from imagery.engine.sending import begin
from imagery.engine.views import read_jobs, read_pauses
from imagery.engine.waiting import wait_for
from imagery.models import (
    GeneratedImage,
    JobWant,
    PriceRow,
    ProviderCall,
    ProviderState,
    SkuImagery,
    Want,
)
from imagery.money.books import imbalances
from imagery.money.budgets import set_budget
from imagery.money.provider_health import pause, resume
from imagery.tasks import run_round
from jobs import clock
from tests.factories.accounts import UserFactory
from tests.imagery.engine.working import (
    CREDIT,
    answer,
    ask,
    come_due,
    outcomes,
    photo_of,
    policy_for,
    recipe,
    state_of_job,
    work,
)
from tests.imagery.fake_provider import Conduct, picture


@pytest.fixture
def person(db):
    return UserFactory.create()


def waiting_job(account, fake):
    """Its call is planned, and waits for money."""
    set_budget(account=account, monthly_cap_micros=CREDIT)
    job = ask(recipe(account, "creativeai"), photo=photo_of(account))
    work(fake)
    assert state_of_job(job) == ("waiting", "budget")
    return job


def test_cancelled_job_asks_for_nothing_more(rich, fake, person):
    job = waiting_job(rich, fake)

    cancel(job, person)

    assert state_of_job(job) == ("cancelled", "cancelled")
    assert outcomes(job) == ["creativeai not_sent"]
    assert job.run_after is None
    set_budget(account=rich, monthly_cap_micros=100 * CREDIT)
    work(fake)
    assert fake.books.calls == 0
    assert imbalances(account=rich) == ()


def test_ended_job_cannot_be_cancelled(rich, fake, person):
    job = ask(recipe(rich, "creativeai"), photo=photo_of(rich))
    work(fake)

    with pytest.raises(JobHasEnded):
        cancel(job, person)

    assert state_of_job(job) == ("delivered", "")


def test_what_another_job_wants_as_well_is_made_for_that_one(rich, fake, person):
    job = waiting_job(rich, fake)
    other = ask(recipe(rich, "creativeai"), photo=photo_of(rich))
    JobWant.objects.filter(job=other).update(want=Want.objects.get(jobs=job))

    cancel(job, person)
    set_budget(account=rich, monthly_cap_micros=100 * CREDIT)
    work(fake)

    assert state_of_job(other) == ("delivered", "")
    assert state_of_job(job) == ("cancelled", "cancelled")
    assert len(fake.charges) == 1


def test_call_that_was_taken_back_gives_the_provider_no_further_try(rich, fake, person):
    """One answer without a picture before, of two that it may give, and one after."""
    fake.says(200, {"data": []})
    fake.says(200, {"data": []})
    twice = Retries(most_attempts=2, first_wait=timedelta(hours=1))
    job = ask(recipe(rich, "creativeai"), photo=photo_of(rich))
    work(fake, retries=twice)
    set_budget(account=rich, monthly_cap_micros=CREDIT)
    come_due(job)
    work(fake, retries=twice)
    assert outcomes(job) == ["creativeai short", "creativeai budget"]
    cancel(job, person)
    set_budget(account=rich, monthly_cap_micros=100 * CREDIT)
    again = ask(recipe(rich, "creativeai"), photo=photo_of(rich))
    JobWant.objects.filter(job=again).update(want=Want.objects.get(jobs=job))

    work(fake, retries=twice)

    assert outcomes(job) == ["creativeai short", "creativeai not_sent"]
    assert outcomes(again) == ["creativeai short"]
    assert state_of_job(again)[0] == "missing_image"


def test_job_cancelled_while_its_call_is_out_keeps_what_comes(rich, fake, person):
    job = ask(recipe(rich, "creativeai"), photo=photo_of(rich))
    hand = Hand(lease=timedelta(minutes=1))
    hand.take(job.pk)
    (view,) = read_jobs([job.pk])
    steps = read_steps([one.want.step_id for one in view.wants])
    found = assess(view, steps=steps, pauses=read_pauses(), mine=lambda pk: False, at=clock.now())
    (ready,) = plan_calls([(view.job, new) for new in found.new])
    call = begin(ready, lease=timedelta(minutes=1))

    cancel(job, person)
    hand.give_back(job.pk, run_after=None, state="delivered", ended_at=clock.now())
    answer(call, picture(1))

    assert state_of_job(job) == ("cancelled", "cancelled")
    assert GeneratedImage.objects.get().want.state == "satisfied"
    assert imbalances(account=rich) == ()


def test_nothing_is_planned_for_a_job_that_was_cancelled_meanwhile(rich, fake, person):
    job = ask(recipe(rich, "creativeai"), photo=photo_of(rich))
    Hand(lease=timedelta(minutes=1)).take(job.pk)
    (view,) = read_jobs([job.pk])
    steps = read_steps([one.want.step_id for one in view.wants])
    found = assess(view, steps=steps, pauses=read_pauses(), mine=lambda pk: False, at=clock.now())
    cancel(job, person)

    assert plan_calls([(view.job, new) for new in found.new]) == []

    assert ProviderCall.objects.count() == 0


def test_job_cancelled_while_its_call_queues_buys_nothing(rich, fake, person):
    """One call at a time: that of one job stands behind that of the other."""
    ProviderState.objects.filter(provider="creativeai").update(most_at_once=1, at_once_now=1)
    fake.conduct = Conduct(delay=0.3)
    jobs = [ask(recipe(rich, "creativeai"), sku=sku, photo=photo_of(rich)) for sku in ("A", "B")]
    cancelled = []

    def cancel_who_queues():
        for job in jobs:
            if not cancelled and outcomes(job) == ["creativeai concurrency"]:
                cancelled.append(cancel(job, person))

    run_round(policy=policy_for(fake), on_step=cancel_who_queues)

    (job,) = cancelled
    assert outcomes(job) == ["creativeai not_sent"]
    assert state_of_job(job) == ("cancelled", "cancelled")
    (other,) = [each for each in jobs if each != job]
    assert outcomes(other) == ["creativeai delivered"]
    assert len(fake.charges) == 1
    assert imbalances(account=rich) == ()


def test_who_waits_behind_a_cancelled_job_looks_again(rich, fake, person):
    PriceRow.objects.filter(account=rich).delete()
    job = ask(recipe(rich, "creativeai"), photo=photo_of(rich))
    other = ask(recipe(rich, "creativeai"), photo=photo_of(rich))
    JobWant.objects.filter(job=other).update(want=Want.objects.get(jobs=job))
    work(fake)
    come_due(job, other)
    work(fake)
    assert state_of_job(job) == state_of_job(other) == ("waiting", "price_missing")
    (call,) = ProviderCall.objects.all()
    asking, behind = (job, other) if call.job == job else (other, job)
    assert behind.run_after is None

    cancel(asking, person)
    work(fake)

    assert outcomes(behind) == ["creativeai price_missing"]
    assert state_of_job(asking) == ("cancelled", "cancelled")


def test_two_jobs_that_want_the_same_picture_buy_it_once(rich, fake):
    first = ask(recipe(rich, "creativeai"), photo=photo_of(rich))
    second = ask(recipe(rich, "creativeai"), photo=photo_of(rich))
    JobWant.objects.filter(job=second).update(want=Want.objects.get(jobs=first))

    work(fake)

    assert state_of_job(first) == state_of_job(second) == ("delivered", "")
    assert len(fake.charges) == 1


def test_two_jobs_that_wait_for_the_same_call_are_done_when_it_is(rich, fake):
    """Neither stays in the worker's hand, whose round would never end."""
    pause(provider="creativeai", account=rich, reason="Too many.")
    first = ask(recipe(rich, "creativeai"), photo=photo_of(rich))
    second = ask(recipe(rich, "creativeai"), photo=photo_of(rich))
    JobWant.objects.filter(job=second).update(want=Want.objects.get(jobs=first))
    work(fake)
    resume(provider="creativeai", account=rich)
    come_due(first, second)

    ends_at = time.monotonic() + 15

    def is_patient():
        assert time.monotonic() < ends_at, "the round does not end"

    run_round(policy=policy_for(fake, slice_seconds=5), on_step=is_patient)

    assert state_of_job(first) == state_of_job(second) == ("delivered", "")
    assert len(fake.charges) == 1


def test_retry_begins_anew_and_keeps_what_is_there(rich, fake, person):
    fake.says(422)
    step = recipe(rich, "creativeai")
    other = recipe(rich, "openai", version=step.version, role="lifestyle")
    job = ask(step, other, photo=photo_of(rich))
    work(fake)
    assert state_of_job(job)[0] == "partly_delivered"

    retry(job, person)

    assert state_of_job(job) == ("waiting", "")
    assert job.ended_at is None
    work(fake)
    assert state_of_job(job) == ("delivered", "")
    assert GeneratedImage.objects.count() == 2
    assert len(fake.charges) == 2


def test_only_what_failed_can_be_retried(rich, fake, person):
    job = ask(recipe(rich, "creativeai"), photo=photo_of(rich))
    with pytest.raises(JobIsOpen):
        retry(job, person)
    work(fake)

    with pytest.raises(NothingFailed):
        retry(job, person)

    assert state_of_job(job) == ("delivered", "")


def test_new_job_tries_again_what_was_given_up_before(rich, fake):
    fake.says(422)
    first = ask(recipe(rich, "creativeai"), photo=photo_of(rich))
    work(fake)
    second = ask(recipe(rich, "creativeai"), photo=photo_of(rich))
    JobWant.objects.filter(job=second).update(want=Want.objects.get(jobs=first))

    work(fake)

    assert state_of_job(second) == ("delivered", "")
    assert ProviderCall.objects.filter(job=second).count() == 1


def test_standing_of_a_sku_follows_its_job(rich, fake):
    fake.says(422)
    job = ask(recipe(rich, "creativeai"), photo=photo_of(rich))
    work(fake)
    assert SkuImagery.objects.get(sku="MUG-1").qa_status == "missing_image"

    retry(job, None)
    assert SkuImagery.objects.get(sku="MUG-1").qa_status == "generating"
    work(fake)

    assert SkuImagery.objects.get(sku="MUG-1").qa_status == "pending_review"


def test_waiting_for_a_job_ends_with_it_or_with_patience(rich, fake):
    job = ask(recipe(rich, "creativeai"), photo=photo_of(rich))
    wait_for([job], timeout=0.05)
    assert state_of_job(job)[0] == "waiting"
    work(fake)

    wait_for([job], timeout=60)

    assert state_of_job(job)[0] == "delivered"
