"""What every test gets: files of its own, empty caches, and no leftovers of the one before."""

from pathlib import Path

import pytest
from django.core.cache import caches
from pytest_django import Settings

pytest_plugins = ["tests.s3"]
_DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-tests",
        action="store_true",
        help="only tests that depend on the database; the others say the same on any",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Others cannot touch it, as pytest-django keeps it shut for them, or drive a browser, whose
    pages are asked for on every database by tests of their views."""
    if not config.getoption("--database-tests"):
        return
    others = [item for item in items if not _depends_on_the_database(item)]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if _depends_on_the_database(item)]


def _depends_on_the_database(item: pytest.Item) -> bool:
    fixtures: list[str] = getattr(item, "fixturenames", [])
    touches_it = item.get_closest_marker("django_db") or not _DATABASE_FIXTURES.isdisjoint(fixtures)
    return bool(touches_it) and item.get_closest_marker("browser") is None


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
