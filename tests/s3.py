"""An S3 on this machine, as a server of its own: once a session, with a bucket for each test."""

import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from pytest_django import Settings

from config.settings.environment import Url
from config.settings.storage import s3_storage
from tests.processes import running
from tests.waiting import wait_until

_LISTENING = re.compile(r"Running on (http://127\.0\.0\.1:\d+)")
#: The server takes any.
_KEY, _SECRET, _REGION = "nobody", "nothing", "us-east-1"


@dataclass(frozen=True)
class Bucket:
    """`storage_url` is what STORAGE_URL says to processes that are to use it."""

    endpoint: str
    name: str

    @property
    def storage_url(self) -> str:
        options = {"endpoint_url": self.endpoint, "region": _REGION, "addressing_style": "path"}
        return f"s3://{_KEY}:{_SECRET}@{self.name}?{urlencode(options)}"

    def keys(self, prefix: str = "") -> list[str]:
        """Of the objects that lie in it, sorted."""
        return sorted(found.key for found in self.objects.filter(Prefix=prefix))

    def content(self, key: str) -> bytes:
        found: bytes = self._bucket.Object(key).get()["Body"].read()
        return found

    @property
    def objects(self) -> Any:
        return self._bucket.objects

    def create(self) -> None:
        self._bucket.create()

    def close(self) -> None:
        self._bucket.meta.client.close()

    @cached_property
    def _bucket(self) -> Any:
        # Slow to import, and needed by few.
        import boto3

        session = boto3.Session(_KEY, _SECRET, region_name=_REGION)
        return session.resource("s3", endpoint_url=self.endpoint).Bucket(self.name)


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address. Everything in it is lost at the end of the session."""
    log = tmp_path_factory.mktemp("s3") / "log"
    command = ("-m", "moto.server", "-H", "127.0.0.1", "-p", "0")
    with running(*command, environment=_surroundings(log), log=log):
        wait_until(lambda: _LISTENING.search(log.read_text()), what="S3 listens")
        found = _LISTENING.search(log.read_text())
        assert found is not None
        yield found[1]


@pytest.fixture
def s3_bucket(s3_server: str, settings: Settings, private_files: Path) -> Iterator[Bucket]:
    """An empty bucket, which is the default storage meanwhile."""
    bucket = Bucket(s3_server, f"bucket-{secrets.token_hex(8)}")
    bucket.create()
    parts = urlsplit(bucket.storage_url)
    options = {"endpoint_url": s3_server, "region": _REGION, "addressing_style": "path"}
    settings.STORAGES = {**settings.STORAGES, "default": s3_storage(Url(parts, options))}
    yield bucket
    bucket.close()


def _surroundings(log: Path) -> dict[str, str]:
    """Nothing of the developer's own keys and profiles."""
    return {"PATH": os.environ["PATH"], "HOME": str(log.parent), "PYTHONUNBUFFERED": "1"}
