"""Servers are asked politely: few at once, never when they ask to be left alone."""

import threading
from datetime import timedelta

import pytest

from catalog.media_fetching.hosts import STRIKES
from catalog.models import MediaAsset
from jobs import clock
from tests.catalog.media_fetching.fetching import come_due, fetch_due, named, policy_for, states
from tests.catalog.media_fetching.picture_server import TROUBLE

pytestmark = pytest.mark.django_db


def test_no_more_than_so_many_ask_one_server_at_once(account, server):
    named(account, *(server.url(f"/{number}") for number in range(12)))
    server.answered_together = threading.Barrier(2)

    fetch_due(account, policy_for(server, threads=6, threads_per_host=2))

    assert server.most_at_once == 2
    assert set(states(account).values()) == {"fetched"}


def test_a_crowd_at_one_server_does_not_keep_another_waiting(account, server):
    """Twenty pictures of one server are due before the first of the other."""
    named(account, *(server.url(f"/{number}", host="one.example") for number in range(20)))
    named(account, server.url("/99", host="two.example"))

    fetch_due(account, policy_for(server, threads=4, threads_per_host=1))

    assert list(server.asked).index("/99") < 4


def test_a_server_in_trouble_is_left_alone_after_a_few_tries(account, server):
    for number in range(50):
        server.answers[f"/{number}"] = TROUBLE
    named(account, *(server.url(f"/{number}", host="one.example") for number in range(50)))
    named(account, server.url("/99", host="two.example"))

    fetch_due(account, policy_for(server, threads=2, threads_per_host=1))

    assert server.asked.total() == STRIKES + 1
    assert states(account)["99"] == "fetched"
    untried = MediaAsset.objects.filter(state="pending")
    assert set(untried.values_list("attempts", "failure_code")) == {(1, "http_500")}


def test_a_dead_server_costs_little_and_ends_in_failures_that_say_why(account, server):
    named(account, *(server.url(f"/{n}", host="gone.example") for n in range(1_200)))
    for _ in range(6):
        fetch_due(account, policy_for(server))
        come_due(account)

    failed = MediaAsset.objects.filter(account=account, state="failed")
    assert failed.count() == 1_200
    assert set(failed.values_list("failure_code", "failure", "attempts")) == {
        ("host_not_found", "There is no server named gone.example.", 6)
    }


def test_a_server_that_asks_for_a_pause_gets_it(account, server):
    wait = b"HTTP/1.1 429 Slow down\r\nRetry-After: 600\r\nContent-Length: 0\r\n\r\n"
    for number in range(10):
        server.answers[f"/{number}"] = wait
    named(account, *(server.url(f"/{number}") for number in range(10)))
    before = clock.now()

    fetch_due(account, policy_for(server, threads=1, threads_per_host=1))

    assert server.asked.total() == 1
    attempts = MediaAsset.objects.order_by("id").values_list("attempts", flat=True)
    assert list(attempts) == [1] + [0] * 9
    assert set(MediaAsset.objects.values_list("state", "failure_code")) == {("pending", "http_429")}
    due = MediaAsset.objects.order_by("due_at").values_list("due_at", flat=True)
    assert due[0] >= before + timedelta(seconds=600)
    assert due[9] <= clock.now() + timedelta(seconds=600)


def test_no_server_can_ask_for_more_than_an_hour(account, server):
    server.answers["/1"] = (
        b"HTTP/1.1 503 Later\r\nRetry-After: 9999999\r\nContent-Length: 0\r\n\r\n"
    )
    named(account, server.url("/1"), server.url("/2"))

    fetch_due(account, policy_for(server, threads=1, threads_per_host=1))

    latest = MediaAsset.objects.order_by("-due_at").values_list("due_at", flat=True)[0]
    assert latest <= clock.now() + timedelta(hours=1)


def test_an_answer_resets_the_count_of_a_servers_troubles(account, server):
    for number in range(0, 40, 2):
        server.answers[f"/{number}"] = TROUBLE
    named(account, *(server.url(f"/{number}") for number in range(40)))

    fetch_due(account, policy_for(server, threads=1, threads_per_host=1))

    assert server.asked.total() == 40
