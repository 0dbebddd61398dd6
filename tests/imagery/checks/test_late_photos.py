"""Images that came before their source photo was stored are compared with it once it is."""

import pytest

from catalog.models import MediaAsset
from imagery.checks import round
from imagery.engine.assessing import ReadyCall
from imagery.engine.photo_keeping import with_photo
from imagery.engine.photos import Photo, Source
from imagery.models import CallWant, ImageChecking, ImageMeasures
from imagery.rehosting.photo_fetching import StoredPhoto
from imagery.samples import draw_sample
from imagery.studio.composing import on_white
from imagery.studio.cutting import cut_out
from jobs import clock
from tests.catalog.media_fetching.fetching import fetch_due, named, policy_for
from tests.catalog.media_fetching.picture_server import NOT_FOUND, picture_server
from tests.factories.accounts import AccountFactory
from tests.factories.imagery import ProviderCallFactory, ReferencePhotoFactory, WantFactory
from tests.imagery.checks.checked import check, stored_image, work
from tests.imagery.checks.pictures import encoded
from tests.outbound.servers import ok

MUG = draw_sample("mug", side=300)
PICTURE = on_white(cut_out(MUG.photo).picture, side=300)


@pytest.fixture
def account(db):
    return AccountFactory.create()


@pytest.fixture
def server():
    with picture_server() as pictures:
        yield pictures


def photo_at(account, url):
    """A photo that images were made after, though nobody here has its bytes."""
    return ReferencePhotoFactory.create(account=account, url=url)


def made_after(photo, **fields):
    return WantFactory.create(account=photo.account, reference=photo, **fields)


def fidelity_of(image):
    measures = ImageMeasures.objects.get(image=image)
    return measures.fidelity, measures.missing.get("fidelity", [""])[0]


def is_true(image):
    fidelity, missing = fidelity_of(image)
    return fidelity is not None and fidelity > 0.9 and missing == ""


def test_images_are_compared_with_a_photo_that_the_catalog_fetches_later(account, server):
    server.answers["/mug.jpg"] = ok(encoded(MUG.photo))
    photo = photo_at(account, server.url("/mug.jpg"))
    want = made_after(photo)
    first = stored_image(account, PICTURE, want=want)
    chained = WantFactory.create(account=account, input_want=want)
    second = stored_image(account, PICTURE.rotate(1, fillcolor="white"), want=chained, sku="B")
    check(first, second)
    assert fidelity_of(first) == fidelity_of(second) == (None, "reference_gone")

    named(account, photo.url)
    fetch_due(account, policy_for(server))
    assert ImageChecking.objects.get(account=account).run_after is not None
    work(account)

    assert is_true(first)
    assert is_true(second)
    assert not ImageMeasures.objects.exclude(due_at=None).exists()


def test_images_are_compared_with_a_photo_that_is_kept_for_a_call(account):
    photo = photo_at(account, "https://cdn.example.com/mug.jpg")
    image = stored_image(account, PICTURE, want=made_after(photo))
    check(image)
    kept = stored_image(account, MUG.photo, sku="KEPT")
    call = ProviderCallFactory.create(account=account)
    CallWant.objects.create(call=call, want=made_after(photo), position=0)
    ready = ReadyCall(call, Photo(fetch_from=photo.url), Source(reference=photo))

    with_photo(ready, StoredPhoto(kept.storage_path, "image/jpeg", kept.sha256))
    work(account)

    assert is_true(image)


def test_a_photo_that_comes_while_an_image_is_measured_is_not_overlooked(
    account, server, monkeypatch
):
    server.answers["/mug.jpg"] = ok(encoded(MUG.photo))
    photo = photo_at(account, server.url("/mug.jpg"))
    image = stored_image(account, PICTURE, want=made_after(photo))
    measure, looks = round.measure, []

    def fetched_meanwhile(*args, **kwargs):
        looks.append(kwargs["reference"])
        if len(looks) == 1:
            named(account, photo.url)
            fetch_due(account, policy_for(server))
        return measure(*args, **kwargs)

    monkeypatch.setattr(round, "measure", fetched_meanwhile)
    check(image)

    assert is_true(image)
    assert len(looks) == 2


def test_what_never_lacked_its_photo_is_not_looked_at_again(account, server, monkeypatch):
    server.answers["/gone.jpg"] = NOT_FOUND
    gone = photo_at(account, server.url("/gone.jpg"))
    without = stored_image(account, PICTURE, want=made_after(gone))
    alone = stored_image(account, MUG.photo, sku="ALONE")
    check(without, alone)
    monkeypatch.setattr(round, "measure", None)

    named(account, gone.url, server.url("/1"))
    fetch_due(account, policy_for(server))
    assert MediaAsset.objects.filter(state="fetched").count() == 1
    ImageMeasures.objects.update(due_at=clock.now())
    work(account)

    assert fidelity_of(without) == (None, "reference_gone")
    assert fidelity_of(alone) == (None, "no_reference")
