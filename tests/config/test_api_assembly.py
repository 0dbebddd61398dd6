"""What the assembly joins: the API's address, and its housekeeping."""

from django.test import Client

from jobs import periodic


def test_the_api_document_lists_the_rooms_routes():
    document = Client().get("/api/platform/v1/openapi.json").json()

    assert document["openapi"].startswith("3.1.")
    assert "/api/platform/v1/bulk_uploads" in document["paths"]


def test_expired_idempotency_keys_are_forgotten_from_time_to_time():
    assert "platform_api.forget_expired" in periodic._functions
