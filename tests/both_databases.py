"""The whole test suite on SQLite, then what depends on the database on a throw-away PostgreSQL.

Both closing lines come last.
"""

import os
import subprocess
import sys

from tests.with_postgres import throw_away_server


def run_suite(arguments: list[str], *, database_url: str) -> tuple[int, str]:
    """Exit status and the closing line; everything the runner says is passed on as it comes."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", *arguments],
        env={**os.environ, "DATABASE_URL": database_url},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    closing_line = ""
    for line in process.stdout:
        sys.stdout.write(line)
        sys.stdout.flush()
        closing_line = line.strip() or closing_line
    return process.wait(), closing_line


def main(arguments: list[str]) -> int:
    sqlite = run_suite(arguments, database_url="")
    with throw_away_server() as url:
        postgres = run_suite([*arguments, "--database-tests"], database_url=url)
    sys.stdout.write(f"On SQLite:\n{sqlite[1]}\nOn PostgreSQL:\n{postgres[1]}\n")
    return sqlite[0] or postgres[0]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
