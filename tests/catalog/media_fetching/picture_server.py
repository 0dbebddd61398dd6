"""A server of pictures that notes what it was asked for, and how many asked at once."""

import io
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image

from tests.outbound.servers import RudeServer, ok, rude_server

NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
TROUBLE = b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"


def png(shade: int = 0, *, size: tuple[int, int] = (60, 40)) -> bytes:
    """A picture that differs from those of other shades."""
    file = io.BytesIO()
    Image.new("RGB", size, (shade % 256, shade // 256, 0)).save(file, "PNG")
    return file.getvalue()


class PictureServer:
    """Gives `answers` by path; to any other path, a picture of its own if it ends in a number."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes] = {}
        self.asked: Counter[str] = Counter()
        self.most_at_once = 0
        #: So many must have asked before they are answered.
        self.answered_together = threading.Barrier(1)
        self._now = 0
        self._lock = threading.Lock()
        self.socket_server: RudeServer

    def url(self, path: str, *, host: str = "127.0.0.1") -> str:
        return self.socket_server.url(path, host=host)

    def answer(self, connection: socket.socket, head: bytes) -> None:
        if not head:
            return  # whoever was to ask was killed before
        path = head.split(b" ")[1].decode()
        with self._lock:
            self.asked[path] += 1
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        self.answered_together.wait(20)
        with self._lock:
            self._now -= 1
        connection.sendall(self._answer_to(path))

    def _answer_to(self, path: str) -> bytes:
        number = path.rpartition("/")[2]
        if path in self.answers:
            return self.answers[path]
        return ok(png(int(number))) if number.isdigit() else NOT_FOUND


@contextmanager
def picture_server() -> Iterator[PictureServer]:
    pictures = PictureServer()
    with rude_server(pictures.answer) as server:
        pictures.socket_server = server
        yield pictures
