"""POST /image_jobs/{id}/retry, cancel, resolve."""

import uuid

import pytest

from accounts.scopes import Scope
from imagery.models import CallWant, ImageJob, JobWant, ProviderCall
from imagery.money import ledger
from imagery.money.budgets import set_budget
from jobs import clock
from tests.api_client import failure, program
from tests.factories.imagery import ImageJobFactory, ProviderCallFactory, WantFactory
from tests.imagery.money.outcomes import UNKNOWN


def job_of(caller, state="waiting", want_state="open") -> ImageJob:
    ended = {"ended_at": clock.now(), "run_after": None} if state != "waiting" else {}
    job = ImageJobFactory(account=caller.account, state=state, **ended)
    want = WantFactory(account=caller.account, sku=job.sku, state=want_state)
    JobWant.objects.create(job=job, want=want)
    return job


def unknown_call(job) -> ProviderCall:
    set_budget(account=job.account, monthly_cap_micros=1_000_000)
    call = ProviderCallFactory(account=job.account, job=job)
    CallWant.objects.create(call=call, want=job.wants.get(), position=0, is_open=False)
    return ledger.mark_at_risk(
        call=ledger.reserve(call=call, maximum_micros=80_000), outcome=UNKNOWN
    )


def resolve(caller, job, **said):
    return caller.post(f"/image_jobs/{job.uuid}/resolve", said, content_type="application/json")


def test_a_job_that_found_nobody_is_tried_again(caller):
    job = job_of(caller, "missing_image", "exhausted")

    answer = caller.post(f"/image_jobs/{job.uuid}/retry")

    assert answer.status_code == 200
    assert answer.json()["data"]["state"] == "waiting"
    job.refresh_from_db()
    assert job.run_after is not None
    assert job.wants.get().state == "open"


@pytest.mark.parametrize(
    ("state", "want", "message"),
    [
        ("waiting", "open", "The job has not ended yet."),
        ("delivered", "satisfied", "Every picture of the job is there."),
    ],
)
def test_there_may_be_nothing_to_try_again(caller, state, want, message):
    job = job_of(caller, state, want)

    answer = caller.post(f"/image_jobs/{job.uuid}/retry")

    assert (answer.status_code, answer.json()) == (409, failure("state", message))
    job.refresh_from_db()
    assert job.state == state


def test_an_open_job_is_cancelled_once(caller):
    job = job_of(caller)

    first = caller.post(f"/image_jobs/{job.uuid}/cancel")
    again = caller.post(f"/image_jobs/{job.uuid}/cancel")

    assert (first.status_code, first.json()["data"]["state"]) == (200, "cancelled")
    assert (again.status_code, again.json()) == (
        409,
        failure("state", "The job has ended before."),
    )


@pytest.mark.parametrize(("was_charged", "settled"), [(True, "0.08"), (False, "0.00")])
def test_an_unknown_outcome_is_resolved_by_who_found_out(caller, was_charged, settled):
    job = job_of(caller)
    unknown_call(job)
    (told,) = caller.data(f"/image_jobs/{job.uuid}")["calls"]

    answer = resolve(caller, job, call=told["id"], was_charged=was_charged)

    assert answer.status_code == 200
    (call,) = answer.json()["data"]["calls"]
    assert call["needs_resolving"] is False
    assert (call["cost"]["settled"], call["cost"]["at_risk"]) == (settled, "0.00")
    again = resolve(caller, job, call=told["id"], was_charged=was_charged)
    assert (again.status_code, again.json()) == (
        409,
        failure("call", "How this call ended is known."),
    )


def test_only_calls_of_the_job_are_resolved(caller):
    job, other = job_of(caller), job_of(caller)
    unknown_call(other)
    (told,) = caller.data(f"/image_jobs/{other.uuid}")["calls"]

    elsewhere = resolve(caller, job, call=told["id"], was_charged=True)
    nowhere = resolve(caller, job, call=str(uuid.uuid4()), was_charged=True)

    assert elsewhere.status_code == nowhere.status_code == 404
    assert ProviderCall.objects.get().resolved_at is None


def test_a_resolution_says_whether_it_was_charged(caller):
    job = job_of(caller)

    answer = resolve(caller, job, call=str(uuid.uuid4()), was_charged="maybe")

    assert answer.status_code == 422
    assert answer.json()["data"][0]["attribute_name"] == "was_charged"


@pytest.mark.parametrize("command", ["retry", "cancel", "resolve"])
def test_strangers_and_readers_command_nothing(caller, command):
    job = job_of(caller)
    path = f"/image_jobs/{job.uuid}/{command}"
    body = {"call": str(uuid.uuid4()), "was_charged": True}

    stranger = program().post(path, body, content_type="application/json")
    reader = program(caller.account, Scope.READ, Scope.REVIEW).post(
        path, body, content_type="application/json"
    )

    assert (stranger.status_code, reader.status_code) == (404, 403)
    job.refresh_from_db()
    assert job.state == "waiting"
