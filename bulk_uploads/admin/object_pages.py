"""Where the admin shows what a row became: told by the room that owns the processor."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from bulk_uploads.models import BulkUpload


@dataclass(frozen=True, slots=True)
class ObjectPages:
    """`change` takes the object's id; `changelist` filters by upload with the query `?upload=`."""

    noun: str
    change: str
    changelist: str

    def of_object(self, object_id: int) -> str:
        return reverse(self.change, args=[object_id])

    def of_upload(self, upload: BulkUpload) -> str:
        return f"{reverse(self.changelist)}?{urlencode({'upload': upload.pk})}"


_by_processor: dict[str, ObjectPages] = {}


def register(processor_name: str, pages: ObjectPages) -> None:
    _by_processor[processor_name] = pages


def pages_for(upload: BulkUpload) -> ObjectPages | None:
    """None for a processor whose rows become nothing with a page of its own."""
    return _by_processor.get(upload.processor_name)
