"""Calls nobody knows the end of: three policies, lost workers, and answers that come late."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from imagery.engine import unknowns
from imagery.engine.errors import OutcomeIsKnown
from imagery.engine.ladders import Hindrance
from imagery.engine.outgoing import hopeless
from imagery.engine.photo_keeping import ending_without_photo
from imagery.engine.settling import Ending, settle
from imagery.models import (
    CallWant,
    GeneratedImage,
    ImageJob,
    ImagerySettings,
    JobState,
    ProviderCall,
    UnknownPolicy,
    UnrescuedImage,
    Want,
)
from imagery.money import calls
from imagery.money.books import imbalances
from imagery.providers.protocol import Operation
from imagery.rehosting.photo_fetching import PhotoFailure
from jobs import clock
from tests.factories.accounts import UserFactory
from tests.imagery.engine.policies import AT_ONCE
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
from tests.imagery.money.outcomes import NOT_SENT, REFUSED, SHORT, UNKNOWN


def job_of(account, *ladder, **fields):
    return ask(recipe(account, *ladder), photo=photo_of(account), **fields)


def choose(account, policy):
    ImagerySettings.objects.create(account=account, unknown_policy=policy)


def planned_call(job, *, provider="creativeai"):
    """Written down by a worker that was killed a moment after."""
    wants = list(Want.objects.filter(jobs=job).order_by("pk"))
    call = ProviderCall.objects.create(
        account=job.account,
        job=job,
        step=wants[0].step,
        provider=provider,
        model=f"{provider}-model",
        operation=wants[0].step.operation,
        images=len(wants),
        idempotency_key="first",
    )
    for position, want in enumerate(wants):
        CallWant.objects.create(call=call, want=want, position=position)
    return call


def lost_call(job, *, provider="creativeai"):
    """Sent by a worker that was killed a moment after."""
    call = planned_call(job, provider=provider)
    calls.begin(call=call, lease=timedelta(0))
    now = clock.now()
    ImageJob.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, lease_expires_at=now, run_after=now, started_at=now
    )
    return call


def test_call_of_a_lost_worker_is_unknown_and_sent_once_more(rich, fake):
    job = job_of(rich, "creativeai")
    call = lost_call(job)

    work(fake)

    assert state_of_job(job) == ("delivered", "")
    assert outcomes(job) == ["creativeai unknown", "creativeai delivered"]
    call.refresh_from_db()
    assert (call.error_code, call.at_risk_micros) == ("worker_lost", 10 * CREDIT)
    assert fake.charges[0].key == "first"
    assert imbalances(account=rich) == ()


def test_call_that_was_only_planned_is_sent_as_it_is(rich, fake):
    job = job_of(rich, "creativeai")
    planned_call(job)

    work(fake)

    assert outcomes(job) == ["creativeai delivered"]
    assert fake.charges[0].key == "first"


def test_lost_work_of_the_studio_is_simply_done_again(account):
    choose(account, UnknownPolicy.WAIT)
    step = recipe(account, "studio", operation=Operation.REMOVE_BACKGROUND)
    job = ask(step, photo=photo_of(account))
    lost_call(job, provider="studio")

    work()

    assert state_of_job(job) == ("delivered", "")
    assert outcomes(job) == ["studio not_sent", "studio delivered"]


def test_call_another_worker_is_sending_is_left_alone(rich, fake):
    job = job_of(rich, "creativeai")
    call = lost_call(job)
    until = clock.now() + timedelta(minutes=1)
    ProviderCall.objects.filter(pk=call.pk).update(slot_until=until)

    work(fake)

    assert state_of_job(job) == ("waiting", "sending")
    assert job.run_after == until
    assert fake.books.calls == 0


@pytest.mark.parametrize(
    "never_sent",
    [
        lambda call: ending_without_photo(call, PhotoFailure("gone", "404", is_permanent=True)),
        lambda call: ending_without_photo(call, PhotoFailure("busy", "503", is_permanent=False)),
        lambda call: hopeless(call, Hindrance("provider_off", "No key.")),
    ],
    ids=["photo gone", "photo not now", "provider off"],
)
def test_who_could_not_send_a_call_does_not_end_it_for_who_did(rich, fake, never_sent):
    job = job_of(rich, "creativeai", "openai")
    call = planned_call(job)
    calls.begin(call=call, lease=timedelta(minutes=1))

    assert settle(never_sent(call), retries=AT_ONCE) == frozenset()

    call.refresh_from_db()
    assert (call.state, call.reserved_micros, call.released_micros) == ("sending", 10 * CREDIT, 0)
    want = Want.objects.get()
    assert (want.rung, want.attempts) == (0, 0)
    answer(call, picture(7))
    call.refresh_from_db()
    assert (call.outcome, call.settled_micros) == ("delivered", 10 * CREDIT)
    assert GeneratedImage.objects.get().want == want
    assert imbalances(account=rich) == ()


def test_who_could_not_send_a_call_knows_nothing_of_how_it_ended(rich, fake):
    job = job_of(rich, "creativeai")
    call = planned_call(job)
    calls.end(call=calls.begin(call=call, lease=timedelta(minutes=1)), outcome=UNKNOWN)

    settle(hopeless(call, Hindrance("provider_off", "No key.")), retries=AT_ONCE)

    call.refresh_from_db()
    assert (call.outcome, call.at_risk_micros) == ("unknown", 10 * CREDIT)


def test_call_that_nobody_has_sent_ends_by_who_could_not(rich, fake):
    job = job_of(rich, "creativeai", "openai")
    call = planned_call(job)

    settle(hopeless(call, Hindrance("provider_off", "No key.")), retries=AT_ONCE)

    assert outcomes(job) == ["creativeai not_sent"]
    assert Want.objects.get().rung == 1


def test_providers_state_is_locked_before_any_money_moves(rich, fake):
    """The same order in which calls begin, or the two would wait for one another."""
    job = job_of(rich, "creativeai")
    first = lost_call(job)
    fake.says(429, "", {"Retry-After": "60"})
    work(fake)
    assert outcomes(job)[2] == "creativeai cool_down"

    with CaptureQueriesContext(connection) as said:
        answer(first, picture(7))

    updates = r'UPDATE "imagery_(providerstate|budgetmonth)"'
    written = [table for query in said for table in re.findall(updates, query["sql"])]
    assert written[0] == "providerstate"
    assert "providerstate" not in written[1:]
    assert outcomes(job)[2] == "creativeai not_sent"


def test_late_answer_is_kept_and_settled_and_nothing_is_bought_twice(rich, fake):
    job = job_of(rich, "creativeai")
    first = lost_call(job)
    fake.says(429, "", {"Retry-After": "60"})
    work(fake)
    assert outcomes(job) == ["creativeai unknown", "creativeai rejected_for_now",
                             "creativeai cool_down"]  # fmt: skip

    answer(first, picture(7))

    first.refresh_from_db()
    assert (first.outcome, first.settled_micros, first.at_risk_micros) == (
        "delivered",
        10 * CREDIT,
        0,
    )
    assert GeneratedImage.objects.get().want == Want.objects.get()
    come_due(job)
    work(fake)

    assert state_of_job(job) == ("delivered", "")
    assert outcomes(job)[2] == "creativeai not_sent"
    assert fake.charges == []
    assert imbalances(account=rich) == ()


def test_call_that_was_unknown_stays_a_try_when_it_turns_out_to_be_refused(rich, fake):
    """Else one that was not sent, from before the want was tried anew, would stand for it."""
    job = job_of(rich, "creativeai")
    settle(Ending(planned_call(job).pk, NOT_SENT), retries=AT_ONCE)
    Want.objects.update(attempts=0)
    for _ in range(2):
        late = planned_call(job)
        calls.begin(call=late, lease=timedelta(minutes=1))
        settle(Ending(late.pk, UNKNOWN), retries=AT_ONCE)
        settle(Ending(late.pk, REFUSED), retries=AT_ONCE)
        Want.objects.update(unknowns=0)
    call = planned_call(job)
    calls.begin(call=call, lease=timedelta(minutes=1))

    settle(Ending(call.pk, SHORT), retries=AT_ONCE)

    assert outcomes(job) == [
        "creativeai not_sent",
        *["creativeai refused"] * 2,
        "creativeai short",
    ]
    want = Want.objects.get()
    assert (want.rung, want.state) == (1, "exhausted")


def test_late_answer_for_what_came_otherwise_is_kept_as_nobodys_in_particular(rich, fake):
    job = job_of(rich, "creativeai")
    first = lost_call(job)
    work(fake)

    answer(first, picture(7))
    answer(first, picture(7))

    kept = GeneratedImage.objects.filter(call=first).get()
    assert (kept.want, kept.sku, kept.role) == (None, "MUG-1", "hero")
    assert GeneratedImage.objects.count() == 2
    assert imbalances(account=rich) == ()


def test_picture_that_comes_after_a_person_gave_it_up_is_kept_all_the_same(rich, fake):
    job = job_of(rich, "creativeai")
    first = lost_call(job)
    work(fake)
    first.refresh_from_db()
    unknowns.resolve(first, was_charged=False, by=None)

    answer(first, picture(7))

    first.refresh_from_db()
    assert GeneratedImage.objects.filter(call=first).count() == 1
    assert first.settled_micros == 0
    assert imbalances(account=rich) == ()


def test_addresses_noted_before_the_worker_was_lost_are_fetched(rich, fake):
    job = job_of(rich, "creativeai")
    call = lost_call(job)
    UnrescuedImage.objects.create(
        account=rich,
        call=call,
        position_in_call=0,
        want=Want.objects.get(),
        url="https://cdn.example.com/1.png",
        expires_at=clock.now() + timedelta(hours=1),
        due_at=clock.now() + timedelta(minutes=1),
        created_at=clock.now(),
    )

    work(fake)

    assert state_of_job(job) == ("waiting", "rescue")
    call.refresh_from_db()
    assert (call.outcome, call.settled_micros) == ("delivered", 10 * CREDIT)
    assert fake.books.calls == 0
    assert UnrescuedImage.objects.get().want == Want.objects.get()


@pytest.mark.parametrize(("was_charged", "settled"), [(True, 10), (False, 0)])
def test_wants_may_wait_for_a_person_to_find_out(rich, fake, was_charged, settled):
    choose(rich, UnknownPolicy.WAIT)
    fake.says(500)
    job = job_of(rich, "creativeai")
    work(fake)
    assert state_of_job(job) == ("waiting", "outcome_unknown")
    assert job.run_after is None
    assert fake.books.calls == 1
    person = UserFactory.create()
    call = ProviderCall.objects.get()

    unknowns.resolve(call, was_charged=was_charged, by=person)

    call.refresh_from_db()
    assert (call.settled_micros, call.at_risk_micros) == (settled * CREDIT, 0)
    assert call.resolved_by == person
    work(fake)

    assert state_of_job(job) == ("delivered", "")
    assert fake.charges[0].key != call.idempotency_key
    assert imbalances(account=rich) == ()


def test_nothing_can_be_found_out_twice(rich, fake):
    job = job_of(rich, "creativeai")
    work(fake)
    call = ProviderCall.objects.get(job=job)

    with pytest.raises(OutcomeIsKnown):
        unknowns.resolve(call, was_charged=True, by=None)

    call.refresh_from_db()
    assert call.resolved_by is None


def test_the_next_provider_may_be_asked_instead(rich, fake):
    choose(rich, UnknownPolicy.NEXT_RUNG)
    fake.says(500)
    job = job_of(rich, "creativeai", "openai")

    work(fake)

    assert outcomes(job) == ["creativeai unknown", "openai delivered"]


def test_what_waits_for_a_person_goes_on_when_the_account_decides_otherwise(rich, fake):
    choose(rich, UnknownPolicy.WAIT)
    fake.says(500)
    job = job_of(rich, "creativeai")
    work(fake)
    assert state_of_job(job) == ("waiting", "outcome_unknown")
    ImagerySettings.objects.update(unknown_policy=UnknownPolicy.RESEND_ONCE)

    assert unknowns.wake_waiting(account_id=rich.pk) == 1
    work(fake)

    assert state_of_job(job) == ("delivered", "")
    assert outcomes(job) == ["creativeai unknown", "creativeai delivered"]
    assert unknowns.wake_waiting(account_id=rich.pk) == 0


def test_what_waited_for_a_person_never_goes_to_the_same_provider_where_the_next_is_chosen(
    rich, fake
):
    choose(rich, UnknownPolicy.WAIT)
    fake.says(500)
    job = job_of(rich, "creativeai", "openai")
    work(fake)
    assert state_of_job(job) == ("waiting", "outcome_unknown")
    ImagerySettings.objects.update(unknown_policy=UnknownPolicy.NEXT_RUNG)

    assert unknowns.wake_waiting(account_id=rich.pk) == 1
    work(fake)

    assert state_of_job(job) == ("delivered", "")
    assert outcomes(job) == ["creativeai unknown", "openai delivered"]
    assert imbalances(account=rich) == ()


def test_what_waited_for_a_person_is_given_up_where_there_is_no_next_provider(rich, fake):
    choose(rich, UnknownPolicy.WAIT)
    fake.says(500)
    job = job_of(rich, "creativeai")
    work(fake)
    ImagerySettings.objects.update(unknown_policy=UnknownPolicy.NEXT_RUNG)

    unknowns.wake_waiting(account_id=rich.pk)
    work(fake)

    assert state_of_job(job) == ("missing_image", "http_500")
    assert outcomes(job) == ["creativeai unknown"]
    assert fake.books.calls == 1
