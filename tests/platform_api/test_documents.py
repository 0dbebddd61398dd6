"""The API's description of itself."""

import re

from django.contrib.staticfiles import finders
from django.test import Client

from tests.platform_api.conftest import BASE


def test_the_document_is_openapi_3_1_and_describes_envelope_and_failures():
    document = Client().get(f"{BASE}/openapi.json").json()

    assert document["openapi"].startswith("3.1.")
    listing = document["paths"][f"{BASE}/things"]["get"]
    assert sorted(listing["responses"]) == ["200", "401", "403", "404", "422", "429"]
    assert [parameter["name"] for parameter in listing["parameters"]] == ["page", "per_page"]
    assert listing["security"] == [{"BearerAuth": []}]
    assert document["components"]["securitySchemes"]["BearerAuth"] == {
        "type": "http",
        "scheme": "bearer",
    }
    assert sorted(document["components"]["schemas"]["Failure"]["required"]) == ["data", "status"]


def test_the_page_loads_nothing_from_elsewhere():
    response = Client().get(f"{BASE}/docs")

    assert response.status_code == 200
    loaded = re.findall(r'(?:src|href)="([^"]+)"', response.content.decode())
    assert loaded
    assert all(address.startswith("/static/") for address in loaded)
    assert all(finders.find(address.removeprefix("/static/")) for address in loaded)
