"""A client of the small test API, with a token of every scope."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from accounts.models import ApiToken
from tests.factories.accounts import ApiTokenFactory

BASE = "/api/platform/v1"
Call = Callable[..., HttpResponse]


@pytest.fixture(autouse=True)
def _site(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.platform_api.site"


@pytest.fixture
def token(db) -> ApiToken:
    return ApiTokenFactory.create()


@pytest.fixture
def call(token) -> Call:
    """`call("get", "/things", raw=...)`; a dict as `json` is sent as a JSON body."""

    def send(method: str, path: str, *, raw: str | None = token.raw, **extra: Any) -> HttpResponse:
        headers = extra.pop("headers", {})
        if raw is not None:
            headers["Authorization"] = f"Bearer {raw}"
        if "json" in extra:
            extra |= {"data": extra.pop("json"), "content_type": "application/json"}
        client = Client(raise_request_exception=False)
        return getattr(client, method)(f"{BASE}{path}", headers=headers, **extra)

    return send
