"""The demo's own products: their photos are there before anything asks the network for them."""

import csv

import pytest
from django.conf import settings
from django.core.files.storage import default_storage

from catalog.models import AssetState, MediaAsset, Variant
from config import demo, demo_samples
from imagery.batches.options import IMAGE_BATCH_PROCESSOR
from imagery.following.upload_options import RECIPE
from tests.imports import import_bytes, run_to_end

pytestmark = pytest.mark.django_db


def test_the_samples_come_with_photos_that_nobody_has_to_fetch_and_are_kept_once(tmp_path):
    shown = demo.prepare(data_dir=tmp_path)

    upload = run_to_end(demo_samples.import_samples(demo=shown))

    assert (upload.created_rows, upload.failed_rows, upload.warnings) == (4, 0, 0)
    assert upload.options == {RECIPE.name: "pipeline"}
    assets = list(MediaAsset.objects.filter(links__variant__account=shown.account))
    assert sorted({asset.state for asset in assets}) == [AssetState.FETCHED]
    assert len(assets) == Variant.objects.count() == 4
    for asset in assets:
        assert asset.file is not None
        assert default_storage.exists(asset.file.storage_path)
        assert default_storage.exists(asset.file.thumbnail_path)

    demo_samples.import_samples(demo=shown)

    assert MediaAsset.objects.filter(account=shown.account).count() == 4


def test_the_file_names_every_photo():
    with (settings.BASE_DIR / demo_samples.FILE).open() as file:
        named = [row["Media Paths"] for row in csv.DictReader(file)]

    assert named == [demo_samples.PHOTOS.format(name=name) for name in demo_samples.NAMES]


def test_the_example_batch_is_made_from_photos_that_the_demo_has(tmp_path):
    shown = demo.prepare(data_dir=tmp_path)
    run_to_end(demo_samples.import_samples(demo=shown))
    batch = (settings.BASE_DIR / "examples" / "image-batch.csv").read_bytes()

    upload = import_bytes(shown.account, batch, processor_name=IMAGE_BATCH_PROCESSOR)

    assert (upload.created_rows, upload.failed_rows, upload.warnings) == (3, 0, 0)
    assert tuple(upload.header) == ("sku", "title", "image_url", "brand", "style_tags")
    photos = MediaAsset.objects.filter(links__variant__sku__startswith="IMAGE-")
    assert [photo.state for photo in photos] == [AssetState.FETCHED] * 3
