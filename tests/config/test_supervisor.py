"""Programs are kept running, and none of their processes outlives the supervisor."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from config.supervisor import Program, Supervisor
from tests.waiting import wait_until

ROOT = Path(__file__).parents[2]
OBEDIENT = "import signal; print('up', flush=True); signal.pause()"
STUBBORN = (
    "import signal, subprocess, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "child = subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()']);"
    "print('up', child.pid, flush=True); signal.pause()"
)
BRIEF = "print('up', flush=True)"


@pytest.fixture
def supervise(tmp_path):
    started = []

    def start(code: str, said: list[str] | None = None) -> Supervisor:
        supervisor = Supervisor(
            [Program("program", ("-c", code), {"COLOUR": "blue"})],
            directory=tmp_path,
            logs=tmp_path / "logs",
            say=(said if said is not None else []).append,
        )
        started.append(supervisor)
        supervisor.start()
        return supervisor

    yield start
    for supervisor in started:
        supervisor.stop(hurry=lambda: True)


@pytest.fixture
def log(tmp_path):
    return tmp_path / "logs" / "program.log"


def times_up(log: Path) -> int:
    return log.read_text().count("up") if log.exists() else 0


def test_a_program_runs_where_and_with_what_it_was_given(supervise, log, tmp_path):
    supervise("import os; print('up', os.getcwd(), os.environ['COLOUR'], flush=True)")

    wait_until(lambda: times_up(log))
    assert log.read_text() == f"up {tmp_path} blue\n"


def test_an_obedient_program_ends_when_asked(supervise, log):
    supervisor = supervise(OBEDIENT)
    wait_until(lambda: times_up(log))

    assert supervisor.stop() is True
    assert not supervisor.children["program"].is_alive


def test_a_stubborn_program_is_killed_with_all_its_children(supervise, log):
    supervisor = supervise(STUBBORN)
    wait_until(lambda: times_up(log))
    grandchild = int(log.read_text().split()[1])

    assert supervisor.stop(hurry=lambda: True) is False

    assert not supervisor.children["program"].is_alive
    wait_until(lambda: not is_running(grandchild), what="the end of the grandchild")


def is_running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_program_that_ended_is_started_again(supervise, log):
    said: list[str] = []
    supervisor = supervise(BRIEF, said)

    def again() -> bool:
        supervisor.revive()
        return times_up(log) >= 2

    wait_until(again, what="the second start")
    assert said[0] == "program stopped unexpectedly and is started again."


def test_a_program_that_runs_is_left_alone(supervise, log):
    supervisor = supervise(OBEDIENT)
    wait_until(lambda: times_up(log))

    supervisor.revive()

    assert times_up(log) == 1


def test_programs_are_asked_to_end_when_their_supervisor_is_killed(tmp_path):
    code = (
        "import sys, signal; from pathlib import Path; from config.supervisor import *;"
        f"s = Supervisor([Program('program', ('-c', {OBEDIENT!r}))],"
        f"directory=Path({str(tmp_path)!r}), logs=Path({str(tmp_path / 'logs')!r}), say=print);"
        "s.start(); print(s.children['program']._process.pid, flush=True); signal.pause()"
    )
    supervisor = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert supervisor.stdout is not None
    with supervisor.stdout:
        program = int(supervisor.stdout.readline())

        os.kill(supervisor.pid, signal.SIGKILL)
        supervisor.wait(timeout=20)

    wait_until(lambda: not is_running(program), what="the end of the program")
