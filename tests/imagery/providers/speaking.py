"""Requests, providers that speak to a server of this machine, and answers in full."""

import json
import socket
from typing import Final

from imagery.providers import ImageRequest, Operation, Reference
from imagery.providers.connections import Connections
from imagery.providers.creativeai import CreativeAi
from imagery.providers.dialect import Dialect, HttpProvider
from imagery.providers.http import HttpClient, Patience
from tests.outbound.servers import Answer

KEY: Final = "sk-very-secret"
PATIENCE: Final = Patience(connect_seconds=2, read_seconds=5, total_seconds=10)
PHOTO: Final = "https://cdn.example.com/mug.png"


def asking(**changes) -> ImageRequest:
    """For two generated images after a photo's address, but for what a test changes."""
    said = {
        "operation": Operation.GENERATE,
        "model": "gpt-image-1",
        "prompt": "A mug.",
        "images": 2,
        "size": "1024x1024",
        "quality": "high",
        "parameters": {},
        "reference": Reference(PHOTO, None, None),
        "idempotency_key": "call-1",
    }
    return ImageRequest(**{**said, **changes})


def speaker(
    base_url: str, dialect: Dialect | None = None, *, patience: Patience = PATIENCE, tls=None
) -> HttpProvider:
    connections = Connections(base_url, tls=tls)
    return HttpProvider(dialect or CreativeAi(), HttpClient(connections, KEY, patience))


def answer_bytes(status: str, body: bytes | dict[str, object] = b"", *headers: str) -> bytes:
    """A whole answer that keeps the connection open."""
    content = json.dumps(body).encode() if isinstance(body, dict) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(content)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + content


def two_images(host: str = "https://cdn.example.com") -> dict[str, object]:
    return {
        "id": "gen_1",
        "model_actual": "openai/gpt-image-1",
        "data": [{"url": f"{host}/a.png"}, {"url": f"{host}/b.png"}],
    }


def read_whole(connection: socket.socket, head: bytes) -> bytes:
    """The request to its end, of which `head` was read already."""
    start, _, body = head.partition(b"\r\n\r\n")
    length = int(start.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
    while len(body) < length and (received := connection.recv(65_536)):
        body += received
    return body


def after_reading(*parts: bytes) -> Answer:
    """Reads the whole request, sends these bytes, and hangs up."""

    def answer(connection: socket.socket, head: bytes) -> None:
        read_whole(connection, head)
        for part in parts:
            connection.sendall(part)

    return answer
