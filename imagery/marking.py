"""The digital source type in a picture's file: how it came to be, for shops and search engines.

IPTC Photo Metadata 2023.2 keeps it in XMP (Iptc4xmpExt:DigitalSourceType; its older IIM blocks have
no place for it), with words from http://cv.iptc.org/newscodes/digitalsourcetype/ (2024-09-17).
Files are changed around their pixels, which stay byte for byte what they were.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from enum import StrEnum
from typing import Final
from xml.sax.saxutils import escape

from imagery.errors import ImageryError

_VOCABULARY: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_STATED: Final = re.compile(
    rb"DigitalSourceType\s*(?:=\s*[\"']|>)\s*https?://cv\.iptc\.org/newscodes/digitalsourcetype/(\w+)"
)
_JPEG_XMP: Final = b"http://ns.adobe.com/xap/1.0/\x00"
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_XMP: Final = b"XML:com.adobe.xmp\x00"
_WEBP_XMP_FLAG: Final = 0x04
_WEBP_ALPHA_FLAG: Final = 0x10


class CannotBeMarked(ImageryError):
    """The file is no JPEG, PNG or WebP, or is damaged."""


class DigitalSource(StrEnum):
    """IPTC's words that we use, by what they say of a picture."""

    #: Made by a trained model.
    TRAINED_ALGORITHMIC_MEDIA = "trainedAlgorithmicMedia"
    #: Changed by a trained model.
    COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA = "compositeWithTrainedAlgorithmicMedia"
    #: A photo changed by computation without a model: cut out, enlarged.
    ALGORITHMICALLY_ENHANCED = "algorithmicallyEnhanced"
    #: Elements put together, none of them from a model: a cut-out in a rendered scene. (Since
    #: September 2024 `compositeSynthetic` means a composite with elements of generative AI.)
    COMPOSITE = "composite"
    COMPOSITE_SYNTHETIC = "compositeSynthetic"
    #: Made by computation alone: a placeholder.
    ALGORITHMIC_MEDIA = "algorithmicMedia"


def marked(content: bytes, source: DigitalSource, *, note: str = "") -> bytes:
    """The same picture with this source type; XMP that was there is replaced, the rest is kept.

    `note` is a description for people. Raises CannotBeMarked.
    """
    packet = _packet(source, note)
    try:
        if content.startswith(b"\xff\xd8"):
            return _marked_jpeg(content, packet)
        if content.startswith(_PNG):
            return _marked_png(content, packet)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _marked_webp(content, packet)
    except (IndexError, struct.error) as error:
        raise CannotBeMarked("The picture's file is damaged.") from error
    raise CannotBeMarked("Only JPEG, PNG and WebP can hold a source type here.")


def source_of(content: bytes) -> DigitalSource | None:
    """What the file says of its source: None for nothing, or for words we do not use."""
    try:
        for packet in _packets(content):
            stated = _STATED.search(packet)
            if stated and stated[1].decode() in set(DigitalSource):
                return DigitalSource(stated[1].decode())
    except (IndexError, struct.error, zlib.error):
        return None
    return None


def _packet(source: DigitalSource, note: str) -> bytes:
    description = ""
    if note:
        text = escape(re.sub(r"[^\x20-\ud7ff\ue000-\ufffd]", " ", note))
        description = (
            '<dc:description><rdf:Alt><rdf:li xml:lang="x-default">'
            f"{text[:2000]}</rdf:li></rdf:Alt></dc:description>"
        )
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">'
        f"<Iptc4xmpExt:DigitalSourceType>{_VOCABULARY}{source}</Iptc4xmpExt:DigitalSourceType>"
        f'{description}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def _packets(content: bytes) -> Iterator[bytes]:
    if content.startswith(b"\xff\xd8"):
        for start, end in _jpeg_segments(content):
            body = content[start + 4 : end]
            if body.startswith(_JPEG_XMP):
                yield body[len(_JPEG_XMP) :]
    elif content.startswith(_PNG):
        for kind, body in _png_chunks(content):
            if kind == b"iTXt" and body.startswith(_PNG_XMP) and not body[len(_PNG_XMP)]:
                yield body[len(_PNG_XMP) + 2 :]
    elif content[:4] == b"RIFF":
        yield from (body for kind, body in _webp_chunks(content) if kind == b"XMP ")


def _jpeg_segments(content: bytes) -> Iterator[tuple[int, int]]:
    """Where each segment before the pixels begins and ends."""
    at = 2
    while content[at] == 0xFF and content[at + 1] != 0xDA:
        end: int = at + 2 + struct.unpack_from(">H", content, at + 2)[0]
        if end <= at + 3 or end > len(content):
            raise IndexError(end)
        yield at, end
        at = end


def _marked_jpeg(content: bytes, packet: bytes) -> bytes:
    body = _JPEG_XMP + packet
    segment = b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    kept, at, first = [content[:2]], 2, True
    for start, end in _jpeg_segments(content):
        if first and content[start + 1] != 0xE0:
            kept.append(segment)
            first = False
        if not content.startswith(_JPEG_XMP, start + 4):
            kept.append(content[start:end])
        at = end
    return b"".join([*kept, *([segment] if first else []), content[at:]])


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG)
    while at < len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        if at + 12 + length > len(content):
            raise IndexError(at)
        yield kind, content[at + 8 : at + 8 + length]
        at += 12 + length


def _marked_png(content: bytes, packet: bytes) -> bytes:
    parts = [_PNG]
    for kind, body in _png_chunks(content):
        if not (kind == b"iTXt" and body.startswith(_PNG_XMP)):
            parts.append(_png_chunk(kind, body))
        if kind == b"IHDR":
            # Not compressed, no language, no translated keyword.
            parts.append(_png_chunk(b"iTXt", _PNG_XMP + b"\x00\x00\x00\x00" + packet))
    return b"".join(parts)


def _png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _webp_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    if len(content) < 8 + struct.unpack_from("<I", content, 4)[0]:
        raise IndexError(at)
    while at + 8 <= len(content):
        kind, length = struct.unpack_from("<4sI", content, at)
        if at + 8 + length > len(content):
            raise IndexError(at)
        yield kind, content[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _marked_webp(content: bytes, packet: bytes) -> bytes:
    chunks = [chunk for chunk in _webp_chunks(content) if chunk[0] != b"XMP "]
    if chunks[0][0] != b"VP8X":
        chunks.insert(0, (b"VP8X", _extended_header(*chunks[0])))
    header = chunks[0][1]
    chunks[0] = (b"VP8X", bytes([header[0] | _WEBP_XMP_FLAG]) + header[1:])
    chunks.append((b"XMP ", packet))
    body = b"WEBP" + b"".join(
        kind + struct.pack("<I", len(data)) + data + b"\x00" * (len(data) % 2)
        for kind, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _extended_header(kind: bytes, data: bytes) -> bytes:
    """VP8X for a file that was written without (RFC 9649, 2.7)."""
    flags = 0
    width: int
    height: int
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", data, 1)[0]
        width, height = bits & 0x3FFF, bits >> 14 & 0x3FFF
        flags = _WEBP_ALPHA_FLAG if bits >> 28 & 1 else 0
    else:
        wide, high = struct.unpack_from("<HH", data, 6)
        width, height = (wide & 0x3FFF) - 1, (high & 0x3FFF) - 1
    return bytes([flags, 0, 0, 0]) + width.to_bytes(3, "little") + height.to_bytes(3, "little")
