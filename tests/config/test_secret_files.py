"""Secrets are made once, whoever starts at the same moment, and read by their owner alone."""

import stat
import threading

from config import secret_files


def test_a_secret_is_made_once(tmp_path):
    path = tmp_path / "secret"

    assert secret_files.read_or_make(path, lambda: "first") == "first"
    assert secret_files.read_or_make(path, lambda: "second") == "first"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_those_who_start_together_get_the_same_secret(tmp_path):
    path = tmp_path / "secret"
    barrier = threading.Barrier(8)
    got = []

    def start(number: int) -> None:
        def make() -> str:
            barrier.wait(timeout=20)
            return f"secret {number}"

        got.append(secret_files.read_or_make(path, make))

    threads = [threading.Thread(target=start, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert len(got) == 8
    assert set(got) == {path.read_text().strip()}
    assert list(tmp_path.iterdir()) == [path]


def test_a_secret_is_replaced_as_a_whole(tmp_path):
    path = tmp_path / "secret"
    secret_files.read_or_make(path, lambda: "a much longer first secret")

    secret_files.replace(path, "second")

    assert path.read_text() == "second\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]
