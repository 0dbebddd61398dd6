"""The floors of the house, and the manners of its modules."""

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOMS = (
    "accounts",
    "bulk_sql",
    "bulk_uploads",
    "catalog",
    "config",
    "delivery",
    "imagery",
    "jobs",
    "notices",
    "outbound",
    "platform_api",
)
NAMES_THAT_SAY_NOTHING = {"utils", "helpers", "common", "misc", "util", "helper", "shared"}
MOST_LINES = 350
MODULES = sorted(
    path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts
)
WRITTEN_MODULES = [path for path in MODULES if path.read_text().strip()]


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_rooms_import_only_from_the_floors_below():
    """The contracts are in pyproject.toml; every room must be under one."""
    result = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert result.returncode == 0, result.stdout + result.stderr
    pyproject = (ROOT / "pyproject.toml").read_text()
    layers = re.search(r"layers = \[(.*?)\]", pyproject, re.DOTALL)
    assert layers is not None
    assert sorted(re.findall(r"\w+", layers[1])) == sorted(ROOMS)


def test_every_room_is_known_here():
    packages = {
        path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests"
    }

    assert packages - {"benchmarks"} == set(ROOMS)


def test_modules_are_named_for_what_they_hold():
    nameless = [path for path in MODULES if NAMES_THAT_SAY_NOTHING & {path.stem, path.parent.name}]

    assert list(map(shown, nameless)) == []


def test_modules_say_first_why_they_exist_and_stay_short():
    found = [(shown(path), fault) for path in WRITTEN_MODULES for fault in faults_of(path)]

    assert found == []


def faults_of(path: Path) -> list[str]:
    source = path.read_text()
    faults = {
        "has no docstring": not ast.get_docstring(ast.parse(source)),
        "does not begin with it": not source.startswith(('"""', 'r"""', "#!")),
        f"has more than {MOST_LINES} lines": source.count("\n") > MOST_LINES,
    }
    return [fault for fault, is_there in faults.items() if is_there]


def test_comments_in_templates_end_on_their_line():
    """Django shows to everybody what does not."""
    open_comments = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if line.count("{#") != line.count("#}")
    ]
    assert open_comments == []
