"""The whole application on this machine, as `make run` shows it: ready to be tried."""

import fcntl
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, close_old_connections, connection

from config import demo, demo_samples, own_server, static_files
from config.supervisor import Program, Supervisor
from jobs import clock
from jobs.backlog import silent_clusters

START_SECONDS = 60.0
EXAMPLE_SECONDS = 120.0
LOOK_EVERY_SECONDS = 0.2
SILENCE_LOOKED_FOR_EVERY = 15.0
EXAMPLE = "examples/havells-fans.csv"

PROGRAMS = (
    Program("web", ("-m", "gunicorn", "--config", "python:config.gunicorn", "config.wsgi")),
    Program("imports", ("manage.py", "qcluster"), {"Q_CLUSTER_NAME": "imports"}),
    Program("imagery", ("manage.py", "qcluster"), {"Q_CLUSTER_NAME": "imagery"}),
    Program("dispatcher", ("manage.py", "dispatcher")),
)


class Command(BaseCommand):
    help = "Runs web, workers and dispatcher on this machine, with a demo account to try."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stopping = threading.Event()
        self.signals = 0
        lock = self._only_one_in(settings.DATA_DIR)
        self._require_free_port()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        self._prepare_database()
        supervisor = Supervisor(
            PROGRAMS,
            directory=settings.BASE_DIR,
            logs=settings.DATA_DIR / "logs",
            say=self._note,
        )
        if self.stopping.is_set():
            return
        try:
            supervisor.start()
            self._serve(supervisor, demo.prepare(data_dir=settings.DATA_DIR))
        finally:
            self._note("Stopping ...")
            supervisor.stop(hurry=lambda: self.signals > 1)
            lock.close()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.signals += 1
        self.stopping.set()

    def _only_one_in(self, directory: Path) -> TextIO:
        lock = (directory / "serve.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CommandError(f"The application already runs in {directory}.") from None
        return lock

    def _require_free_port(self) -> None:
        family = socket.AF_INET6 if ":" in settings.BIND else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.BIND, settings.PORT))
            except OSError as error:
                raise CommandError(
                    f"Cannot listen on {settings.BIND}:{settings.PORT} ({error.strerror}); "
                    f"choose another port: PORT={settings.PORT + 1} make run"
                ) from None

    def _prepare_database(self) -> None:
        try:
            connection.ensure_connection()
        except OperationalError as error:
            raise CommandError(f"Cannot reach the database: {str(error).strip()}") from None
        self._note("Preparing the database and the static files ...")
        call_command("migrate", verbosity=0, interactive=False)
        if settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache"):
            call_command("createcachetable", verbosity=0)
        static_files.collect()

    def _serve(self, supervisor: Supervisor, shown: demo.Demo) -> None:
        self._wait(supervisor, self._web_answers, seconds=START_SECONDS, what="the web server")
        is_first = self._import_example(supervisor, shown)
        if self.stopping.is_set():
            return
        self._introduce(shown)
        if is_first:
            # Their pictures are made by the worker while somebody has the first look around.
            demo_samples.import_samples(demo=shown)
        next_look = time.monotonic() + SILENCE_LOOKED_FOR_EVERY
        while not self.stopping.wait(LOOK_EVERY_SECONDS):
            supervisor.revive()
            if time.monotonic() >= next_look:
                self._restart_silent(supervisor)
                next_look = time.monotonic() + SILENCE_LOOKED_FOR_EVERY

    def _import_example(self, supervisor: Supervisor, shown: demo.Demo) -> bool:
        """Whether there was nothing before: the first run on these data."""
        upload = demo.import_example(demo=shown, example=settings.BASE_DIR / EXAMPLE)
        if upload is None:
            return False
        self._note("Importing the example file ...")

        def has_ended() -> bool:
            upload.refresh_from_db()
            return upload.has_ended

        self._wait(supervisor, has_ended, seconds=EXAMPLE_SECONDS, what="the example import")
        return True

    def _wait(
        self, supervisor: Supervisor, condition: Callable[[], bool], *, seconds: float, what: str
    ) -> None:
        deadline = time.monotonic() + seconds
        while not self.stopping.is_set() and not condition():
            if time.monotonic() > deadline:
                raise CommandError(
                    f"Waited {seconds:.0f} s for {what}; see {settings.DATA_DIR / 'logs'}."
                )
            supervisor.revive()
            self.stopping.wait(LOOK_EVERY_SECONDS)

    def _web_answers(self) -> bool:
        return own_server.is_alive(
            bind=settings.BIND, port=settings.PORT, allowed_hosts=settings.ALLOWED_HOSTS
        )

    def _introduce(self, shown: demo.Demo) -> None:
        password = shown.password or "changed since; manage.py changepassword admin sets a new one"
        for line in (
            f"Admin:    http://localhost:{settings.PORT}/admin/",
            f"User:     {demo.ADMIN}",
            f"Password: {password}",
            f"Token:    {shown.token}",
            "Ready.",
        ):
            self.stdout.write(line)
        self.stdout.flush()

    def _restart_silent(self, supervisor: Supervisor) -> None:
        close_old_connections()
        try:
            silent = silent_clusters(at=clock.now())
        except OperationalError:
            return
        for name in silent & supervisor.children.keys():
            if supervisor.children[name].seconds_up > SILENCE_LOOKED_FOR_EVERY * 12:
                self._note(f"{name} answers no bell and is started again.")
                supervisor.restart(name)

    def _note(self, line: str) -> None:
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()
