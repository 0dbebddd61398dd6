"""The process a measurement runs in: `python -m benchmarks.child ANSWER TASK PARAMETERS`.

A process of its own gives each task its own peak memory and keeps the others' caches out of it.
"""

import json
import resource
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import django

from benchmarks.outcome import Outcome


def peak_mb() -> float:
    """The most memory this program held, in MB (10^6 bytes).

    Where /proc tells, it is asked: on Linux ru_maxrss also counts what the parent held when it
    forked.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def main(answer: Path, task: str, parameters: dict[str, Any]) -> None:
    django.setup()
    outcome: Outcome = import_module(f"benchmarks.peers.{task}").measure(**parameters)
    measured = Outcome(seconds=outcome.seconds, peak_mb=peak_mb(), facts=outcome.facts)
    answer.write_text(json.dumps(measured.as_json()))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3]))
