"""Import a file from the shell: the engine of the workers, in the calling process."""

import argparse
import sys
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand

from bulk_uploads.api.documents import UPLOAD_COLUMNS, upload_document
from bulk_uploads.downloads import download_path
from bulk_uploads.management.in_process import (
    FAILURE,
    account_named,
    give_file,
    refusal,
    run_to_end,
)
from bulk_uploads.management.progress_bar import progress_display
from bulk_uploads.models import BulkUpload, Status
from platform_api.encoding import encode

DONE, ROWS_FAILED = 0, 1
INTERRUPTED = 130


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
        upload = give_file(
            path=options["path"],
            processor_name=options["processor"],
            account=account_named(options["account"]),
            options=_options(options),
        )
        try:
            with progress_display(sys.stderr) as display:
                run_to_end(upload, display)
        except KeyboardInterrupt:
            upload.refresh_from_db()
            self.stderr.write(_how_to_go_on(upload))
            sys.exit(INTERRUPTED)
        self.stdout.write(_document(upload))
        if status := _exit_status(upload):
            sys.exit(status)


def _exit_status(upload: BulkUpload) -> int:
    if upload.status != Status.SUCCESS:
        return FAILURE
    return ROWS_FAILED if upload.failed_rows else DONE


def _document(upload: BulkUpload) -> str:
    """The upload as the API shows it; its file's address has no host, which no request tells."""
    row = BulkUpload.objects.filter(pk=upload.pk).values(*UPLOAD_COLUMNS).get()
    return encode(upload_document(row, file_url=download_path(key=row["file__key"]))).decode()


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
        raise refusal(f"--options and --{flag} say different things of {name}.")
    return {name: value}


def _json_object(text: str | None, *, of: str) -> dict[str, Any]:
    if text is None:
        return {}
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise refusal(f"{of} is not JSON: {error}.") from None
    if not isinstance(value, dict):
        raise refusal(f'{of} must be a JSON object such as {{"a": "b"}}.')
    if "\\u0000" in text:
        raise refusal(f"{of} must not contain the character NUL.")
    return value
