"""Jobs that wait for long: none of them sleeps through what it waits for."""

import threading
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import Q

from imagery.engine import round as rounds
from imagery.engine import unknowns
from imagery.engine.cancelling import cancel
from imagery.engine.hand import Hand
from imagery.engine.resting import SOON, let_rest
from imagery.engine.waking import wake_forgotten, wake_jobs_of
from imagery.models import (
    ImageJob,
    ImagerySettings,
    JobWant,
    ProviderCall,
    UnknownPolicy,
    Want,
)
from imagery.money import calls
from imagery.money.budgets import set_budget
from imagery.money.provider_health import pause, resume
from jobs import clock
from tests.imagery.engine.working import (
    CREDIT,
    answer,
    ask,
    come_due,
    outcomes,
    photo_of,
    recipe,
    state_of_job,
    work,
)
from tests.imagery.fake_provider import picture
from tests.meanwhile import Meanwhile, needs_row_locks

FOR_LONG = Q(run_after=None) | Q(run_after__gt=clock.now() + timedelta(hours=1))


def two_of_one_want(account):
    step, photo = recipe(account, "creativeai"), photo_of(account)
    jobs = [ask(step, photo=photo) for _ in range(2)]
    JobWant.objects.filter(job=jobs[1]).update(want=Want.objects.get(jobs=jobs[0]))
    return jobs


def behind_each_other(account, fake):
    """The job whose call waits, and the one that waits for the same picture; both at rest."""
    jobs = two_of_one_want(account)
    work(fake)
    come_due(*jobs)
    work(fake)
    asking = ProviderCall.objects.get().job
    (behind,) = (job for job in jobs if job != asking)
    return asking, behind


def pass_seconds(job):
    """What two of them do, without the waiting."""
    now = clock.now()
    soon = now + timedelta(seconds=2)
    ImageJob.objects.filter(pk=job.pk, run_after__lte=soon).update(run_after=now)


def paused(account):
    pause(provider="creativeai", account=account, reason="Too many.")
    return lambda: resume(provider="creativeai", account=account)


def without_money(account):
    """Until the next month, if nobody raises the cap."""
    set_budget(account=account, monthly_cap_micros=CREDIT)
    return lambda: set_budget(account=account, monthly_cap_micros=100 * CREDIT)


@pytest.mark.parametrize("hold_up", [paused, without_money])
@pytest.mark.parametrize("when", ["given back", "read anew", "let rest"])
def test_job_put_to_rest_at_the_very_moment_looks_again(rich, fake, hold_up, when):
    """Another worker makes the call, just before this one has the job that waits behind it..."""
    let_go_on = hold_up(rich)
    _, behind = behind_each_other(rich, fake)
    give_back, call = Hand.give_back, ProviderCall.objects.get()

    def deliver():
        patched.undo()
        let_go_on()
        begun = calls.begin(call=call, lease=timedelta(minutes=1))
        wake_jobs_of(answer(begun, picture(1)))

    def given_back(hand, job_id, **fields):
        if when == "given back":
            deliver()
        give_back(hand, job_id, **fields)
        if when == "read anew":
            deliver()

    def left_to_rest(*given, **fields):
        deliver()
        let_rest(*given, **fields)

    ImageJob.objects.filter(pk=behind.pk).update(run_after=clock.now())
    patched = pytest.MonkeyPatch()
    if when == "let rest":
        patched.setattr(rounds, "let_rest", left_to_rest)
    else:
        patched.setattr(Hand, "give_back", given_back)
    work(fake)

    pass_seconds(behind)
    work(fake)
    assert state_of_job(behind) == ("delivered", "")
    assert ProviderCall.objects.count() == 1


