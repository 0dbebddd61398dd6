"""A provider on this machine that speaks all three dialects, charges, keeps books, and fails.

Within a test: `with fake_provider() as fake`. As a process of its own, for several workers or a
benchmark: `python -m tests.imagery.fake_provider --delay 0.2 --seed 7 --kill-share 0.1`, which
prints its address, and shows its books at `/ledger`.
"""

import argparse
import base64
import io
import json
import random
import socket
import struct
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from email.message import Message
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from PIL import Image

CREDITS_AN_IMAGE: Final = 10
CREDITS_AN_OPERATION: Final = {"remove-bg": 10, "upscale": 50, "replace-bg": 10}
#: Where a connection can be killed: before anything is done, and after it was charged.
BREAKS: Final = ("before", "after", "middle")


@dataclass(frozen=True, slots=True)
class Charge:
    """One call that was charged. `delivered` are the digests of the images made for it, `answered`
    whether the whole answer was handed over."""

    call: int
    path: str
    key: str
    credits: int
    delivered: tuple[str, ...]
    answered: bool


@dataclass(frozen=True, slots=True)
class Conduct:
    """How it behaves: seconds a call takes, and the share of calls whose connection it kills.

    Which ones is settled by the seed, what is asked, and how often that was asked before: not by
    the order in which threads arrive.
    """

    delay: float = 0.0
    seed: int = 0
    kill_share: float = 0.0


@dataclass(slots=True)
class Books:
    """What was asked, charged and made; for several threads at once."""

    calls: int = 0
    charges: list[Charge] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    #: Answers to give instead of work, first come first served: status, body, headers.
    answers: deque[tuple[int, bytes, Mapping[str, str]]] = field(default_factory=deque)
    largest_concurrency: int = 0
    open_calls: int = 0
    asked_before: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)


