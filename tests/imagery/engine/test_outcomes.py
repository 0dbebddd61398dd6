"""What a provider may answer, and what comes of it: with a server that answers so."""

import base64
from datetime import timedelta
from email.utils import format_datetime

import pytest

from imagery.engine.waking import wake_due
from imagery.models import (
    GeneratedImage,
    ProviderCall,
    ProviderPause,
    ProviderState,
    Want,
)
from imagery.money.books import imbalances
from imagery.money.provider_health import resume_for_everyone
from jobs import clock
from notices.models import Notice
from tests.factories.accounts import UserFactory
from tests.imagery.engine.working import (
    CREDIT,
    ask,
    come_due,
    outcomes,
    photo_of,
    recipe,
    state_of_job,
    work,
)
from tests.imagery.fake_provider import picture


def job_of(account, *ladder, images=1):
    return ask(recipe(account, *ladder), images=images, photo=photo_of(account))


@pytest.mark.parametrize("status", [400, 403, 422])
def test_refusal_is_not_repeated_and_the_next_provider_is_asked(rich, fake, status):
    fake.says(status, {"error": {"code": "bad_prompt", "message": "No."}})
    job = job_of(rich, "creativeai", "openai")

    work(fake)

    assert state_of_job(job) == ("delivered", "")
    assert outcomes(job) == ["creativeai refused", "openai delivered"]
    assert fake.books.calls == 2
    assert imbalances(account=rich) == ()


def test_refusal_by_the_last_provider_ends_the_job_with_its_reason(rich, fake):
    fake.says(422, {"detail": "No such size"})
    job = job_of(rich, "creativeai")

    work(fake)

    assert state_of_job(job) == ("missing_image", "http_422")
    assert job.message == "HTTP 422: http_422"
    assert job.ended_at is not None
    assert Want.objects.get().state == "exhausted"
    assert fake.books.calls == 1


@pytest.mark.parametrize("status", [408, 429, 503])
def test_rejection_for_now_waits_as_long_as_the_provider_says(rich, fake, status):
    fake.says(status, "", {"Retry-After": "90"})
    job = job_of(rich, "creativeai")

    work(fake)

    assert state_of_job(job) == ("waiting", "cool_down")
    assert outcomes(job) == ["creativeai rejected_for_now", "creativeai cool_down"]
    assert timedelta(seconds=80) < job.run_after - clock.now() < timedelta(seconds=91)

    ProviderState.objects.filter(account=rich).update(cool_down_until=None)
    come_due(job)
    work(fake)

    assert state_of_job(job) == ("delivered", "")
    assert fake.books.calls == 2


def test_retry_after_may_be_a_date(rich, fake):
    fake.says(429, "", {"Retry-After": format_datetime(clock.now() + timedelta(hours=1))})
    job = job_of(rich, "creativeai")

    work(fake)

    assert state_of_job(job) == ("waiting", "cool_down")
    assert job.run_after > clock.now() + timedelta(minutes=59)


def test_a_provider_that_names_no_time_is_asked_again_after_seconds(rich, fake):
    fake.says(429)
    job = job_of(rich, "creativeai")

    work(fake)

    assert state_of_job(job) == ("waiting", "cool_down")
    assert job.run_after < clock.now() + timedelta(seconds=3)


@pytest.mark.parametrize(
    "body",
    [{"data": []}, "<html>Sorry</html>", '{"data": ['],
    ids=["empty list", "web page", "bad JSON"],
)
def test_answer_without_images_is_asked_again_within_the_bound(rich, fake, body):
    for _ in range(3):
        fake.says(200, body)
    job = job_of(rich, "creativeai", "openai")

    work(fake)

    assert outcomes(job) == [*["creativeai short"] * 3, "openai delivered"]
    assert state_of_job(job) == ("delivered", "")
    assert [call.attempt for call in ProviderCall.objects.order_by("pk")] == [1, 2, 3, 1]


