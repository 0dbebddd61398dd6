"""The caches: one for the application, one in memory for what need not be shared."""

from typing import Any

from config.settings.environment import Url, env, only_options
from config.settings.packages import require_package

LOCAL_MEMORY = "django.core.cache.backends.locmem.LocMemCache"


def chosen_cache() -> dict[str, Any]:
    url = env.url("CACHE_URL", schemes=("locmem", "db", "redis", "rediss"), default="locmem://")
    only_options("CACHE_URL", url, frozenset())
    return redis_cache(url) if url.scheme in ("redis", "rediss") else local_cache(url)


def redis_cache(url: Url) -> dict[str, Any]:
    require_package("CACHE_URL", "redis")
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": url.parts.geturl(),
    }


def local_cache(url: Url) -> dict[str, Any]:
    if url.scheme == "db":
        return {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "django_cache",
        }
    return {"BACKEND": LOCAL_MEMORY, "LOCATION": "default"}


CACHES = {
    "default": chosen_cache(),
    # Worker statistics change twice a second: they must never reach a shared database.
    "local": {"BACKEND": LOCAL_MEMORY, "LOCATION": "local"},
}
