"""Static files are collected when they have changed, and left alone when they have not."""

import os
import time

import pytest

from config import static_files


@pytest.fixture
def source(settings, tmp_path):
    directory = tmp_path / "source"
    directory.mkdir()
    (directory / "page.css").write_text("body {}")
    settings.STATICFILES_DIRS = [directory]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    return directory


def test_collected_once_until_something_changes(source, settings):
    assert static_files.collect() is True
    assert (settings.STATIC_ROOT / "page.css").read_text() == "body {}"
    assert static_files.collect() is False

    (source / "page.css").write_text("body { margin: 0 }")
    a_minute_later = time.time() + 60
    os.utime(source / "page.css", (a_minute_later, a_minute_later))

    assert static_files.collect() is True
    assert (settings.STATIC_ROOT / "page.css").read_text() == "body { margin: 0 }"
