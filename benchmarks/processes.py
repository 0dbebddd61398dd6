"""Starting measurements in processes of their own, each at a place of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import IO

from benchmarks.outcome import Outcome


class MeasurementFailed(Exception):
    """A measuring process ended with an error; the message is the end of what it wrote."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a measurement finds its database and keeps its files."""

    database_url: str
    data_dir: Path


@dataclass(frozen=True, slots=True)
class Running:
    task: str
    process: subprocess.Popen[bytes]
    answer: Path
    errors: IO[bytes]

    def outcome(self) -> Outcome:
        """Waits for the end. Raises MeasurementFailed."""
        status = self.process.wait()
        self.errors.seek(0)
        tail = self.errors.read()[-4000:].decode(errors="replace")
        self.errors.close()
        if status:
            raise MeasurementFailed(f"{self.task} ended with status {status}:\n{tail}")
        return Outcome(**json.loads(self.answer.read_text()))


def start(task: str, place: Place, **parameters: object) -> Running:
    """Run `benchmarks.peers.<task>.measure(**parameters)` at this place."""
    directory = Path(mkdtemp(dir=place.data_dir))
    answer = directory / "answer.json"
    errors = (directory / "errors").open("w+b")
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.child", answer, task, json.dumps(parameters)],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": place.database_url,
            "DATA_DIR": str(place.data_dir),
            "DEBUG": "false",
            "LOG_LEVEL": "WARNING",
        },
        stdout=errors,
        stderr=errors,
    )
    return Running(task=task, process=process, answer=answer, errors=errors)


def measure(task: str, place: Place, **parameters: object) -> Outcome:
    return start(task, place, **parameters).outcome()