def test_fewer_images_are_kept_and_the_difference_is_asked_for(rich, fake):
    contents = [base64.b64encode(picture(number)).decode() for number in (1, 2)]
    fake.says(200, {"data": [{"b64_json": content} for content in contents]})
    job = job_of(rich, "creativeai", images=4)

    work(fake)

    assert state_of_job(job) == ("delivered", "")
    assert outcomes(job) == ["creativeai short", "creativeai delivered"]
    assert [call.images for call in ProviderCall.objects.order_by("pk")] == [4, 2]
    assert [charge.credits for charge in fake.charges] == [20]
    numbers = GeneratedImage.objects.order_by("pk").values_list("want__image_number", flat=True)
    assert list(numbers) == [1, 2, 3, 4]
    settled = sum(ProviderCall.objects.values_list("settled_micros", flat=True))
    assert settled == 40 * CREDIT
    assert imbalances(account=rich) == ()


@pytest.mark.parametrize(
    "content", [picture(1)[:60], b"<svg/>", b"GIF89a" + bytes(40)], ids=["cut", "drawing", "broken"]
)
def test_what_is_no_image_is_not_kept(rich, fake, content):
    fake.says(200, {"data": [{"b64_json": base64.b64encode(content).decode()}]})
    job = job_of(rich, "creativeai")

    work(fake)

    assert state_of_job(job) == ("delivered", "")
    assert outcomes(job) == ["creativeai short", "creativeai delivered"]
    assert GeneratedImage.objects.count() == 1
    # It was charged all the same, for all we know.
    assert set(ProviderCall.objects.values_list("settled_micros", flat=True)) == {10 * CREDIT}


def test_job_keeps_what_came_where_the_rest_cannot_be_had(rich, fake):
    content = base64.b64encode(picture(1)).decode()
    fake.says(200, {"data": [{"b64_json": content}]})
    fake.says(422, {"detail": "That is enough"})
    job = job_of(rich, "creativeai", images=2)

    work(fake)

    assert state_of_job(job) == ("partly_delivered", "http_422")
    assert GeneratedImage.objects.count() == 1


def test_server_error_is_unknown_and_sent_once_more(rich, fake):
    fake.says(500, "oh")
    job = job_of(rich, "creativeai")

    work(fake)

    assert state_of_job(job) == ("delivered", "")
    assert outcomes(job) == ["creativeai unknown", "creativeai delivered"]
    first, second = ProviderCall.objects.order_by("pk")
    assert (first.at_risk_micros, first.settled_micros) == (10 * CREDIT, 0)
    # To a provider that heeds it, they are the same request.
    assert first.idempotency_key == second.idempotency_key
    assert imbalances(account=rich) == ()


def test_a_second_unknown_end_leaves_it_to_the_next_provider(rich, fake):
    fake.says(500)
    fake.says(502)
    job = job_of(rich, "creativeai", "openai")

    work(fake)

    assert outcomes(job) == ["creativeai unknown", "creativeai unknown", "openai delivered"]


def test_wrong_key_pauses_the_provider_and_takes_the_next(rich, fake):
    operator = UserFactory.create(is_superuser=True)
    fake.says(401, {"error": {"code": "invalid_api_key"}})
    first = job_of(rich, "creativeai", "openai")

    work(fake)
    second = job_of(rich, "creativeai", "openai")
    work(fake)

    assert outcomes(first) == ["creativeai refused", "openai delivered"]
    assert outcomes(second) == ["openai delivered"]
    assert ProviderPause.objects.get().provider == "creativeai"
    assert Notice.objects.filter(user=operator).count() == 1


@pytest.mark.parametrize("status", [401, 402])
def test_jobs_at_the_end_of_their_ladder_wait_for_the_operator(rich, fake, status):
    for _ in range(4):
        fake.says(status, {"error": {"code": "insufficient_quota"}})
    step = recipe(rich, "creativeai")
    jobs = [ask(step, sku=f"SKU-{number}", photo=photo_of(rich)) for number in range(12)]

    work(fake)

    assert {state_of_job(job) for job in jobs} == {("waiting", "provider_paused")}
    assert {job.message for job in jobs} == {"The provider is paused."}
    assert {job.run_after for job in jobs} == {None}
    # Those that were out at the same moment, and nobody after them.
    assert fake.books.calls <= 4
    assert set(Want.objects.values_list("state", flat=True)) == {"open"}

    resume_for_everyone(provider="creativeai")
    wake_due()
    work(fake)

    assert {state_of_job(job) for job in jobs} == {("delivered", "")}
    assert len(fake.charges) == 12
