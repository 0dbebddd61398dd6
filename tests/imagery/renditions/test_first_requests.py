"""A hundred who ask first: one job, one build, and an answer for everyone at once."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client
from django_q.models import OrmQ

from imagery.models import Publication, Rendition
from imagery.renditions import building
from imagery.renditions.addresses import rendition_path
from imagery.renditions.tasks import settle_publication
from tests.imagery.renditions.pictures import BLUE, colour_at, is_near
from tests.imagery.renditions.published import (
    FILES,
    approve,
    picture,
    published_image,
    stored_image,
)

ASKING = 100


def at_once(work, times):
    def done():
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        return [future.result() for future in [pool.submit(done) for _ in range(times)]]


def ask(path):
    began = time.monotonic()
    response = Client().get(path)
    return response.status_code, response.content, time.monotonic() - began


@pytest.mark.django_db(transaction=True)
def test_a_hundred_first_requests_are_one_build(monkeypatch):
    first = published_image()
    second = approve(stored_image(first.account, content=picture(BLUE)))
    # As if nothing of it had ever been asked for: its job is lost.
    Publication.objects.filter(sha256=second.sha256).delete()
    OrmQ.objects.all().delete()
    path = rendition_path(account=first.account.uuid, sku=first.sku, role="hero", preset="thumb")
    shown = Rendition.objects.get(sha256=first.sha256, preset="thumb", format="jpeg")

    answers = at_once(lambda: ask(path), ASKING)

    assert {(status, len(content)) for status, content, _ in answers} == {(200, shown.byte_size)}
    assert max(seconds for *_, seconds in answers) < 2
    publication = Publication.objects.get(sha256=second.sha256)
    assert OrmQ.objects.count() == 1
    built = []
    store = building.store_renditions
    monkeypatch.setattr(building, "store_renditions", lambda *of: built.append(1) or store(*of))

    at_once(lambda: settle_publication(publication.pk), 8)

    assert built == [1]
    assert Rendition.objects.filter(sha256=second.sha256).count() == FILES
    assert is_near(colour_at(Client().get(path).content, 0.5, 0.5), BLUE)
