"""The database, from DATABASE_URL: SQLite in DATA_DIR unless told otherwise."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote

from config.settings.environment import Url, WrongValue, env, only_options
from config.settings.paths import BASE_DIR, DATA_DIR

# Immediate transactions and WAL are what keep several writers of one SQLite file from
# failing with "database is locked"; see docs/decisions/0003-sqlite-is-the-default.md.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
    # 16 MB of pages stay at hand, and a checkpoint is worth its sync.
    "PRAGMA cache_size=-16384; PRAGMA wal_autocheckpoint=16000; PRAGMA temp_store=MEMORY;",
}
POSTGRES_SCHEMES = ("postgres", "postgresql")
POSTGRES_OPTIONS = frozenset(
    {"host", "sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "application_name"}
)
REUSED_FOR_SECONDS = 60


def sqlite_database(url: Url) -> dict[str, Any]:
    """`sqlite:///relative.sqlite3` lies under the checkout, `sqlite:////abs/olute` does not."""
    only_options("DATABASE_URL", url, frozenset())
    path = unquote(url.parts.path).removeprefix("/")
    if url.parts.netloc or not path:
        raise WrongValue("DATABASE_URL", "expected sqlite:///path/to/file")
    file = (BASE_DIR / Path(path)).resolve()
    if not file.parent.is_dir():
        raise WrongValue("DATABASE_URL", f"there is no directory {file.parent}")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        # Opening it reads the whole schema: 6 ms, of requests that take 1.
        "CONN_MAX_AGE": REUSED_FOR_SECONDS,
        "OPTIONS": dict(SQLITE_OPTIONS),
    }


def postgres_database(url: Url) -> dict[str, Any]:
    """`?host=/directory` (or a percent-encoded host) reaches a unix socket."""
    only_options("DATABASE_URL", url, POSTGRES_OPTIONS)
    name = unquote(url.parts.path.removeprefix("/"))
    if not name:
        raise WrongValue("DATABASE_URL", "names no database: postgres://user@host:5432/name")
    options = {key: value for key, value in url.options.items() if key != "host"}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(url.parts.username or ""),
        "PASSWORD": unquote(url.parts.password or ""),
        "HOST": url.options.get("host") or unquote(url.parts.hostname or ""),
        "PORT": str(url.parts.port or ""),
        "CONN_MAX_AGE": REUSED_FOR_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def chosen_database() -> dict[str, Any]:
    url = env.url(
        "DATABASE_URL",
        schemes=("sqlite", *POSTGRES_SCHEMES),
        default=f"sqlite:///{DATA_DIR / 'catalog.sqlite3'}",
        shown_default="SQLite in DATA_DIR",
    )
    return postgres_database(url) if url.scheme in POSTGRES_SCHEMES else sqlite_database(url)


DATABASES = {"default": chosen_database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
