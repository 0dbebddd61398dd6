"""Reading the body of an answer into a temporary file, never further than its bound."""

import hashlib
import tempfile
import zlib
from collections.abc import Iterator
from http.client import HTTPResponse
from typing import IO

from outbound.errors import NotNow, Refused, TooLarge

_CHUNK = 64 * 1024
_KEPT_IN_MEMORY = 1024 * 1024
# zlib's own mark for "gzip or zlib, see the header".
_ANY_HEADER = zlib.MAX_WBITS | 32


def save_body(response: HTTPResponse, *, max_bytes: int) -> tuple[IO[bytes], int, str]:
    """The bytes as a file at its beginning, their number, and their SHA-256 in hexadecimal.

    Raises TooLarge for more than `max_bytes`, as declared, as sent, or as decompressed.
    """
    declared = response.length
    if declared is not None and declared > max_bytes:
        raise _too_large(max_bytes)
    # Given to the caller, who closes it.
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_KEPT_IN_MEMORY)  # noqa: SIM115
    try:
        size, digest = 0, hashlib.sha256()
        for chunk in _decoded(response, _received(response, declared, max_bytes)):
            size += len(chunk)
            if size > max_bytes:
                raise _too_large(max_bytes)
            digest.update(chunk)
            file.write(chunk)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file, size, digest.hexdigest()


def _received(response: HTTPResponse, declared: int | None, max_bytes: int) -> Iterator[bytes]:
    """Piece by piece as it arrives: waiting for a full chunk would wait for a drip to fill it."""
    received = 0
    while chunk := response.read1(_CHUNK):
        received += len(chunk)
        if received > max_bytes:
            raise _too_large(max_bytes)
        yield chunk
    if declared is not None and received < declared:
        raise _cut_short()


def _decoded(response: HTTPResponse, chunks: Iterator[bytes]) -> Iterator[bytes]:
    encoding = (response.getheader("Content-Encoding") or "identity").strip().lower()
    if encoding == "identity":
        return chunks
    if encoding in ("gzip", "x-gzip", "deflate"):
        return _inflated(chunks)
    raise Refused("unknown_encoding", "The server compresses its answer in a way nobody asked for.")


def _inflated(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """We ask for no compression; servers that compress all the same are read a little at a time,
    so that a few bytes cannot become gigabytes in memory."""
    inflater = zlib.decompressobj(_ANY_HEADER)
    try:
        for chunk in chunks:
            pending, piece = chunk, b"-"
            while piece or pending:
                piece = inflater.decompress(pending, _CHUNK)
                pending = b"" if inflater.eof else inflater.unconsumed_tail
                yield piece
    except zlib.error as error:
        raise NotNow("broken_answer", "The server's compressed answer is damaged.") from error
    if not inflater.eof:
        raise _cut_short()


def _cut_short() -> NotNow:
    return NotNow("cut_short", "The server's answer ended before all of it had come.")


def _too_large(max_bytes: int) -> TooLarge:
    return TooLarge("too_large", f"The file is larger than {max_bytes / 1024**2:,.1f} MB.")
