"""Keeping a set of processes running, and ending all of them together."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

# Longer than the web server's own patience; an import cut short goes on from its checkpoint.
GRACE_SECONDS = 15.0
RESTART_PAUSE_SECONDS = 1.0
LARGEST_LOG_BYTES = 10 * 1024 * 1024
SET_PARENT_DEATH_SIGNAL = 1


@dataclass(frozen=True, slots=True)
class Program:
    """One process to run: what it is called here, its arguments for Python, its surroundings."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


class Child:
    """One program and the process that runs it at present, with its output in a log file.

    The process leads a group of its own: a Ctrl-C at the terminal reaches this process alone,
    and the task queue's main process can be asked to drain without its workers being hit.
    """

    def __init__(self, program: Program, *, directory: Path, logs: Path) -> None:
        self.program = program
        self._directory = directory
        self._log = logs / f"{program.name}.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0

    def start(self) -> None:
        if self._log.exists() and self._log.stat().st_size > LARGEST_LOG_BYTES:
            self._log.replace(self._log.with_suffix(".log.1"))
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, *self.program.arguments],
                cwd=self._directory,
                env={**os.environ, **self.program.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )
        self.started_at = time.monotonic()

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def seconds_up(self) -> float:
        return time.monotonic() - self.started_at

    def ask_to_stop(self) -> None:
        """To the main process alone: it tells its own children what to do."""
        if self._process is not None and self.is_alive:
            self._process.send_signal(signal.SIGTERM)

    def kill_what_is_left(self) -> None:
        """The whole group, the main process included if it still runs."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def restart(self) -> None:
        self.kill_what_is_left()
        self.start()


class Supervisor:
    """Runs the programs until `stop` is called; a program that ends by itself is run again."""

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        directory: Path,
        logs: Path,
        say: Callable[[str], None],
    ) -> None:
        logs.mkdir(parents=True, exist_ok=True)
        self._say = say
        self.children = {
            program.name: Child(program, directory=directory, logs=logs) for program in programs
        }

    def start(self) -> None:
        for child in self.children.values():
            child.start()

    def revive(self) -> None:
        """Run again what has died; what dies at once is given a moment before the next try."""
        for name, child in self.children.items():
            if not child.is_alive and child.seconds_up > RESTART_PAUSE_SECONDS:
                self._say(f"{name} stopped unexpectedly and is started again.")
                child.restart()

    def restart(self, name: str) -> None:
        self.children[name].restart()

    def stop(self, *, hurry: Callable[[], bool] = lambda: False) -> bool:
        """End all; says whether all went by themselves, within the grace and unhurried."""
        for child in self.children.values():
            child.ask_to_stop()
        deadline = time.monotonic() + GRACE_SECONDS
        while self._any_alive() and time.monotonic() < deadline and not hurry():
            time.sleep(0.05)
        all_went = not self._any_alive()
        for child in self.children.values():
            child.kill_what_is_left()
        return all_went

    def _any_alive(self) -> bool:
        return any(child.is_alive for child in self.children.values())


def _end_with_parent() -> None:
    """Linux: the child is asked to stop if this process is killed and cannot ask it any more."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
