"""A POST repeated under one key is executed once."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import requests
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from accounts.models import Account
from platform_api.idempotency import forget_expired
from platform_api.models import IdempotencyKey
from tests.factories.accounts import ApiTokenFactory
from tests.platform_api import site
from tests.waiting import wait_until

KEY = {"Idempotency-Key": "order-1"}


def post(call, slug="first", path="/things", headers=KEY, **extra):
    return call("post", path, json={"slug": slug}, headers=dict(headers), **extra)


def upload(call, content=b"a,b\n", slug="first", name="a.csv"):
    data = {"slug": slug, "file": SimpleUploadedFile(name, content, "text/csv")}
    return call("post", "/files", data=data, headers=dict(KEY))


def created():
    return Account.objects.filter(slug="first").count()


def age_keys(**age):
    IdempotencyKey.objects.update(claimed_at=timezone.now() - timedelta(**age))


def conflict(response):
    assert response.status_code == 409
    [fault] = response.json()["data"]
    assert fault["attribute_name"] == "Idempotency-Key"
    return fault["messages"][0]


def test_the_same_request_is_answered_with_the_first_answer(call):
    first, second = post(call), post(call)

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    assert second["Content-Type"] == first["Content-Type"]
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert created() == 1


def test_without_a_key_nothing_is_kept(call):
    assert post(call, headers={}).status_code == 201
    assert IdempotencyKey.objects.count() == 0


def test_the_spelling_of_the_json_does_not_matter(call):
    post(call)
    again = call(
        "post",
        "/things",
        data='{\n "slug" : "first" }',
        content_type="application/json",
        headers=dict(KEY),
    )

    assert again["Idempotency-Replayed"] == "true"


def test_other_fields_under_the_key_are_a_conflict(call):
    post(call)

    assert "other fields" in conflict(post(call, slug="second"))
    assert not Account.objects.filter(slug="second").exists()


def test_the_same_file_is_recognised_by_its_content(call):
    first, second = upload(call), upload(call, name="renamed.csv")

    assert second["Idempotency-Replayed"] == "true"
    assert second.json() == first.json() == {"status": "success", "data": {"byte_size": 4}}
    assert created() == 1


def test_another_file_under_the_key_is_a_conflict(call):
    upload(call)

    assert "other fields" in conflict(upload(call, content=b"a,c\n"))


def test_another_field_beside_the_same_file_is_a_conflict(call):
    upload(call)

    assert "other fields" in conflict(upload(call, slug="second"))


def test_another_address_or_token_has_its_own_keys(call):
    post(call)

    elsewhere = post(call, slug="second", path="/secrets")
    other_token = post(call, slug="third", raw=ApiTokenFactory.create().raw)

    assert "Idempotency-Replayed" not in elsewhere
    assert "Idempotency-Replayed" not in other_token
    assert Account.objects.filter(slug__in=["first", "second", "third"]).count() == 3


def test_a_refusal_is_not_kept_and_frees_the_key(call):
    refused = upload(call, slug="refused")

    assert refused.status_code == 404
    assert IdempotencyKey.objects.count() == 0
    assert upload(call).status_code == 201


def test_an_answer_with_a_secret_is_never_stored(call):
    first = post(call, path="/secrets")
    second = post(call, path="/secrets")

    assert first.json()["data"] == {"secret": "ct_secret"}
    assert "secret" in conflict(second)
    assert IdempotencyKey.objects.get().body is None
    assert created() == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb"])
def test_a_key_must_be_printable_and_not_too_long(call, key):
    response = post(call, headers={"Idempotency-Key": key})

    assert response.status_code == 422
    assert response.json()["data"][0]["attribute_name"] == "Idempotency-Key"
    assert created() == 0


def test_after_a_day_the_key_is_free_again(call):
    post(call)
    age_keys(hours=24, seconds=1)

    response = post(call, slug="second")

    assert response.status_code == 201
    assert "Idempotency-Replayed" not in response
    assert IdempotencyKey.objects.count() == 1


def test_within_the_day_the_answer_is_kept(call):
    post(call)
    age_keys(hours=23, minutes=59)

    assert post(call)["Idempotency-Replayed"] == "true"


def test_housekeeping_forgets_expired_keys_alone(call):
    post(call)
    age_keys(hours=25)
    post(call, slug="second", headers={"Idempotency-Key": "order-2"})

    assert forget_expired() == 1
    assert IdempotencyKey.objects.count() == 1


def abandon(call):
    """As if the process had died in the middle of the first request."""
    post(call)
    Account.objects.filter(slug="first").delete()
    IdempotencyKey.objects.update(status=None, body=None)


def test_a_request_whose_process_died_blocks_its_key_for_ten_minutes(call):
    abandon(call)
    age_keys(minutes=9)

    assert "still running" in conflict(post(call))
    assert created() == 0


def test_a_request_whose_process_died_is_executed_at_last(call):
    abandon(call)
    age_keys(minutes=11)

    assert post(call).status_code == 201
    assert post(call)["Idempotency-Replayed"] == "true"
    assert created() == 1


@pytest.mark.parametrize("body", [b"{", b"not json", b"\xff", b"[" * 1025, b"[" * 300 + b"]" * 300])
def test_json_that_nobody_asked_for_is_refused_all_the_same(call, body):
    response = call("post", "/bells", data=body, content_type="application/json", headers=dict(KEY))

    assert response.status_code == 400
    assert [fault["attribute_name"] for fault in response.json()["data"]] == ["body"]
    assert (created(), IdempotencyKey.objects.count()) == (0, 0)


def test_a_request_without_a_body_has_keys_too(call):
    first, second = (call("post", "/bells", headers=dict(KEY)) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert second["Idempotency-Replayed"] == "true"
    assert created() == 1


def sender(live_server, path) -> Callable[[], requests.Response]:
    token = ApiTokenFactory.create()

    def send() -> requests.Response:
        return requests.post(
            f"{live_server.url}/api/platform/v1{path}",
            json={"slug": "first"},
            headers={**KEY, "Authorization": f"Bearer {token.raw}"},
            timeout=20,
        )

    return send


@pytest.mark.django_db(transaction=True)
def test_of_two_simultaneous_requests_one_runs_and_the_other_is_told(live_server):
    site.running.clear()
    site.let_go.clear()
    answers: list[requests.Response] = []
    send = sender(live_server, "/slow")

    first = threading.Thread(target=lambda: answers.append(send()))
    first.start()
    try:
        assert site.running.wait(timeout=20)
        meanwhile = send()
    finally:
        site.let_go.set()
        first.join(timeout=20)

    assert meanwhile.status_code == 409
    assert answers[0].status_code == 201
    assert send().headers["Idempotency-Replayed"] == "true"
    assert created() == 1


def overtaken(live_server, path) -> list[requests.Response]:
    """The answers to a request that runs so long that its retry takes the key over."""
    site.running.clear()
    site.let_go.clear()
    send = sender(live_server, path)
    answers: list[requests.Response] = []
    both = [threading.Thread(target=lambda: answers.append(send())) for _ in range(2)]
    both[0].start()
    try:
        assert site.running.wait(timeout=20)
        age_keys(minutes=11)
        both[1].start()
        wait_until(is_claimed_anew, what="the takeover")
    finally:
        site.let_go.set()
        for each in both:
            each.join(timeout=20)
    return answers


def is_claimed_anew():
    return IdempotencyKey.objects.get().claimed_at > timezone.now() - timedelta(minutes=1)


@pytest.mark.django_db(transaction=True)
def test_a_request_that_was_overtaken_undoes_what_it_did(live_server):
    answers = overtaken(live_server, "/exact")

    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert Account.objects.filter(name="first").count() == 1
    assert IdempotencyKey.objects.get().status == 201


def test_a_key_whose_request_has_ended_after_all_is_not_taken_over(call):
    abandon(call)
    age_keys(minutes=11)
    ended = []

    def ends_first(execute, sql, params, many, context):
        """The first request is answered between the second one's look at the key and its claim."""
        if sql.startswith("UPDATE") and "idempotencykey" in sql and not ended:
            ended.append(True)
            IdempotencyKey.objects.update(status=201, body=b"{}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(ends_first):
        second = post(call)

    assert "still running" in conflict(second)
    assert (IdempotencyKey.objects.get().status, created()) == (201, 0)
