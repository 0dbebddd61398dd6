"""`make run` from nothing: ready to be tried, ended cleanly, and the same again afterwards."""

import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import urllib.request
from pathlib import Path

import psutil
import pytest

from tests.waiting import wait_until

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(
    bool(os.environ.get("DATABASE_URL")),
    reason="runs on an SQLite file of its own, for which once is enough",
)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        chosen: int = probe.getsockname()[1]
    return chosen


@pytest.fixture
def serve(tmp_path, port):
    """Starts the command on SQLite in a data directory of its own; ends what is left."""
    started: list[subprocess.Popen[str]] = []
    environment = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path / "data"),
        "PORT": str(port),
        "WEB_WORKERS": "1",
        "IMPORT_WORKERS": "1",
        "IMAGERY_WORKERS": "1",
        "MEDIA_FETCHING": "false",
    }

    def start() -> subprocess.Popen[str]:
        number = len(started)
        with (
            (tmp_path / f"out-{number}").open("w") as output,
            (tmp_path / f"err-{number}").open("w") as errors,
        ):
            process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=errors,
                text=True,
            )
        started.append(process)
        return process

    yield start
    for process in started:
        process.terminate()
        process.wait(timeout=60)


def lines_when_ready(process: subprocess.Popen[str], output: Path) -> list[str]:
    def is_ready() -> bool:
        assert process.poll() is None, "ended before it was ready"
        return "Ready.\n" in output.read_text()

    wait_until(is_ready, seconds=150, what="Ready.")
    return output.read_text().splitlines()


def uploads(data_dir: Path) -> list[tuple[str, int, int]]:
    with sqlite3.connect(data_dir / "catalog.sqlite3") as database:
        rows = database.execute(
            "SELECT status, created_rows, failed_rows FROM bulk_uploads_bulkupload"
        )
        return rows.fetchall()


def test_everything_runs_ends_and_runs_again(serve, port, tmp_path):
    process = serve()
    lines = lines_when_ready(process, tmp_path / "out-0")

    assert len(lines) == 5
    assert lines[0] == f"Admin:    http://localhost:{port}/admin/"
    assert lines[1] == "User:     admin"
    assert re.fullmatch(r"Password: \S{16}", lines[2])
    assert re.fullmatch(r"Token:    \S{40,}", lines[3])
    assert lines[4] == "Ready."
    data_dir = tmp_path / "data"
    both = [("success", 5, 0), ("success", 4, 0)]
    wait_until(lambda: uploads(data_dir) == both, seconds=150, what="the sample products")
    for name in ("admin_password", "api_token", "secret_key"):
        assert stat.S_IMODE((data_dir / name).stat().st_mode) == 0o600
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
        assert answer.status == 200

    family = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=60) == 0
    wait_until(lambda: not any(child.is_running() for child in family), what="the end of all")

    again = serve()
    assert lines_when_ready(again, tmp_path / "out-1") == lines
    assert uploads(data_dir) == both


def test_a_taken_port_is_said_in_one_line(serve, port, tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()

        assert serve().wait(timeout=60) == 1

    assert (tmp_path / "err-0").read_text() == (
        f"CommandError: Cannot listen on 127.0.0.1:{port} (Address already in use); "
        f"choose another port: PORT={port + 1} make run\n"
    )
    assert not (tmp_path / "data" / "catalog.sqlite3").exists()
