"""The pages of image jobs: the list, the timeline of one, and what a person can do with it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from imagery.api.content import content_path, thumbnail_path
from imagery.models import (
    CallState,
    CallWant,
    ImageJob,
    JobState,
    JobWant,
    ProviderCall,
    QaStatus,
    SkuImagery,
    Trigger,
    UnrescuedImage,
    Want,
    WantState,
)
from imagery.money import ledger
from imagery.money.budgets import set_budget
from imagery.providers.protocol import CallOutcome, OutcomeClass
from jobs import clock
from tests.factories.accounts import AccountFactory, UserFactory
from tests.factories.bulk_uploads import BulkUploadFactory
from tests.factories.catalog import VariantFactory
from tests.factories.imagery import (
    GeneratedImageFactory,
    ImageJobFactory,
    ProviderCallFactory,
    RecipeStepFactory,
    WantFactory,
)
from tests.signing_in import EVERYBODY, SUPERUSER, client_as

pytestmark = pytest.mark.django_db

LIST = "admin:imagery_imagejob_changelist"
ANSWERED = CallOutcome(OutcomeClass.DELIVERED, request_id="gen-1", model_actual="oil-1.2")
LOST = CallOutcome(OutcomeClass.UNKNOWN, code="read_timeout", message="No answer came.")


@pytest.fixture
def account():
    account = AccountFactory.create(currency="USD")
    set_budget(account=account, monthly_cap_micros=1_000_000)
    return account


@pytest.fixture
def browser(account):
    return client_as(Role.MANAGER, account)


def job_with_want(account, sku="MUG-1", **fields) -> tuple[ImageJob, Want]:
    step = RecipeStepFactory.create(version__recipe__account=account, name="main picture")
    job = ImageJobFactory.create(account=account, sku=sku, recipe_version=step.version, **fields)
    want = WantFactory.create(account=account, sku=sku, step=step)
    JobWant.objects.create(job=job, want=want)
    return job, want


def called(job: ImageJob, want: Want, outcome: CallOutcome, *, cost: int = 0) -> ProviderCall:
    """A call for the want that ended so, 20 micro-units having been held for it."""
    call = ProviderCallFactory.create(
        account=job.account, job=job, step=want.step, sending_at=clock.now()
    )
    CallWant.objects.create(call=call, want=want, position=0, is_open=False)
    held = ledger.reserve(call=call, maximum_micros=20_000)
    if outcome.outcome is OutcomeClass.UNKNOWN:
        return ledger.mark_at_risk(call=held, outcome=outcome)
    return ledger.settle(call=held, actual_micros=cost, outcome=outcome)


def ended(job: ImageJob, state: JobState, **fields) -> None:
    ImageJob.objects.filter(pk=job.pk).update(
        state=state, ended_at=clock.now(), run_after=None, **fields
    )


def page(job: ImageJob, name: str = "change") -> str:
    return reverse(f"admin:imagery_imagejob_{name}", args=[job.pk])


def text_of(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def said(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


# The list


def test_the_list_shows_picture_state_and_cost(browser, account):
    job, want = job_with_want(account, message="Waits for the budget.")
    Want.objects.filter(pk=want.pk).update(state=WantState.SATISFIED)
    call = called(job, want, ANSWERED, cost=12_500)
    image = GeneratedImageFactory.create(account=account, sku=job.sku, want=want, call=call)

    answer = browser.get(reverse(LIST))

    text = text_of(answer)
    assert thumbnail_path(image.uuid) in answer.content.decode()
    assert "MUG-1 Waiting Waits for the budget." in text
    assert "1 of 1 0.0125 USD API" in text


def test_the_list_is_narrowed_by_what_people_ask_for(browser, account):
    upload = BulkUploadFactory.create(account=account)
    first, _ = job_with_want(account, "A-1", upload=upload, trigger=Trigger.UPLOAD)
    second, _ = job_with_want(account, "B-1")
    SkuImagery.objects.create(
        account=account, sku="B-1", qa_status=QaStatus.REJECTED, updated_at=clock.now()
    )
    ended(second, JobState.CANCELLED)

    def shown(**query) -> set[ImageJob]:
        return set(browser.get(reverse(LIST), query).context["cl"].result_list)

    assert shown(upload=upload.pk) == {first}
    assert shown(upload="none") == set()
    assert shown(state="cancelled") == {second}
    assert shown(state="under_way") == shown(state="open") == {first}
    assert shown(state="succeeded") == set()
    assert shown(state="lost") == {first, second}
    assert shown(trigger__exact="upload") == {first}
    assert shown(qa="rejected") == {second}
    assert shown(qa="not_requested") == {first}
    assert shown(q="b-1") == {second}
    recipe = first.recipe_version.recipe_id
    assert shown(recipe_version__recipe__id__exact=recipe) == {first}


def test_the_list_costs_the_same_with_one_job_and_with_many(browser, account):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            browser.get(reverse(LIST))
        return len(captured)

    job_with_want(account)
    queries()
    few = queries()
    for number in range(5):
        job_with_want(account, f"X-{number}")

    assert queries() == few


def test_states_that_can_change_are_asked_for_together(browser, account):
    moving, _ = job_with_want(account, "A-1")
    job_with_want(account, "B-1", state=JobState.HELD)
    gone, _ = job_with_want(account, "C-1")
    ended(gone, JobState.DELIVERED)

    cells = reverse("admin:imagery_imagejob_cells")
    assert f'hx-get="{cells}?ids={moving.pk}"' in browser.get(reverse(LIST)).content.decode()
    ended(moving, JobState.MISSING_IMAGE, message="No provider could.")
    answer = browser.get(cells, {"ids": f"{moving.pk},x,99999"})

    assert "Missing image No provider could." in text_of(answer)
    assert f'id="image-job-{moving.pk}"' in answer.content.decode()
    assert "hx-get" not in answer.content.decode()


# One job


def test_the_page_tells_what_was_asked_what_came_and_what_it_cost(browser, account):
    VariantFactory.create(account=account, sku="MUG-1")
    job, want = job_with_want(account, requested_by=UserFactory.create(first_name="Mia"))
    called(job, want, LOST)
    call = called(job, want, ANSWERED, cost=12_500)
    image = GeneratedImageFactory.create(account=account, sku=job.sku, want=want, call=call)

    answer = browser.get(page(job))

    text = text_of(answer)
    assert f'data-full="{content_path(image.uuid)}"' in answer.content.decode()
    assert "1 of 1 picture" in text
    assert "Reserved 0.04 USD Charged 0.0125 USD Released 0.0075 USD At risk 0.02 USD" in text
    assert "painter oil-1 Outcome unknown 0.00 USD" in text
    assert "No answer came." in text
    assert "painter oil-1 (answered by oil-1.2) Delivered 0.0125 USD" in text
    assert "A photo of a mug." in text
    assert "asked for 1 picture, 1 came" in text
    assert "Mia" in text


def test_pictures_that_are_still_with_the_provider_are_told_of(browser, account):
    job, want = job_with_want(account)
    call = called(job, want, ANSWERED)
    until = datetime(2030, 1, 2, 3, 4, tzinfo=UTC)
    for number, lost_at in enumerate([None, clock.now()]):
        UnrescuedImage.objects.create(
            account=account,
            call=call,
            position_in_call=number,
            url="https://cdn.example/1.png",
            expires_at=until,
            due_at=None if lost_at else clock.now(),
            lost_at=lost_at,
        )

    text = text_of(browser.get(page(job)))

    assert "A picture is still to be fetched from the provider, by 2 Jan 2030, 03:04 UTC." in text
    assert "A picture was lost: its address gave it no more." in text


def test_the_page_says_what_the_job_waits_for(browser, account):
    job, want = job_with_want(account)
    call = ProviderCallFactory.create(
        account=account, job=job, step=want.step, waits_for="budget", due_at=clock.now()
    )
    CallWant.objects.create(call=call, want=want, position=0)

    assert text_of(browser.get(page(job))).count("The month&#x27;s budget is used up.") == 2


def test_a_job_asks_for_itself_until_it_has_ended_and_only_news_is_sent(browser, account):
    job, want = job_with_want(account)
    drawn = browser.get(page(job)).content.decode()
    found = re.search(r'hx-get="([^"]+live/\?seen=\w+)"', drawn)
    assert found is not None

    assert browser.get(found[1]).status_code == 204
    Want.objects.filter(pk=want.pk).update(state=WantState.EXHAUSTED, message="Refused by all.")
    ended(job, JobState.MISSING_IMAGE)
    answer = browser.get(found[1])

    assert answer.status_code == 200
    assert "Refused by all." in text_of(answer)
    assert "hx-get" not in answer.content.decode()


def test_the_page_costs_the_same_however_much_was_tried(browser, account):
    job, want = job_with_want(account)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            browser.get(page(job))
        return len(captured)

    called(job, want, ANSWERED)
    queries()
    few = queries()
    for _ in range(4):
        called(job, want, LOST)

    assert queries() == few


# What a person can do with it


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_job_is_stopped_and_tried_again_by_who_asks_for_pictures(who, account):
    job, _ = job_with_want(account)
    client = client_as(who, account)
    may = who in (Role.MERCHANDISER, Role.MANAGER, SUPERUSER)

    stopped = client.post(page(job, "cancel"))
    job.refresh_from_db()
    if not may:
        assert stopped.status_code in (403, 404)
        assert job.state == JobState.WAITING
        ended(job, JobState.MISSING_IMAGE)
        assert client.post(page(job, "retry")).status_code in (403, 404)
        job.refresh_from_db()
        assert job.state == JobState.MISSING_IMAGE
        return
    assert (stopped.status_code, job.state) == (302, JobState.CANCELLED)
    again = client.post(page(job, "retry"))
    job.refresh_from_db()
    assert (again.status_code, job.state) == (302, JobState.WAITING)


def test_what_cannot_be_done_any_more_is_said(browser, account):
    job, want = job_with_want(account)
    ended(job, JobState.DELIVERED)
    Want.objects.filter(pk=want.pk).update(state=WantState.SATISFIED)

    assert said(browser.post(page(job, "cancel"))) == ["The job has ended before."]
    assert said(browser.post(page(job, "retry")))[-1] == "Every picture of the job is there."
    assert browser.get(page(job, "cancel")).status_code == 405


@pytest.mark.parametrize(("answer", "settled", "released"), [("1", 20_000, 0), ("0", 0, 20_000)])
def test_a_manager_says_what_became_of_a_call(browser, account, answer, settled, released):
    job, want = job_with_want(account)
    call = called(job, want, LOST)
    url = reverse("admin:imagery_imagejob_resolve", args=[call.pk])

    assert url in browser.get(page(job)).content.decode()
    assert "Held for it 0.02 USD" in text_of(browser.get(url))
    assert browser.post(url, {"was_charged": "perhaps"}).status_code == 200
    done = browser.post(url, {"was_charged": answer})

    call.refresh_from_db()
    assert (done.status_code, done["Location"]) == (302, page(job))
    assert (call.settled_micros, call.released_micros, call.at_risk_micros) == (
        settled,
        released,
        0,
    )
    assert call.resolved_by == browser.user
    assert url not in browser.get(page(job)).content.decode()
    assert said(browser.post(url, {"was_charged": answer})) == ["How this call ended is known."]


@pytest.mark.parametrize("role", [Role.MERCHANDISER, Role.REVIEWER])
def test_only_managers_answer_for_money(account, role):
    job, want = job_with_want(account)
    call = called(job, want, LOST)
    url = reverse("admin:imagery_imagejob_resolve", args=[call.pk])
    client = client_as(role, account)

    assert url not in client.get(page(job)).content.decode()
    assert client.post(url, {"was_charged": "0"}).status_code == 403
    assert client_as(Role.MANAGER, AccountFactory.create()).get(url).status_code == 404
    call.refresh_from_db()
    assert call.at_risk_micros == 20_000


def test_only_unknown_outcomes_are_asked_about(browser, account):
    job, want = job_with_want(account)
    known = called(job, want, ANSWERED)
    assert known.state == CallState.ENDED

    url = reverse("admin:imagery_imagejob_resolve", args=[known.pk])
    assert browser.get(url).status_code == 404


def test_a_job_of_a_sku_that_is_gone_is_still_told(browser, account):
    job, _ = job_with_want(account, inputs={"title": "Blue mug"}, upload_row=7)
    ImageJob.objects.filter(pk=job.pk).update(created_at=clock.now() - timedelta(days=9))

    text = text_of(browser.get(page(job)))

    assert "not in the catalog (any more)" in text
    assert "title (given) Blue mug" in text
