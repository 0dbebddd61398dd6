"""Starting the application's real processes against the database and files of a test."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, urlencode

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection

PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV", "COVERAGE_PROCESS_START")


def database_url() -> str:
    """The URL of the database this test runs in."""
    chosen = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{quote(str(chosen['NAME']))}"
    user = quote(chosen["USER"], safe="")
    password = quote(chosen["PASSWORD"], safe="")
    host, port = chosen["HOST"], chosen["PORT"]
    if host.startswith("/"):
        query = urlencode({"host": host})
        return f"postgres://{user}:{password}@/{chosen['NAME']}?{query}"
    return f"postgres://{user}:{password}@{host}{f':{port}' if port else ''}/{chosen['NAME']}"


def process_environment(**more: str) -> dict[str, str]:
    """The environment in which a process sees what the test sees. Needs a transactional test."""
    return {
        **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONWARNINGS": "default",
        "DATA_DIR": str(settings.DATA_DIR),
        "DATABASE_URL": database_url(),
        "STORAGE_URL": f"file://{quote(str(default_storage.path('')))}",
        "SECRET_KEY": settings.SECRET_KEY,
        # Pictures that a test's files name are nobody's to ask for.
        "MEDIA_FETCHING": "false",
        **more,
    }


def run_manage(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run `manage.py` to its end, with output and errors captured."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=process_environment(**more),
        capture_output=True,
        text=True,
        timeout=120,
    )


@contextmanager
def running(
    *command: str, environment: Mapping[str, str] | None = None, log: Path | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A process of the project, in a group of its own, that is gone after the block."""
    with (log or Path(os.devnull)).open("a") as output:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=settings.BASE_DIR,
            env=dict(environment or process_environment()),
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            kill_group(process)


def kill_group(process: subprocess.Popen[str]) -> None:
    """SIGKILL to the process and everything it started: nobody gets to tidy up."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