class FakeProvider:
    """`url` is the base URL for every dialect; `conduct` may be changed at any time."""

    def __init__(self, conduct: Conduct, *, port: int = 0) -> None:
        self.conduct = conduct
        self.books = Books()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.fake = self
        self.port: int = self._server.server_address[1]
        self.host_and_port = ("127.0.0.1", self.port)
        self.url = f"http://127.0.0.1:{self.port}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def charges(self) -> list[Charge]:
        with self.books.lock:
            return list(self.books.charges)

    @property
    def credits(self) -> int:
        return sum(charge.credits for charge in self.charges)

    def says(
        self, status: int, body: object = "", headers: Mapping[str, str] | None = None
    ) -> None:
        """The next call that no answer is set for yet is answered so, and not charged."""
        content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.books.answers.append((status, content, headers or {}))

    def end(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def fake_provider(
    *, delay: float = 0.0, seed: int = 0, kill_share: float = 0.0
) -> Iterator[FakeProvider]:
    fake = FakeProvider(Conduct(delay, seed, kill_share))
    try:
        yield fake
    finally:
        fake.end()


@cache
def picture(number: int) -> bytes:
    """A small PNG, another one for each number."""
    file = io.BytesIO()
    colour = (number % 256, number // 256 % 256, number // 65_536 % 256)
    Image.new("RGB", (64, 64), colour).save(file, "PNG")
    return file.getvalue()


class _Server(ThreadingHTTPServer):
    fake: FakeProvider
    request_queue_size = 128
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Who hangs up on us is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        books = self.server.fake.books
        if self.path == "/ledger":
            with books.lock:
                shown = {"calls": books.calls, "charges": [asdict(one) for one in books.charges]}
            self._answer(200, json.dumps(shown).encode())
        elif (content := books.pictures.get(self.path)) is not None:
            self._answer(200, content, {"Content-Type": "image/png"})
        else:
            self._answer(404, b"There is no such picture.")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        books = self.server.fake.books
        with books.lock:
            books.calls += 1
            call = books.calls
            books.open_calls += 1
            books.largest_concurrency = max(books.largest_concurrency, books.open_calls)
            scripted = books.answers.popleft() if books.answers else None
        try:
            if scripted is not None:
                self._answer(*scripted)
            else:
                self._work(call, body)
        finally:
            with books.lock:
                books.open_calls -= 1

    def _work(self, call: int, body: bytes) -> None:
        fake = self.server.fake
        broken = self._break(body)
        time.sleep(fake.conduct.delay)
        if broken == "before":
            self._kill()
            return
        said = _said(self.headers.get("Content-Type", ""), body)
        made = [picture(call * 16 + number) for number in range(_asked(said))]
        answer = json.dumps(self._made(call, said, made)).encode()
        charge = Charge(
            call=call,
            path=self.path,
            key=_key(self.headers),
            credits=_credits(said),
            delivered=tuple(sha256(content).hexdigest() for content in made),
            answered=broken is None,
        )
        with fake.books.lock:
            fake.books.charges.append(charge)
        if broken is None:
            self._answer(200, answer, {"x-request-id": f"req_{call}"})
            return
        if broken == "middle":
            half = answer[: len(answer) // 2]
            self.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(answer)}\r\n\r\n".encode())
            self.wfile.write(half)
        self._kill()

    def _break(self, body: bytes) -> str | None:
        fake = self.server.fake
        asked = sha256(self.path.encode() + body).hexdigest()
        with fake.books.lock:
            fake.books.asked_before[asked] += 1
            time_asked = fake.books.asked_before[asked]
        chance = random.Random(f"{fake.conduct.seed}:{asked}:{time_asked}")
        if chance.random() >= fake.conduct.kill_share:
            return None
        return chance.choice(BREAKS)

    def _made(self, call: int, said: Mapping[str, object], made: list[bytes]) -> object:
        if self.path.endswith("/edits") or "image_url" not in said:
            data = [{"b64_json": base64.b64encode(content).decode()} for content in made]
            usage = {"input_tokens": 50, "output_tokens": 1_000 * len(made)}
            return {"created": int(time.time()), "data": data, "usage": usage}
        addresses = []
        for number, content in enumerate(made):
            path = f"/pictures/{call}-{number}.png"
            self.server.fake.books.pictures[path] = content
            addresses.append(f"http://127.0.0.1:{self.server.fake.port}{path}")
        if "operation" in said:
            return {"output_url": addresses[0]}
        data = [{"url": address} for address in addresses]
        return {"id": f"gen_{call}", "model_actual": f"fake/{said.get('model')}", "data": data}

    def _answer(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        said = {"Content-Type": "application/json", "Content-Length": str(len(body))}
        lines = [f"{name}: {value}" for name, value in {**said, **(headers or {})}.items()]
        head = "\r\n".join([f"HTTP/1.1 {status} Said", *lines, "", ""])
        with suppress(OSError):
            self.wfile.write(head.encode() + body)

    def _kill(self) -> None:
        """A reset, so that nobody takes it for an orderly end."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True


def _key(headers: Message) -> str:
    return headers.get("Idempotency-Key") or headers.get("X-Client-Request-Id") or ""


def _said(content_type: str, body: bytes) -> Mapping[str, object]:
    if content_type.startswith("multipart/"):
        count = body.partition(b'name="n"\r\n\r\n')[2].partition(b"\r\n")[0]
        return {"n": int(count or 1)}
    found = json.loads(body)
    return found if isinstance(found, dict) else {}


def _asked(said: Mapping[str, object]) -> int:
    count = said.get("n", 1)
    return count if isinstance(count, int) else 1


def _credits(said: Mapping[str, object]) -> int:
    operation = said.get("operation")
    if isinstance(operation, str):
        return CREDITS_AN_OPERATION[operation]
    return CREDITS_AN_IMAGE * _asked(said)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds a call takes")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kill-share", type=float, default=0.0, help="0..1")
    given = parser.parse_args()
    fake = FakeProvider(Conduct(given.delay, given.seed, given.kill_share), port=given.port)
    sys.stdout.write(f"{fake.url}\n")
    sys.stdout.flush()
    with suppress(KeyboardInterrupt):
        threading.Event().wait()
    fake.end()


if __name__ == "__main__":
    main()
