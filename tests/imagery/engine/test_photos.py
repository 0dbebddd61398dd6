"""What a call starts from: fetched photos, addresses, and pictures of other steps."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from catalog.media_fetching import storing
from imagery.engine.policy import Retries
from imagery.engine.waking import wake_due
from imagery.models import (
    GeneratedImage,
    ProviderCall,
    ReferencePhoto,
    Role,
    Want,
)
from imagery.money.provider_health import resume_for_everyone
from imagery.provenance import replay
from imagery.providers.protocol import Operation
from imagery.rehosting.photo_fetching import PhotoPolicy
from jobs import clock
from outbound import Gate
from tests.catalog.media_fetching.picture_server import NOT_FOUND, TROUBLE, picture_server
from tests.factories.catalog import MediaAssetFactory, MediaFileFactory
from tests.imagery.engine.working import (
    PHOTO_URL,
    ask,
    come_due,
    mug,
    outcomes,
    photo_of,
    pipeline,
    policy_for,
    recipe,
    state_of_job,
    work,
)
from tests.imagery.fake_provider import FakeProvider
from tests.outbound.servers import ok

BUSY = b"HTTP/1.1 503 Busy\r\nRetry-After: 90\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture
def server():
    with picture_server() as pictures:
        yield pictures


def reaching(fake: FakeProvider | None, server):
    """A policy under which the photo server of this machine may be asked."""
    usual = policy_for(fake).photos
    port = server.socket_server.port
    gate = Gate(allowed_hosts=frozenset({("127.0.0.1", port)}))
    return PhotoPolicy(usual.limits, usual.pictures, gate)


def test_photo_is_fetched_for_who_needs_its_bytes_and_kept(rich, fake, server):
    server.answers["/mug.jpg"] = ok(mug())
    photo = photo_of(rich, server.url("/mug.jpg"), is_kept=False)
    step = recipe(rich, "openai", operation=Operation.EDIT)
    first, second = ask(step, photo=photo), ask(step, sku="MUG-2", photo=photo)

    work(fake, photos=reaching(fake, server))

    assert state_of_job(first) == state_of_job(second) == ("delivered", "")
    third = ask(step, sku="MUG-3", photo=photo)
    asked = server.asked["/mug.jpg"]
    work(fake, photos=reaching(fake, server))
    assert state_of_job(third) == ("delivered", "")
    assert server.asked["/mug.jpg"] == asked
    photo.refresh_from_db()
    assert photo.identity == f"url:{photo.url}"
    assert photo.content_type == "image/jpeg"
    with default_storage.open(photo.kept_path) as file:
        assert file.read() == mug()
    assert {call.reference_sha256 for call in ProviderCall.objects.all()} == {photo.sha256}


def media_file_of(photo):
    """The catalog has fetched it."""
    account = photo.account
    file = MediaFileFactory.create(account=account, content=mug(), content_type="image/jpeg")
    MediaAssetFactory.create(
        account=account, url=photo.url, state="fetched", file=file, due_at=None
    )
    return file


@pytest.mark.parametrize("is_known", [True, False])
def test_photo_among_the_catalogs_media_is_not_fetched_again_and_kept(rich, fake, is_known):
    """Variants show another photo by now, and the catalog has put this one away."""
    photo = photo_of(rich, is_kept=False)
    file = media_file_of(photo)
    if is_known:
        ReferencePhoto.objects.filter(pk=photo.pk).update(file=file, sha256=file.sha256)
    step = recipe(rich, "openai", operation=Operation.EDIT)
    first = ask(step, photo=photo)
    work(fake)
    assert state_of_job(first) == ("delivered", "")

    photo.refresh_from_db()
    assert photo.kept_path.startswith(f"{rich.uuid}/private/references/{file.sha256}.")
    storing.remove(storage_path=file.storage_path, thumbnail_path=file.thumbnail_path)
    file.assets.all().delete()
    file.delete()

    assert replay(ProviderCall.objects.get()).reference.content == mug()
    second = ask(step, sku="MUG-2", photo=photo)
    work(fake)
    assert state_of_job(second) == ("delivered", "")
    assert {call.reference_path for call in ProviderCall.objects.all()} == {photo.kept_path}


def test_photo_that_is_not_what_the_catalog_says_is_sent_to_nobody(rich, fake):
    photo = photo_of(rich, is_kept=False)
    file = media_file_of(photo)
    with default_storage.open(file.storage_path, "wb") as broken:
        broken.write(b"something else")
    job = ask(recipe(rich, "openai", "creativeai"), photo=photo)

    work(fake)

    assert outcomes(job) == [*["openai not_sent"] * 5, "creativeai delivered"]
    assert fake.books.calls == 1


def test_photo_that_is_not_there_leaves_it_to_who_takes_addresses(rich, fake, server):
    server.answers["/gone.jpg"] = NOT_FOUND
    photo = photo_of(rich, server.url("/gone.jpg"), is_kept=False)
    job = ask(recipe(rich, "openai", "creativeai"), photo=photo)

    work(fake, photos=reaching(fake, server))

    assert state_of_job(job) == ("delivered", "")
    assert outcomes(job) == ["openai refused", "creativeai delivered"]
    refused = ProviderCall.objects.get(provider="openai")
    assert refused.error_message.startswith("The source photo could not be fetched:")
    assert (refused.reserved_micros, refused.sending_at) == (0, None)


def test_photo_of_a_server_in_trouble_is_tried_again(rich, fake, server):
    server.answers["/mug.jpg"] = TROUBLE
    photo = photo_of(rich, server.url("/mug.jpg"), is_kept=False)
    job = ask(recipe(rich, "openai"), photo=photo)

    work(fake, photos=reaching(fake, server))

    assert state_of_job(job)[0] == "missing_image"
    assert outcomes(job) == ["openai not_sent"] * 5
    assert fake.books.calls == 0


def test_server_of_a_photo_is_asked_again_when_it_says(rich, fake, server):
    server.answers["/mug.jpg"] = BUSY
    photo = photo_of(rich, server.url("/mug.jpg"), is_kept=False)
    job = ask(recipe(rich, "openai"), photo=photo)

    work(fake, photos=reaching(fake, server))

    assert state_of_job(job)[0] == "waiting"
    assert timedelta(seconds=80) < job.run_after - clock.now() <= timedelta(seconds=90)
    assert outcomes(job) == ["openai not_sent"]


def test_server_of_a_photo_cannot_keep_a_job_for_longer_than_an_hour(rich, fake, server):
    server.answers["/mug.jpg"] = BUSY.replace(b"90", b"9999999")
    photo = photo_of(rich, server.url("/mug.jpg"), is_kept=False)
    job = ask(recipe(rich, "openai"), photo=photo)

    work(fake, photos=reaching(fake, server))

    assert state_of_job(job)[0] == "waiting"
    assert timedelta(minutes=59) < job.run_after - clock.now() <= timedelta(hours=1)


def test_tries_that_never_went_out_leave_the_provider_all_of_its_own(rich, fake, server):
    """Three photos that did not come, and one answer without a picture, of two that it may give."""
    server.answers["/mug.jpg"] = TROUBLE
    photo = photo_of(rich, server.url("/mug.jpg"), is_kept=False)
    job = ask(recipe(rich, "openai", "creativeai"), photo=photo)
    slow = Retries(most_attempts=2, most_unsent=5, first_wait=timedelta(hours=1))

    def work_once():
        work(fake, photos=reaching(fake, server), retries=slow)
        come_due(job)

    for _ in range(3):
        work_once()
    server.answers["/mug.jpg"] = ok(mug())
    fake.says(200, {"data": []})
    work_once()
    work_once()

    assert state_of_job(job) == ("delivered", "")
    assert outcomes(job) == [*["openai not_sent"] * 3, "openai short", "openai delivered"]


def test_refusal_with_nobody_else_to_ask_does_not_stand_for_a_try(rich, fake, server):
    """As above, with a wrong key between, which left the want where it was."""
    server.answers["/mug.jpg"] = TROUBLE
    photo = photo_of(rich, server.url("/mug.jpg"), is_kept=False)
    job = ask(recipe(rich, "openai"), photo=photo)
    slow = Retries(most_attempts=2, most_unsent=5, first_wait=timedelta(hours=1))

    def work_once():
        work(fake, photos=reaching(fake, server), retries=slow)
        come_due(job)

    for _ in range(3):
        work_once()
    server.answers["/mug.jpg"] = ok(mug())
    fake.says(401, {"error": {"code": "invalid_api_key"}})
    work_once()
    resume_for_everyone(provider="openai")
    come_due(job)
    fake.says(200, {"data": []})
    work_once()
    work_once()

    assert state_of_job(job) == ("delivered", "")
    unsent, others = ["openai not_sent"] * 3, ["openai short", "openai delivered"]
    assert outcomes(job) == [*unsent, "openai refused", *others]


def test_photo_at_a_private_address_is_never_asked_for(rich, fake, server):
    server.answers["/mug.jpg"] = ok(mug())
    photo = photo_of(rich, server.url("/mug.jpg"), is_kept=False)
    job = ask(recipe(rich, "openai"), photo=photo)

    work(fake)

    assert state_of_job(job)[0] == "missing_image"
    assert server.asked["/mug.jpg"] == 0
    assert fake.books.calls == 0


def test_photo_that_changed_since_it_was_planned_keeps_its_row(rich, fake, server):
    server.answers["/mug.jpg"] = ok(mug(side=140))
    photo = photo_of(rich, server.url("/mug.jpg"), is_kept=False)
    ReferencePhoto.objects.filter(pk=photo.pk).update(sha256="0" * 64)
    photo.refresh_from_db()
    job = ask(recipe(rich, "openai"), photo=photo)

    work(fake, photos=reaching(fake, server))

    photo.refresh_from_db()
    assert (photo.sha256, photo.kept_path) == ("0" * 64, "")
    assert state_of_job(job) == ("delivered", "")


def test_steps_of_one_provider_build_on_what_it_keeps_itself(rich, fake):
    job = ask(*pipeline(rich, "pixelapi"), photo=photo_of(rich))

    work(fake)

    assert state_of_job(job) == ("delivered", "")
    cut, larger, last = ProviderCall.objects.order_by("pk")
    images = GeneratedImage.objects.order_by("pk")
    assert cut.reference_url == PHOTO_URL
    assert larger.reference_url == images[0].delivered_url
    assert last.reference_url == images[1].delivered_url
    assert last.reference_sha256 == images[1].sha256


def test_picture_of_ours_without_an_address_goes_to_who_takes_bytes(rich, fake):
    cut = recipe(rich, "studio", role=Role.CUTOUT, operation=Operation.REMOVE_BACKGROUND)
    larger = recipe(
        rich,
        "pixelapi",
        "studio",
        version=cut.version,
        role=Role.HERO,
        operation=Operation.UPSCALE,
        input_step=cut,
    )
    job = ask(cut, larger, photo=photo_of(rich))

    work(fake)

    assert outcomes(job) == ["studio delivered", "studio delivered"]
    assert fake.books.calls == 0


def test_picture_of_ours_nobody_can_be_given_ends_with_a_clear_reason(rich, fake):
    cut = recipe(rich, "studio", role=Role.CUTOUT, operation=Operation.REMOVE_BACKGROUND)
    larger = recipe(
        rich,
        "pixelapi",
        version=cut.version,
        role=Role.HERO,
        operation=Operation.UPSCALE,
        input_step=cut,
    )
    job = ask(cut, larger, photo=photo_of(rich))

    work(fake)

    assert state_of_job(job) == ("partly_delivered", "reference_needs_url")
    assert job.message.startswith("pixelapi takes pictures by their address alone")


def test_steps_behind_one_that_failed_are_not_tried(rich, fake):
    fake.says(422)
    job = ask(*pipeline(rich, "pixelapi"), photo=photo_of(rich))

    work(fake)

    assert state_of_job(job) == ("missing_image", "http_422")
    assert fake.books.calls == 1
    assert list(Want.objects.order_by("pk").values_list("error_code", flat=True)) == [
        "http_422",
        "input_missing",
        "input_missing",
    ]


def test_provider_without_a_key_is_passed_over(rich, fake, settings):
    settings.CREATIVEAI_API_KEY = ""
    job = ask(recipe(rich, "creativeai", "openai"), photo=photo_of(rich))
    other = ask(recipe(rich, "creativeai"), photo=photo_of(rich))

    work(fake)

    assert outcomes(job) == ["openai delivered"]
    assert state_of_job(other) == ("missing_image", "provider_off")
    assert other.message == "creativeai has no key and is off."


def test_call_that_waited_for_a_provider_without_a_key_takes_the_next(rich, fake, settings):
    fake.says(429, "", {"Retry-After": "60"})
    job = ask(recipe(rich, "creativeai", "openai"), photo=photo_of(rich))
    work(fake)
    settings.CREATIVEAI_API_KEY = ""
    come_due(job)

    work(fake)

    assert outcomes(job) == [
        "creativeai rejected_for_now",
        "creativeai not_sent",
        "openai delivered",
    ]


def test_address_of_the_provider_is_not_used_when_it_ends_soon(rich, fake):
    cut = recipe(rich, "pixelapi", role=Role.CUTOUT, operation=Operation.REMOVE_BACKGROUND)
    first = ask(cut, photo=photo_of(rich))
    work(fake)
    made = Want.objects.get(jobs=first)
    GeneratedImage.objects.update(delivered_until=clock.now() + timedelta(minutes=2))
    larger = recipe(rich, "pixelapi", version=cut.version, operation=Operation.UPSCALE)
    job = ask(larger, photo=photo_of(rich))
    Want.objects.filter(jobs=job).update(reference=None, input_want=made)

    work(fake)

    assert state_of_job(job) == ("missing_image", "reference_needs_url")


def test_wrong_key_ends_nobody_whom_the_next_provider_could_not_serve(rich, fake):
    """It takes addresses alone, and the picture of the step before has none."""
    fake.says(401, {"error": {"code": "invalid_api_key"}})
    cut = recipe(rich, "studio", role=Role.CUTOUT, operation=Operation.REMOVE_BACKGROUND)
    hero = recipe(
        rich,
        *("openai", "creativeai"),
        version=cut.version,
        role=Role.HERO,
        operation=Operation.EDIT,
        input_step=cut,
    )
    refused = ask(cut, hero, photo=photo_of(rich))
    work(fake)
    paused = ask(cut, hero, sku="MUG-2", photo=photo_of(rich))
    work(fake)

    assert state_of_job(refused) == state_of_job(paused) == ("waiting", "provider_paused")
    assert set(Want.objects.filter(role=Role.HERO).values_list("state", flat=True)) == {"open"}

    resume_for_everyone(provider="openai")
    wake_due()
    work(fake)

    assert state_of_job(refused) == state_of_job(paused) == ("delivered", "")
