"""Building the renditions of an approved content, and writing down that they are there."""

from hashlib import sha256

from django.core.files.storage import default_storage
from django.db.models import QuerySet

from imagery.models import GeneratedImage, Publication, Rendition
from imagery.renditions import files
from imagery.renditions.cascade import Rendered, render
from imagery.renditions.errors import CannotBeRendered
from imagery.renditions.presets import PRESETS

_IDENTITY = ("account", "sha256", "preset", "version", "format")
_REST = ("storage_path", "byte_size", "width", "height", "etag")


def store_renditions(publication: Publication, image: GeneratedImage) -> list[Rendition]:
    """Render the image in every preset and put the files where they belong; no row is written.

    Raises CannotBeRendered, and what the storage raises.
    """
    rendered = render(_content(image), PRESETS.values())
    known = dict(_rows(publication).values_list("storage_path", "etag"))
    found = []
    for each in rendered:
        row = _row(publication, each)
        if known.get(row.storage_path) != row.etag or not _lies_there(row):
            files.put(row.storage_path, each.content)
        found.append(row)
    return found


def write_rows(publication: Publication, rows: list[Rendition]) -> None:
    """As the only ones of the content; to be called in the transaction that ends the job."""
    paths = [row.storage_path for row in rows]
    _rows(publication).exclude(storage_path__in=paths).delete()
    Rendition.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=_IDENTITY, update_fields=_REST
    )


def remove_rows(publication: Publication) -> None:
    _rows(publication).delete()


def _rows(publication: Publication) -> QuerySet[Rendition]:
    return Rendition.objects.filter(account_id=publication.account_id, sha256=publication.sha256)


def _row(publication: Publication, rendered: Rendered) -> Rendition:
    return Rendition(
        account_id=publication.account_id,
        sha256=publication.sha256,
        preset=rendered.preset.name,
        version=rendered.preset.version,
        format=rendered.format,
        storage_path=files.path_of(publication.account.uuid, publication.sha256, rendered),
        byte_size=len(rendered.content),
        width=rendered.width,
        height=rendered.height,
        etag=rendered.sha256,
    )


def _lies_there(row: Rendition) -> bool:
    path = row.storage_path
    return default_storage.exists(path) and default_storage.size(path) == row.byte_size


def _content(image: GeneratedImage) -> bytes:
    """What was approved, and nothing that may have come to lie in its place."""
    try:
        with default_storage.open(image.storage_path) as file:
            content: bytes = file.read()
    except FileNotFoundError:
        raise CannotBeRendered("no_file", "The picture's file is gone.") from None
    if sha256(content).hexdigest() != image.sha256:
        raise CannotBeRendered("other_bytes", "The picture's file is not the one approved.")
    return content
