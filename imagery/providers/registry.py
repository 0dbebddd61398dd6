"""Which providers this installation speaks to, by name."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from django.conf import settings

from imagery.errors import ImageryError
from imagery.providers.connections import Connections
from imagery.providers.creativeai import CreativeAi
from imagery.providers.dialect import Dialect, HttpProvider, require_possible
from imagery.providers.http import HttpClient, Patience
from imagery.providers.openai import OpenAi
from imagery.providers.pixelapi import PixelApi
from imagery.providers.protocol import ImageRequest, Provider

#: Gives the provider, the same one each time; None where it is off.
Factory = Callable[[], Provider | None]


class NoProvider(ImageryError):
    """Nobody of that name is known, or it has no key: `is_known` tells which."""

    def __init__(self, name: str, *, is_known: bool) -> None:
        reason = "has no key and is off" if is_known else "is not a provider"
        super().__init__(f"{name} {reason}.")
        self.is_known = is_known


def register(name: str, factory: Factory) -> None:
    """Called once for each provider, when the application starts."""
    if _factories.get(name, factory) is not factory:
        raise ValueError(f"there is a provider {name} already")
    _factories[name] = factory


def provider_named(name: str) -> Provider:
    """Raises NoProvider."""
    factory = _factories.get(name)
    provider = factory() if factory else None
    if provider is None:
        raise NoProvider(name, is_known=factory is not None)
    return provider


def known_names() -> list[str]:
    """Of every provider there is, off or not."""
    return sorted(_factories)


def providers_on() -> Mapping[str, Provider]:
    """Those that can be asked now, by name."""
    made = ((name, _factories[name]()) for name in known_names())
    return {name: provider for name, provider in made if provider is not None}


def require_sayable(name: str, request: ImageRequest) -> None:
    """Whether the provider, off or not, could be asked this at all. Raises CannotSay, or NoProvider
    for one that is not known."""
    dialect = _DIALECTS.get(name)
    if dialect is None:
        require_possible(request, provider_named(name).capabilities)
        return
    require_possible(request, dialect.capabilities)
    dialect.build(request)


def _creativeai() -> Provider | None:
    return _provider(CreativeAi(), settings.CREATIVEAI_API_KEY, settings.CREATIVEAI_BASE_URL)


def _openai() -> Provider | None:
    return _provider(OpenAi(), settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL)


def _pixelapi() -> Provider | None:
    return _provider(PixelApi(), settings.PIXELAPI_KEY, settings.PIXELAPI_BASE_URL)


def _provider(dialect: Dialect, key: str, base_url: str) -> Provider | None:
    if not key:
        return None
    return HttpProvider(dialect, HttpClient(_connections(base_url, key), key, Patience()))


@lru_cache(maxsize=16)
def _connections(base_url: str, key: str) -> Connections:
    """One set for each provider and process; never one that was opened for another key."""
    return Connections(base_url)


_DIALECTS: Final[Mapping[str, Dialect]] = {
    dialect.name: dialect for dialect in (CreativeAi(), OpenAi(), PixelApi())
}
_factories: dict[str, Factory] = {
    CreativeAi.name: _creativeai,
    OpenAi.name: _openai,
    PixelApi.name: _pixelapi,
}
