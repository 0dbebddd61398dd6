"""What every test gets: files of its own, empty caches, and no leftovers of the one before."""

from pathlib import Path

import pytest
from django.core.cache import caches
from pytest_django import Settings

pytest_plugins = ["tests.s3"]


@pytest.fixture(autouse=True)
def private_files(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Storage in a directory of the test's own, where it can look at what was written."""
    media = tmp_path_factory.mktemp("media")
    settings.MEDIA_ROOT = media
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            **settings.STORAGES["default"],
            "OPTIONS": {**settings.STORAGES["default"]["OPTIONS"], "location": media},
        },
    }
    return media


@pytest.fixture(autouse=True)
def _empty_caches() -> None:
    for cache in caches.all(initialized_only=True):
        cache.clear()
