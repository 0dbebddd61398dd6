"""A provider without a key is off; one with a key is spoken to at its address."""

import pytest

from imagery.providers import OutcomeClass, registry
from tests.imagery.providers.speaking import after_reading, answer_bytes, asking, two_images
from tests.outbound.servers import rude_server

NAMES = ("creativeai", "openai", "pixelapi")


def test_every_provider_is_known_and_off_without_a_key():
    assert set(NAMES) <= set(registry.known_names())
    assert not set(NAMES) & set(registry.providers_on())
    for name in NAMES:
        with pytest.raises(registry.NoProvider, match="has no key and is off") as off:
            registry.provider_named(name)
        assert off.value.is_known


def test_a_name_that_nobody_has_is_not_known():
    with pytest.raises(registry.NoProvider, match="painter is not a provider") as unknown:
        registry.provider_named("painter")
    assert not unknown.value.is_known


def test_a_key_turns_a_provider_on_at_its_address(settings):
    answer = answer_bytes("200 OK", two_images(), "Connection: close")
    with rude_server(after_reading(answer)) as server:
        settings.CREATIVEAI_API_KEY = "sk-1"
        settings.CREATIVEAI_BASE_URL = server.url("/v1")

        outcome = registry.provider_named("creativeai").send(asking())

        assert b"Authorization: Bearer sk-1\r\n" in server.heads[0]
    assert outcome.outcome is OutcomeClass.DELIVERED
    assert [name for name in registry.providers_on() if name in NAMES] == ["creativeai"]


def test_calls_of_one_process_share_connections(settings):
    settings.OPENAI_API_KEY, settings.PIXELAPI_KEY = "sk-1", "px-1"

    one, again = (registry.provider_named("openai") for _ in range(2))
    other = registry.provider_named("pixelapi")

    assert one.client.connections is again.client.connections
    assert one.client.connections is not other.client.connections
    assert one.client.connections.host == "api.openai.com"
    assert (one.name, other.name) == ("openai", "pixelapi")


def test_a_name_is_given_to_one_provider_alone():
    with pytest.raises(ValueError, match="there is a provider openai already"):
        registry.register("openai", lambda: None)
