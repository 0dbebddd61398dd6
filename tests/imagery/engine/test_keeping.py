"""What was delivered is kept, whatever goes wrong around it."""

import base64
from datetime import timedelta

import pytest
from django.db import DatabaseError, OperationalError

from imagery.engine import events
from imagery.engine import round as rounds
from imagery.engine.answering import note_answers
from imagery.engine.hand import Hand
from imagery.engine.sweeping import settle_lost
from imagery.models import GeneratedImage, PriceRow, ProviderCall
from imagery.money.books import imbalances
from imagery.money.budgets import set_budget
from jobs import clock
from tests.imagery.engine.working import (
    ask,
    outcomes,
    photo_of,
    recipe,
    state_of_job,
    work,
)
from tests.imagery.fake_provider import Conduct, picture


@pytest.fixture
def told(monkeypatch):
    """Handlers of this test alone; the images each was told of."""
    heard = []
    monkeypatch.setattr(events, "_handlers", [])
    events.on_image_saved(lambda images: heard.extend(images))
    return heard


def test_others_are_told_of_new_images_as_they_are_saved(rich, fake, told):
    ask(recipe(rich, "creativeai"), images=2, photo=photo_of(rich))

    work(fake)

    assert told == list(GeneratedImage.objects.order_by("pk"))


def test_part_that_fails_over_a_new_image_loses_none(rich, fake, told, caplog):
    def fails(images):
        GeneratedImage.objects.filter(pk__in=[image.pk for image in images]).update(width=1)
        raise DatabaseError("full")

    events.on_image_saved(fails)
    job = ask(recipe(rich, "creativeai"), photo=photo_of(rich))

    work(fake)

    assert state_of_job(job) == ("delivered", "")
    assert GeneratedImage.objects.get().width == 64
    assert "one part was not told" in caplog.text
    assert set(told) == set(GeneratedImage.objects.all())


def test_bill_that_no_book_can_hold_costs_no_picture(rich, fake, caplog):
    """The call stays out, and is settled later at what its price says."""
    set_budget(account=rich, monthly_cap_micros=10**16)
    PriceRow.objects.filter(provider="creativeai").update(unit_micros=10**13)
    content = base64.b64encode(picture(1)).decode()
    fake.says(200, {"data": [{"b64_json": content}], "usage": {"credits": 10**9}})
    job = ask(recipe(rich, "creativeai"), photo=photo_of(rich))

    work(fake)

    assert state_of_job(job) == ("delivered", "")
    assert GeneratedImage.objects.count() == 1
    call = ProviderCall.objects.get()
    assert call.state == "sending"
    assert "could not be settled" in caplog.text

    ProviderCall.objects.update(slot_until=clock.now() - timedelta(hours=1))
    assert settle_lost() == 1

    call.refresh_from_db()
    assert (call.outcome, call.settled_micros) == ("delivered", 10**14)
    assert GeneratedImage.objects.count() == 1
    assert imbalances(account=rich) == ()
    assert settle_lost() == 0


def busy(monkeypatch, *, tries):
    """Answers cannot be noted that often. Until when the worker counts as alive, each time."""
    alive_until = []

    def note(answers, *, lease):
        alive_until.append(ProviderCall.objects.get().slot_until)
        if len(alive_until) <= tries:
            raise OperationalError("database is locked")
        note_answers(answers, lease=lease)

    monkeypatch.setattr(rounds, "note_answers", note)
    return alive_until


def test_answer_outlives_a_database_that_is_busy(rich, fake, monkeypatch, caplog):
    alive_until = busy(monkeypatch, tries=3)
    job = ask(recipe(rich, "openai"), photo=photo_of(rich))

    work(fake, lease=timedelta(seconds=1))

    assert state_of_job(job) == ("delivered", "")
    assert outcomes(job) == ["openai delivered"]
    assert len(fake.charges) == 1
    assert ProviderCall.objects.get().answered_at is not None
    assert alive_until[3] > alive_until[0]
    assert caplog.text.count("could not be noted") == 1
    assert imbalances(account=rich) == ()


def test_answer_that_cannot_be_noted_at_all_is_kept_without(rich, fake, monkeypatch):
    monkeypatch.setattr(rounds, "_MOST_TRIES", 2)
    assert len(busy(monkeypatch, tries=99)) == 0
    job = ask(recipe(rich, "creativeai"), photo=photo_of(rich))

    work(fake)

    assert state_of_job(job) == ("delivered", "")
    assert len(fake.charges) == GeneratedImage.objects.count() == 1
    assert imbalances(account=rich) == ()


def test_round_that_breaks_off_still_keeps_what_comes_back(rich, fake, monkeypatch):
    """The database fails while the call is out, and once more while its answer is waited for."""
    renew, failures = Hand.renew, [OperationalError("gone"), OperationalError("gone")]

    def renew_if_it_is_there(hand):
        if failures:
            raise failures.pop()
        renew(hand)

    monkeypatch.setattr(Hand, "renew", renew_if_it_is_there)
    fake.conduct = Conduct(delay=0.8)
    job = ask(recipe(rich, "openai"), photo=photo_of(rich))

    with pytest.raises(OperationalError):
        work(fake, lease=timedelta(seconds=1))

    assert failures == []
    assert outcomes(job) == ["openai delivered"]
    assert GeneratedImage.objects.count() == 1
    assert state_of_job(job)[0] == "waiting"
    work(fake)
    assert state_of_job(job) == ("delivered", "")
    assert len(fake.charges) == 1
    assert imbalances(account=rich) == ()
