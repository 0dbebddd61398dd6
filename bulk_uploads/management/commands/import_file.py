"""Import a file from the shell: the engine of the workers, in the calling process."""

import argparse
import mimetypes
import sys
import time
from pathlib import Path
from typing import Any

import orjson
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from accounts.models import Account
from bulk_uploads.api.documents import UPLOAD_COLUMNS, upload_document
from bulk_uploads.downloads import download_path
from bulk_uploads.errors import BulkUploadError, UnknownProcessor
from bulk_uploads.management.progress_bar import ProgressDisplay, progress_display
from bulk_uploads.models import BulkUpload, Status
from bulk_uploads.processors import registered_processors
from bulk_uploads.progress import describe
from bulk_uploads.services import create_upload
from bulk_uploads.tasks import look_again, run_slice
from platform_api.encoding import encode

DONE, ROWS_FAILED, FAILURE = 0, 1, 2
INTERRUPTED = 130
_LOOK_EVERY_SECONDS = 0.2
_UNKNOWN_TYPE = "application/octet-stream"


class Command(BaseCommand):
    help = (
        "Import a file and wait for its end. The upload is the last line of standard output, as "
        "JSON. Exit status: 0, 1 if rows failed, 2 if the upload failed or could not be made."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="PATH", help="The file.")
        parser.add_argument("--processor", required=True, metavar="NAME", help="What takes it.")
        parser.add_argument("--account", required=True, metavar="SLUG", help="Slug of the account.")
        parser.add_argument("--dry-run", action="store_true", help="Check every row, write none.")
        parser.add_argument(
            "--mapping",
            metavar="JSON or NAME",
            help='Columns to fields, as {"Item code": "sku"}, or the name of a saved mapping.',
        )
        parser.add_argument(
            "--options", metavar="JSON", help='Further options, as {"on_error": "abort"}.'
        )

    def handle(self, *args: Any, **options: Any) -> None:
        upload = _create(
            path=options["path"],
            processor_name=options["processor"],
            account=_account(options["account"]),
            options=_options(options),
        )
        try:
            with progress_display(sys.stderr) as display:
                _run(upload, display)
        except KeyboardInterrupt:
            upload.refresh_from_db()
            self.stderr.write(_how_to_go_on(upload))
            sys.exit(INTERRUPTED)
        self.stdout.write(_document(upload))
        if status := _exit_status(upload):
            sys.exit(status)


def _create(
    *, path: Path, processor_name: str, account: Account, options: dict[str, Any]
) -> BulkUpload:
    try:
        content = path.open("rb")
    except OSError as error:
        raise _refusal(f"Cannot read {path}: {error.strerror}.") from None
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
        raise _refusal(f"{refused}: {processor_name}. Known: {names}.") from None
    except BulkUploadError as refused:
        raise _refusal(str(refused)) from None


def _run(upload: BulkUpload, display: ProgressDisplay) -> None:
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


def _pause(upload: BulkUpload) -> None:
    """Until the upload can be worked on by somebody: its turn, its next attempt, or its end."""
    if upload.has_ended:
        return
    time.sleep(_LOOK_EVERY_SECONDS)
    close_old_connections()
    if upload.status == Status.DRAFT and describe(upload).waiting_for is None:
        look_again(upload)


def _exit_status(upload: BulkUpload) -> int:
    if upload.status != Status.SUCCESS:
        return FAILURE
    return ROWS_FAILED if upload.failed_rows else DONE


def _document(upload: BulkUpload) -> str:
    """The upload as the API shows it; its file's address has no host, which no request tells."""
    row = BulkUpload.objects.filter(pk=upload.pk).values(*UPLOAD_COLUMNS).get()
    return encode(upload_document(row, file_url=download_path(key=row["file__key"]))).decode()


def _waits_for(other: BulkUpload) -> str:
    return (
        f"Waiting for upload {other.uuid} ({other.file.name}): an account has one upload in "
        "progress at a time."
    )


def _how_to_go_on(upload: BulkUpload) -> str:
    if upload.has_ended:
        return f"Interrupted, but upload {upload.uuid} has ended: {upload.status}."
    how_far = f"after {upload.done_rows:,} of {upload.total_rows:,} rows"
    if upload.status == Status.DRAFT:
        how_far = "before its turn"
    return (
        f"Interrupted {how_far}. Upload {upload.uuid} is kept: a worker goes on with it from "
        "there (manage.py qcluster, with manage.py dispatcher beside it). To stop it for good, "
        "cancel it in the admin."
    )


def _account(slug: str) -> Account:
    try:
        return Account.objects.get(slug=slug)
    except Account.DoesNotExist:
        known = ", ".join(Account.objects.order_by("slug").values_list("slug", flat=True)[:20])
        hint = f"Known: {known}." if known else "There is no account yet."
        raise _refusal(f'No account has the slug "{slug}". {hint}') from None


def _options(given: dict[str, Any]) -> dict[str, Any]:
    """The upload's options, put together from those of the command line."""
    options = _json_object(given["options"], of="--options")
    if given["mapping"] is not None:
        options |= _once(options, "mapping", _mapping(given["mapping"]))
    if given["dry_run"]:
        options |= _once(options, "dry_run", True)
    return options


def _mapping(text: str) -> dict[str, Any] | str:
    """A name is any text that does not begin as an object does."""
    return _json_object(text, of="--mapping") if text.lstrip().startswith("{") else text


def _once(options: dict[str, Any], name: str, value: object) -> dict[str, Any]:
    if options.get(name, value) != value:
        flag = name.replace("_", "-")
        raise _refusal(f"--options and --{flag} say different things of {name}.")
    return {name: value}


def _json_object(text: str | None, *, of: str) -> dict[str, Any]:
    if text is None:
        return {}
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _refusal(f"{of} is not JSON: {error}.") from None
    if not isinstance(value, dict):
        raise _refusal(f'{of} must be a JSON object such as {{"a": "b"}}.')
    if "\\u0000" in text:
        raise _refusal(f"{of} must not contain the character NUL.")
    return value


def _refusal(message: str) -> CommandError:
    return CommandError(message, returncode=FAILURE)
