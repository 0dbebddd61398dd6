"""Uploads over a real socket: what a client may send, and what is answered without reading it."""

import json
import socket
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.storage import default_storage

from bulk_uploads.models import BulkUpload, UploadedFile
from tests.api_client import BASE, Program, failure, program

pytestmark = pytest.mark.django_db(transaction=True)

FORM = "multipart/form-data; boundary=edge"


def post(server, caller: Program, *headers: str, body: bytes = b"") -> tuple[int, Any]:
    """POST /bulk_uploads with just these headers and bytes: the status and JSON answered."""
    address = urlsplit(server.url)
    lines = [
        f"POST {BASE}/bulk_uploads HTTP/1.1",
        f"Host: {address.netloc}",
        f"Authorization: Bearer {caller.token.raw}",  # type: ignore[attr-defined]
        f"Content-Type: {FORM}",
        "Connection: close",
        *headers,
    ]
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        with HTTPResponse(connection, method="POST") as answer:
            answer.begin()
            return answer.status, json.load(answer)


def multipart(**fields: str) -> bytes:
    parts = [
        f'--edge\r\nContent-Disposition: form-data; name="{name}"'
        f"{'; filename=fans.csv' if name == 'file' else ''}\r\n\r\n{value}\r\n"
        for name, value in fields.items()
    ]
    return "".join([*parts, "--edge--\r\n"]).encode()


def test_announced_size_over_the_limit_is_refused_though_no_byte_of_the_body_comes(live_server):
    announced = f"Content-Length: {1024**3 + 1024**2 + 1}"
    status, answer = post(live_server, program(), announced)

    assert status == 413
    assert answer == failure(
        "file",
        "The file is larger than the 1,073,741,824 bytes that are allowed. Split it into parts.",
    )
    assert not BulkUpload.objects.exists()


def test_body_in_chunks_is_refused_with_what_to_do(live_server):
    status, answer = post(live_server, program(), "Transfer-Encoding: chunked", body=b"0\r\n\r\n")

    assert status == 411
    assert answer == failure(
        "content_length",
        "Send the body in one piece, with its Content-Length, not in chunks",
    )


def test_file_beyond_what_memory_holds_arrives_whole(live_server, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1024
    rows = "SKU,Price\r\n" + "FAN-1,5830\r\n" * 100_000
    body = multipart(processor_name="file_content_echo_processor", file=rows)
    status, answer = post(live_server, program(), f"Content-Length: {len(body)}", body=body)

    assert status == 201
    assert answer["data"]["file"]["byte_size"] == len(rows)
    assert answer["data"]["file"]["url"].startswith(f"{live_server.url}{BASE}/files/")
    with default_storage.open(UploadedFile.objects.get().storage_path) as stored:
        assert stored.read() == rows.encode()
