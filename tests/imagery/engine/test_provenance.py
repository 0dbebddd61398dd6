"""Every picture can be traced, and every call made again word by word."""

import pytest
from django.core.files.storage import default_storage

from imagery.models import GeneratedImage, ProviderCall
from imagery.provenance import CannotReplay, replay, trace
from imagery.providers.protocol import Operation
from imagery.providers.registry import provider_named
from tests.imagery.engine.working import CREDIT, ask, photo_of, recipe, work


def test_image_is_traced_to_all_that_made_it(rich, fake):
    step = recipe(
        rich,
        "creativeai",
        size="1024x1024",
        quality="high",
        parameters={"background": "opaque", "size": "1024x1024", "quality": "high"},
    )
    ask(step, images=2, photo=photo_of(rich))
    work(fake)

    first, second = (trace(image) for image in GeneratedImage.objects.order_by("pk"))

    assert (first.recipe, first.recipe_version, first.step) == (
        step.version.recipe.name,
        1,
        step.name,
    )
    assert first.prompt == "A photo of a mug."
    assert (first.provider, first.model_asked) == ("creativeai", "creativeai-model")
    assert first.model_actual == "fake/creativeai-model"
    assert first.request_id == "gen_1"
    assert (first.size, first.quality) == ("1024x1024", "high")
    assert first.parameters == {"background": "opaque"}
    assert first.reference_sha256 == photo_of(rich).sha256
    assert (first.cost_micros, first.call_cost_micros) == (10 * CREDIT, 20 * CREDIT)
    assert (first.image_number, second.image_number) == (1, 2)
    assert first.delivered_sha256 == fake.charges[0].delivered[0]
    assert first.sha256 != first.delivered_sha256
    assert (first.width, first.height) == (64, 64)
    assert first.answer_time is not None
    assert first.asked_at <= first.answered_at <= first.kept_at


@pytest.mark.parametrize(
    ("provider", "operation"),
    [
        ("creativeai", Operation.GENERATE),
        ("openai", Operation.EDIT),
        ("pixelapi", Operation.UPSCALE),
    ],
)
def test_replay_is_the_identical_request(rich, fake, provider, operation):
    ask(recipe(rich, provider, operation=operation, parameters={"scale": 2}), photo=photo_of(rich))
    work(fake)

    provider_named(provider).send(replay(ProviderCall.objects.get()))

    assert fake.books.calls == 2
    # The fake knows a request again by its path and each of its bytes.
    assert list(fake.books.asked_before.values()) == [2]
    assert len({charge.key for charge in fake.charges}) == 1


@pytest.mark.parametrize("loss", ["gone", "other"])
def test_call_whose_photo_is_lost_cannot_be_replayed(rich, fake, loss):
    ask(recipe(rich, "openai", operation=Operation.EDIT), photo=photo_of(rich))
    work(fake)
    call = ProviderCall.objects.get()
    default_storage.delete(call.reference_path)
    if loss == "other":
        with default_storage.open(call.reference_path, "wb") as file:
            file.write(b"something else")

    with pytest.raises(CannotReplay):
        replay(call)
