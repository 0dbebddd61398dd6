"""Whether the application can do its work: what /readyz answers."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from jobs import clock, dispatcher, heartbeats
from jobs.backlog import oldest_due

SILENT_AFTER = timedelta(seconds=60)
STORAGE_ANSWER = "jobs.health.storage"
STORAGE_ANSWER_KEPT_SECONDS = 10

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Check:
    """One part of the application; the detail is for the operator and holds no account data."""

    name: str
    ok: bool
    detail: str


def readiness() -> list[Check]:
    """Every check, each on its own: one that cannot even be made counts as failed."""
    return [
        _checked("database", _database),
        _checked("storage", _storage),
        _checked("oldest_job", _oldest_job),
        _checked("dispatcher", _dispatcher),
    ]


def _checked(name: str, check: Callable[[], tuple[bool, str]]) -> Check:
    try:
        ok, detail = check()
    except Exception as error:
        logger.warning("Readiness check %s failed", name, exc_info=True)
        # The type alone: messages of drivers name hosts and users.
        return Check(name=name, ok=False, detail=type(error).__name__)
    return Check(name=name, ok=ok, detail=detail)


def _database() -> tuple[bool, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return True, connection.vendor


def _storage() -> tuple[bool, str]:
    """Anyone may ask, so that what writes is done at most once in ten seconds a process."""
    cache = caches["local"]
    answer: tuple[bool, str] | None = cache.get(STORAGE_ANSWER)
    if answer is None:
        answer = _write_and_read_back()
        cache.set(STORAGE_ANSWER, answer, STORAGE_ANSWER_KEPT_SECONDS)
    return answer


def _write_and_read_back() -> tuple[bool, str]:
    content = secrets.token_bytes(16)
    key = default_storage.save(f"health/{secrets.token_hex(8)}", ContentFile(content))
    try:
        with default_storage.open(key) as file:
            same = file.read() == content
    finally:
        default_storage.delete(key)
    return same, "written and read back" if same else "read back something else"


def _oldest_job() -> tuple[bool, str]:
    seconds = int(oldest_due(at=clock.now()).total_seconds())
    return seconds <= settings.READY_MAX_JOB_AGE, f"due for {seconds} s"


def _dispatcher() -> tuple[bool, str]:
    age = heartbeats.age(dispatcher.NAME)
    if age is None:
        return False, "never seen"
    return age <= SILENT_AFTER, f"seen {int(age.total_seconds())} s ago"
