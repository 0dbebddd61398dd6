"""Servers on a socket of this machine that answer as badly as a test wants."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

HOST: Final = "127.0.0.1"
#: Key and certificate of pictures.example, signed by itself.
IDENTITY: Final = Path(__file__).with_name("pictures_example.pem")

#: Gets the connection once a request's head has been read, and that head.
Answer = Callable[[socket.socket, bytes], object]


class RudeServer:
    """Calls `answer` for each connection, in a thread of its own; `heads` are the requests."""

    def __init__(self, answer: Answer, *, tls: bool) -> None:
        self.heads: list[bytes] = []
        self.connections = 0
        #: Set when the server is to end; answers that wait for nothing wait for it.
        self.ending = threading.Event()
        self._answer = answer
        self._listening = socket.create_server((HOST, 0))
        self.port: int = self._listening.getsockname()[1]
        self._context = _server_context() if tls else None
        self._scheme = "https" if tls else "http"
        self._threads = [threading.Thread(target=self._listen, daemon=True)]
        self._threads[0].start()

    def url(self, path: str = "/1.png", *, host: str = HOST) -> str:
        return f"{self._scheme}://{host}:{self.port}{path}"

    def allowed(self, *hosts: str) -> frozenset[tuple[str, int]]:
        """What lets a gate through to this server, by these names (default: its address)."""
        return frozenset((host, self.port) for host in hosts or (HOST,))

    def end(self) -> None:
        self.ending.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join(timeout=10)

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            connection.settimeout(10)
            secured = self._secured(connection)
            with secured:
                head = _read_head(secured)
                self.heads.append(head)
                self._answer(secured, head)

    def _secured(self, connection: socket.socket) -> socket.socket:
        if self._context is None:
            return connection
        return self._context.wrap_socket(connection, server_side=True)


@contextmanager
def rude_server(answer: Answer, *, tls: bool = False) -> Iterator[RudeServer]:
    server = RudeServer(answer, tls=tls)
    try:
        yield server
    finally:
        server.end()


def says(*parts: bytes) -> Answer:
    """Sends these bytes, whatever was asked, and hangs up."""

    def answer(connection: socket.socket, _head: bytes) -> None:
        for part in parts:
            connection.sendall(part)

    return answer


def ok(body: bytes, *headers: str) -> bytes:
    """A whole 200 answer."""
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def _read_head(connection: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        received = connection.recv(4096)
        head += received
        if not received or head.startswith(b"\x16"):
            break  # hung up, or speaks TLS where none is spoken
    return head


def _server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(IDENTITY)
    return context
