"""Pictures that come: from the studio and from providers, one by one, many at once, in steps."""

from hashlib import sha256

from django.core.files.storage import default_storage

from imagery.marking import DigitalSource, source_of
from imagery.models import GeneratedImage, ProviderCall, Role, Want
from imagery.money.books import imbalances
from imagery.providers.protocol import Operation
from tests.imagery.engine.working import (
    CREDIT,
    ask,
    generated_files,
    outcomes,
    photo_of,
    pipeline,
    recipe,
    state_of_job,
    work,
)


def test_studio_delivers_a_recipe_of_three_steps_without_any_key(account):
    job = ask(*pipeline(account, "studio"), photo=photo_of(account))

    work()

    assert state_of_job(job) == ("delivered", "")
    assert outcomes(job) == ["studio delivered"] * 3
    images = GeneratedImage.objects.order_by("pk")
    assert [image.role for image in images] == [Role.CUTOUT, "", Role.LIFESTYLE]
    assert [image.reference_sha256 for image in images] == [
        photo_of(account).sha256,
        images[0].sha256,
        images[1].sha256,
    ]
    for image in images:
        with default_storage.open(image.storage_path) as file:
            content = file.read()
        assert sha256(content).hexdigest() == image.sha256
        assert image.storage_path.startswith(f"{account.uuid}/private/generated/{image.sha256}.")
        assert source_of(content) is not None
    assert len(generated_files(account)) == 6


def test_images_of_one_step_are_one_call(rich, fake):
    step = recipe(rich, "creativeai", operation=Operation.GENERATE)
    job = ask(step, images=4, photo=photo_of(rich))

    work(fake)

    assert state_of_job(job) == ("delivered", "")
    assert outcomes(job) == ["creativeai delivered"]
    assert fake.credits == 40
    call = ProviderCall.objects.get()
    images = GeneratedImage.objects.order_by("position_in_call")
    assert [image.want.image_number for image in images] == [1, 2, 3, 4]
    assert [image.delivered_sha256 for image in images] == list(fake.charges[0].delivered)
    assert {image.cost_micros for image in images} == {10 * CREDIT}
    assert (call.settled_micros, call.model_actual) == (40 * CREDIT, "fake/creativeai-model")
    with default_storage.open(images[0].storage_path) as file:
        assert source_of(file.read()) is DigitalSource.TRAINED_ALGORITHMIC_MEDIA
    assert imbalances(account=rich) == ()
    assert set(Want.objects.values_list("state", flat=True)) == {"satisfied"}


def test_more_images_than_a_provider_makes_at_once_are_several_calls(rich, fake):
    job = ask(recipe(rich, "creativeai"), images=6, photo=photo_of(rich))

    work(fake)

    assert state_of_job(job) == ("delivered", "")
    assert [call.images for call in ProviderCall.objects.order_by("pk")] == [4, 2]
    assert GeneratedImage.objects.count() == 6


def test_bytes_go_to_a_provider_that_takes_no_address(rich, fake):
    job = ask(recipe(rich, "openai", operation=Operation.EDIT), photo=photo_of(rich))

    work(fake)

    assert state_of_job(job) == ("delivered", "")
    assert fake.charges[0].path == "/v1/images/edits"
    call = ProviderCall.objects.get()
    assert call.reference_url == ""
    assert call.reference_sha256 == photo_of(rich).sha256


def test_identical_bytes_for_two_wants_are_two_images_over_one_file(account):
    step = recipe(account, "studio", operation=Operation.REMOVE_BACKGROUND)
    job = ask(step, images=2, photo=photo_of(account))

    work()

    assert state_of_job(job) == ("delivered", "")
    first, second = GeneratedImage.objects.all()
    assert first.storage_path == second.storage_path
    assert first.want_id != second.want_id
    assert len(generated_files(account)) == 2
