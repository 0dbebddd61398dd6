"""An upload given and run from the shell, in the calling process."""

import mimetypes
import time
from pathlib import Path
from typing import Any, Final

from django.core.files import File
from django.core.management.base import CommandError
from django.db import close_old_connections

from accounts.models import Account
from bulk_uploads.errors import BulkUploadError, UnknownProcessor
from bulk_uploads.management.progress_bar import ProgressDisplay
from bulk_uploads.models import BulkUpload, Status
from bulk_uploads.processors import registered_processors
from bulk_uploads.progress import describe
from bulk_uploads.services import create_upload
from bulk_uploads.tasks import look_again, run_slice

#: Exit status of what could not be made, or failed as a whole.
FAILURE: Final = 2
_LOOK_EVERY_SECONDS: Final = 0.2
_UNKNOWN_TYPE: Final = "application/octet-stream"


def account_named(slug: str) -> Account:
    """Raises CommandError with the slugs there are."""
    try:
        return Account.objects.get(slug=slug)
    except Account.DoesNotExist:
        known = ", ".join(Account.objects.order_by("slug").values_list("slug", flat=True)[:20])
        hint = f"Known: {known}." if known else "There is no account yet."
        raise refusal(f'No account has the slug "{slug}". {hint}') from None


def give_file(
    *, path: Path, processor_name: str, account: Account, options: dict[str, Any]
) -> BulkUpload:
    """Raises CommandError, with nothing stored."""
    try:
        content = path.open("rb")
    except OSError as error:
        raise refusal(f"Cannot read {path}: {error.strerror}.") from None
    try:
        with content:
            return create_upload(
                account=account,
                content=File(content, name=path.name),
                name=path.name,
                content_type=mimetypes.guess_type(path.name)[0] or _UNKNOWN_TYPE,
                processor_name=processor_name,
                options=options,
            )
    except UnknownProcessor as refused:
        names = ", ".join(processor.name for processor in registered_processors())
        raise refusal(f"{refused}: {processor_name}. Known: {names}.") from None
    except BulkUploadError as refused:
        raise refusal(str(refused)) from None


def run_to_end(upload: BulkUpload, display: ProgressDisplay) -> None:
    """Until the upload has ended. A worker may take slices of it too: the claim decides."""
    waited_for = None
    while not upload.has_ended:
        if not run_slice(upload.pk, on_progress=display.show):
            upload.refresh_from_db()
            waiting_for = describe(upload).waiting_for
            if waiting_for is not None and waiting_for != waited_for:
                display.say(_waits_for(waiting_for))
            waited_for = waiting_for
            _pause(upload)
        upload.refresh_from_db()
        display.show(upload)


def refusal(message: str) -> CommandError:
    return CommandError(message, returncode=FAILURE)


def _pause(upload: BulkUpload) -> None:
    """Until the upload can be worked on by somebody: its turn, its next attempt, or its end."""
    if upload.has_ended:
        return
    time.sleep(_LOOK_EVERY_SECONDS)
    close_old_connections()
    if upload.status == Status.DRAFT and describe(upload).waiting_for is None:
        look_again(upload)


def _waits_for(other: BulkUpload) -> str:
    return (
        f"Waiting for upload {other.uuid} ({other.file.name}): an account has one upload in "
        "progress at a time."
    )
