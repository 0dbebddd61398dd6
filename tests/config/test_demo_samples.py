"""The demo's own products: their photos are there before anything asks the network for them."""

import csv

import pytest
from django.conf import settings
from django.core.files.storage import default_storage

from catalog.models import AssetState, MediaAsset, Variant
from config import demo, demo_samples
from imagery.following.upload_options import RECIPE
from tests.imports import run_to_end

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
