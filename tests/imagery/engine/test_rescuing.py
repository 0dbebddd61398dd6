"""Pictures delivered as addresses that did not give them at once."""

from datetime import timedelta

import pytest

from imagery.engine.rescues import rescue
from imagery.engine.waking import wake_due
from imagery.models import GeneratedImage, ImageRescue, ProviderCall, UnrescuedImage, Want
from imagery.money.books import imbalances
from imagery.providers.delivery import CollectionPolicy
from jobs import clock
from outbound import Gate
from tests.catalog.media_fetching.picture_server import NOT_FOUND, TROUBLE, picture_server, png
from tests.imagery.engine.working import (
    CREDIT,
    ask,
    outcomes,
    photo_of,
    policy_for,
    recipe,
    state_of_job,
    work,
)
from tests.outbound.servers import ok


@pytest.fixture
def server():
    with picture_server() as pictures:
        yield pictures


@pytest.fixture
def job(rich, fake, server):
    """Two pictures of one call: one is there, the other's server is in trouble."""
    server.answers["/1"] = ok(png(1))
    server.answers["/2"] = TROUBLE
    fake.says(200, {"id": "gen_1", "data": [{"url": server.url("/1")}, {"url": server.url("/2")}]})
    job = ask(recipe(rich, "creativeai"), images=2, photo=photo_of(rich))
    work(fake, collection=reaching(fake, server))
    return job


def reaching(fake, server):
    usual = policy_for(fake).collection
    ours = ("127.0.0.1", server.socket_server.port)
    gate = Gate(allowed_hosts=frozenset({ours, fake.host_and_port}))
    return CollectionPolicy(usual.limits, usual.pictures, gate)


def try_rescue(fake, server):
    """What the dispatcher and a worker do once it is time."""
    UnrescuedImage.objects.filter(lost_at=None).update(due_at=clock.now())
    wake_due()
    for found in ImageRescue.objects.filter(run_after__lte=clock.now()):
        rescue(found.pk, policy=policy_for(fake, collection=reaching(fake, server)))


def test_job_waits_for_a_picture_that_is_still_to_be_fetched(job, fake):
    assert state_of_job(job) == ("waiting", "rescue")
    row = UnrescuedImage.objects.get()
    assert timedelta(minutes=59) < row.expires_at - clock.now() < timedelta(minutes=61)
    assert GeneratedImage.objects.count() == 1
    call = ProviderCall.objects.get()
    assert (call.outcome, call.settled_micros) == ("delivered", 20 * CREDIT)
    assert fake.books.calls == 1


def test_picture_is_rescued_and_nothing_is_bought_again(job, rich, fake, server):
    server.answers["/2"] = ok(png(2))

    try_rescue(fake, server)

    assert UnrescuedImage.objects.count() == 0
    work(fake)
    assert state_of_job(job) == ("delivered", "")
    assert GeneratedImage.objects.count() == 2
    assert {image.cost_micros for image in GeneratedImage.objects.all()} == {10 * CREDIT}
    assert fake.books.calls == 1
    assert imbalances(account=rich) == ()


def test_rescue_is_tried_again_later_and_later(job, fake, server):
    try_rescue(fake, server)
    first = UnrescuedImage.objects.get()
    try_rescue(fake, server)

    second = UnrescuedImage.objects.get()
    assert (first.attempts, second.attempts) == (1, 2)
    assert second.due_at - clock.now() > timedelta(seconds=15)
    assert ImageRescue.objects.get().run_after == second.due_at
    assert state_of_job(job) == ("waiting", "rescue")


@pytest.mark.parametrize("end", ["says so", "expires"])
def test_picture_that_is_lost_is_asked_for_anew(job, fake, server, end):
    if end == "says so":
        server.answers["/2"] = NOT_FOUND
    else:
        UnrescuedImage.objects.update(expires_at=clock.now())

    try_rescue(fake, server)

    row = UnrescuedImage.objects.get()
    assert row.lost_at is not None
    work(fake)
    assert state_of_job(job) == ("delivered", "")
    assert outcomes(job) == ["creativeai delivered"] * 2
    assert [call.images for call in ProviderCall.objects.order_by("pk")] == [2, 1]
    assert Want.objects.filter(state="satisfied").count() == 2


def test_address_that_leads_somewhere_private_is_no_picture(rich, fake, server):
    server.answers["/2"] = ok(png(2))
    fake.says(200, {"data": [{"url": server.url("/2")}]})
    job = ask(recipe(rich, "creativeai"), photo=photo_of(rich))

    work(fake)

    assert server.asked["/2"] == 0
    assert outcomes(job) == ["creativeai short", "creativeai delivered"]
    assert UnrescuedImage.objects.count() == 0
