"""A rendition asked for again and again, and the same bytes as a static file, by turns."""

from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.handlers.wsgi import WSGIHandler

from benchmarks.account import bench_account
from benchmarks.outcome import Outcome
from imagery.models import Decision, GeneratedImage, Publication, Rendition
from imagery.renditions.addresses import rendition_path
from imagery.renditions.publishing import publish
from imagery.renditions.tasks import settle_publication
from jobs import clock

_WARM_UP = 20
_PRESET = "large"


def measure(*, picture: str, requests: int) -> Outcome:
    """Seconds that `rendition`, `unchanged` (304) and `static` took for so many requests each,
    through the whole stack."""
    path, etag = _published(Path(picture).read_bytes())
    settings.ROOT_URLCONF = "benchmarks.urls"
    handler = WSGIHandler()
    asked: dict[str, tuple[str, dict[str, str], int]] = {
        "rendition": (path, {}, 200),
        "unchanged": (path, {"HTTP_IF_NONE_MATCH": f'"{etag}"'}, 304),
        "static": ("/bench/static/picture.jpg", {}, 200),
    }
    seconds = dict.fromkeys(asked, 0.0)
    sizes: dict[str, int] = {}
    for number in range(_WARM_UP + requests):
        for name, (address, headers, status) in asked.items():
            began = perf_counter()
            sizes[name] = _answered(handler, address, headers, status)
            if number >= _WARM_UP:
                seconds[name] += perf_counter() - began
    return Outcome(seconds={"total": sum(seconds.values()), **seconds}, facts={"sizes": sizes})


def _answered(handler: WSGIHandler, path: str, headers: dict[str, str], status: int) -> int:
    """The length of the body. Raises RuntimeError for another status."""
    environ: dict[str, Any] = {"PATH_INFO": path, "HTTP_HOST": "localhost", **headers}
    environ["wsgi.input"] = BytesIO()
    setup_testing_defaults(environ)
    said: list[str] = []

    def start(line: str, names: object, error: object = None, /) -> Callable[[bytes], object]:
        said.append(line)
        return bytes

    response = handler(environ, start)
    length = sum(len(chunk) for chunk in response)
    response.close()
    if not said[0].startswith(str(status)):
        raise RuntimeError(f"{path} answered {said[0]}")
    return length


def _published(content: bytes) -> tuple[str, str]:
    """The path and tag of its rendition, which also lies where static files do."""
    account, digest = bench_account(), sha256(content).hexdigest()
    image = GeneratedImage.objects.create(
        account=account,
        sku="SKU-1",
        role="hero",
        sha256=digest,
        delivered_sha256=digest,
        storage_path=default_storage.save(
            f"{account.uuid}/private/generated/{digest}.jpg", ContentFile(content)
        ),
        thumbnail_path="",
        content_type="image/jpeg",
        byte_size=len(content),
        width=2000,
        height=2000,
        decision=Decision.APPROVED,
        decided_at=clock.now(),
        created_at=clock.now(),
    )
    publish(image)
    settle_publication(Publication.objects.get().pk)
    rendition = Rendition.objects.get(preset=_PRESET, format="jpeg")
    static = Path(settings.DATA_DIR) / "bench-static"
    static.mkdir()
    with default_storage.open(rendition.storage_path) as file:
        (static / "picture.jpg").write_bytes(file.read())
    path = rendition_path(account=account.uuid, sku=image.sku, role="hero", preset=_PRESET)
    return path, rendition.etag