@pytest.mark.parametrize("hold_up", [paused, without_money])
def test_job_whose_waker_died_is_woken_all_the_same(rich, fake, hold_up):
    let_go_on = hold_up(rich)
    _, behind = behind_each_other(rich, fake)
    pass_seconds(behind)
    work(fake)
    rests = ImageJob.objects.filter(pk=behind.pk).filter(FOR_LONG)
    assert rests.exists()
    assert wake_forgotten() == 0

    let_go_on()
    call = ProviderCall.objects.get()
    answer(calls.begin(call=call, lease=timedelta(minutes=1)), picture(1))

    assert rests.exists()
    assert wake_forgotten() > 0
    work(fake)
    assert state_of_job(behind) == ("delivered", "")
    assert ProviderCall.objects.count() == 1


def test_job_put_to_rest_as_a_person_decides_looks_again(rich, fake):
    """How its call ended is known by the time that it is given back."""
    ImagerySettings.objects.create(account=rich, unknown_policy=UnknownPolicy.WAIT)
    fake.says(500)
    job = ask(recipe(rich, "creativeai"), photo=photo_of(rich))
    give_back, patched = Hand.give_back, pytest.MonkeyPatch()

    def given_back(*args, **fields):
        patched.undo()
        unknowns.resolve(ProviderCall.objects.get(), was_charged=False, by=None)
        give_back(*args, **fields)

    patched.setattr(Hand, "give_back", given_back)
    work(fake)
    assert outcomes(job) == ["creativeai unknown"]

    pass_seconds(job)
    work(fake)
    assert state_of_job(job) == ("delivered", "")


def test_job_whose_worker_dies_before_it_rests_looks_again(rich, fake, monkeypatch):
    paused(rich)
    _, behind = behind_each_other(rich, fake)
    come_due(behind)

    def die(*args, **said):
        raise SystemExit

    monkeypatch.setattr(rounds, "let_rest", die)
    with pytest.raises(SystemExit):
        work(fake)

    assert state_of_job(behind) == ("waiting", "provider_paused")
    assert behind.run_after - clock.now() < timedelta(seconds=2)


def test_job_that_nothing_happens_to_is_left_alone(rich, fake):
    resumed = paused(rich)
    asking, behind = behind_each_other(rich, fake)

    for job in (asking, behind):
        assert state_of_job(job) == ("waiting", "provider_paused")
        assert (job.run_after, job.claim_token) == (None, None)
    resumed()
    assert outcomes(asking) == ["creativeai provider_paused"]


def cancelled(account, fake):
    """What another job had asked for, and is to be asked for anew."""
    paused(account)
    asking, behind = behind_each_other(account, fake)
    return behind, lambda: cancel(asking, None)


def decided(account, fake):
    """By a person, who knows whether the call was charged."""
    ImagerySettings.objects.create(account=account, unknown_policy=UnknownPolicy.WAIT)
    fake.says(500)
    job = ask(recipe(account, "creativeai"), photo=photo_of(account))
    work(fake)
    call = ProviderCall.objects.get()
    return job, lambda: unknowns.resolve(call, was_charged=False, by=None)


@needs_row_locks
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("case", [cancelled, decided])
def test_job_does_not_rest_while_something_happens_that_is_not_committed(rich, fake, case):
    """Who makes it happen saw the job in a worker's hand."""
    job, act = case(rich, fake)
    ImageJob.objects.filter(pk=job.pk).update(run_after=clock.now())
    hand = Hand(lease=timedelta(minutes=1))
    hand.take(job.pk)
    due_at = clock.now() + SOON
    has_acted, may_commit = threading.Event(), threading.Event()

    @transaction.atomic
    def act_slowly():
        act()
        has_acted.set()
        assert may_commit.wait(30)

    acting = Meanwhile(act_slowly)
    assert has_acted.wait(30)
    hand.give_back(job.pk, run_after=due_at, state="waiting")
    resting = Meanwhile(lambda: let_rest([job.pk], mine=lambda call_id: False, due_at=due_at))
    has_to_wait = resting.has_to_wait()
    may_commit.set()
    acting.end()
    resting.end()

    assert has_to_wait
    job.refresh_from_db()
    assert job.run_after == due_at
