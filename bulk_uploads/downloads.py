"""The bytes of an uploaded file, for a token of its account or a person who may see it there."""

from dataclasses import dataclass
from typing import IO, Final

from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.urls import reverse
from ninja import Router

from accounts.access import accounts_for
from accounts.models import Account, User
from bulk_uploads.access import UploadReaderAuth
from bulk_uploads.models import UploadedFile
from platform_api.errors import NotFound
from platform_api.parameters import Text
from platform_api.schemas import USUAL_FAILURES, Failure

BYTES: Final = {"*/*": {"schema": {"type": "string", "format": "binary"}}}
PERMISSION: Final = "bulk_uploads.view_uploadedfile"


@dataclass(frozen=True, slots=True)
class Reach:
    """The accounts whose files the asker may have."""

    accounts: QuerySet[Account]


class DownloadAuth(UploadReaderAuth):
    """A token, or without one the session of somebody signed in to the admin."""

    def __call__(self, request: HttpRequest) -> Reach:  # type: ignore[override]
        user = request.user
        if "Authorization" not in request.headers and isinstance(user, User) and user.is_staff:
            return Reach(accounts_for(user, PERMISSION))
        token = super().__call__(request)
        return Reach(Account.objects.filter(pk=token.account_id))


router = Router(auth=DownloadAuth())


def download_url(request: HttpRequest, *, key: str) -> str:
    """The absolute address of the file with this key."""
    return request.build_absolute_uri(download_path(key=key))


def download_path(*, key: str) -> str:
    """The same without scheme and host, for where no request tells them."""
    return reverse("platform_api:uploaded_file", args=[key])


@router.get(
    "/files/{key}",
    response=dict.fromkeys(USUAL_FAILURES, Failure),
    url_name="uploaded_file",
    operation_id="download_file",
    openapi_extra={"responses": {200: {"description": "OK", "content": BYTES}}},
)
def download_file(request: HttpRequest, key: Text) -> FileResponse:
    """The file as it was given, as an attachment."""
    reach: Reach = request.auth  # type: ignore[attr-defined]
    file = UploadedFile.objects.filter(key=key, account__in=reach.accounts).first()
    if file is None:
        raise NotFound("key", "There is no file with this key")
    try:
        content = default_storage.open(file.storage_path)
    except FileNotFoundError:
        raise NotFound("key", "The file is no longer in the storage") from None
    return attachment(content, name=file.name, content_type=file.content_type)


def attachment(content: IO[bytes], *, name: str, content_type: str) -> FileResponse:
    """A stranger's bytes: never to be shown, guessed at, run, or left in a shared cache."""
    response = FileResponse(content, as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
