"""Where pictures of providers are kept: on S3 as on local disk, marked, once each."""

import base64
import io
from hashlib import sha256

import pytest
from PIL import Image

from imagery.engine.photos import signed_address
from imagery.marking import DigitalSource, source_of
from imagery.models import GeneratedImage, ProviderCall
from imagery.providers.protocol import Operation
from tests.imagery.engine.working import (
    ask,
    generated_files,
    outcomes,
    photo_of,
    pipeline,
    recipe,
    state_of_job,
    work,
)


def drawn(kind: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), (10, 120, 200)).save(file, kind)
    return file.getvalue()


def test_pictures_are_kept_in_s3(rich, fake, s3_bucket):
    job = ask(recipe(rich, "creativeai"), images=2, photo=photo_of(rich))

    work(fake)

    assert state_of_job(job) == ("delivered", "")
    prefix = f"{rich.uuid}/private/generated/"
    images = GeneratedImage.objects.all()
    expected = [path for image in images for path in (image.storage_path, image.thumbnail_path)]
    assert s3_bucket.keys(prefix) == sorted(expected)
    for image in images:
        assert sha256(s3_bucket.content(image.storage_path)).hexdigest() == image.sha256


def test_picture_of_an_earlier_step_is_given_by_a_signed_address_of_s3(rich, fake, s3_bucket):
    cut, larger, _ = pipeline(rich, "studio")
    larger.ladder.update(provider="pixelapi", model="")
    job = ask(cut, larger, photo=photo_of(rich))

    work(fake)

    assert outcomes(job) == ["studio delivered", "pixelapi delivered"]
    address = ProviderCall.objects.get(provider="pixelapi").reference_url
    path, _, signature = address.partition("?")
    assert path.endswith(GeneratedImage.objects.get(role="cutout").storage_path)
    assert "Expires=" in signature


def test_file_on_local_disk_has_no_address(db):
    assert signed_address("account/private/generated/x.png") == ""


@pytest.mark.parametrize(
    ("operation", "source"),
    [
        (Operation.REMOVE_BACKGROUND, DigitalSource.ALGORITHMICALLY_ENHANCED),
        (Operation.UPSCALE, DigitalSource.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA),
    ],
)
def test_mark_says_what_a_provider_was_asked_to_do(rich, fake, private_files, operation, source):
    ask(recipe(rich, "pixelapi", operation=operation), photo=photo_of(rich))

    work(fake)

    image = GeneratedImage.objects.get()
    assert source_of((private_files / image.storage_path).read_bytes()) is source


@pytest.mark.parametrize("kind", ["GIF", "AVIF"])
def test_picture_without_a_place_for_a_mark_becomes_a_png(rich, fake, private_files, kind):
    content = base64.b64encode(drawn(kind)).decode()
    fake.says(200, {"data": [{"b64_json": content}]})
    ask(recipe(rich, "creativeai"), photo=photo_of(rich))

    work(fake)

    image = GeneratedImage.objects.get()
    stored = (private_files / image.storage_path).read_bytes()
    assert image.content_type == "image/png"
    assert image.delivered_sha256 == sha256(drawn(kind)).hexdigest()
    assert image.sha256 == sha256(stored).hexdigest()
    assert source_of(stored) is DigitalSource.TRAINED_ALGORITHMIC_MEDIA


def test_nothing_is_kept_of_what_never_came(rich, fake):
    fake.says(422)
    ask(recipe(rich, "creativeai"), photo=photo_of(rich))

    work(fake)

    assert generated_files(rich) == []
