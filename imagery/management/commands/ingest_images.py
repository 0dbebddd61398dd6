"""Ask for a file's images from the shell, wait for them, and write what came of each row."""

import argparse
import os
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand

from bulk_uploads.management.in_process import (
    FAILURE,
    account_named,
    give_file,
    refusal,
    run_to_end,
)
from bulk_uploads.management.progress_bar import progress_display
from bulk_uploads.models import BulkUpload, Status
from imagery.api.content import content_path
from imagery.batches.manifest import Addresses, manifest_lines
from imagery.batches.options import DEFAULT_RECIPE, IMAGE_BATCH_PROCESSOR
from imagery.batches.seeing_through import Standing, see_through
from imagery.engine.policy import Policy
from imagery.management.image_progress import image_display
from imagery.renditions.addresses import rendition_path
from platform_api.encoding import encode

DONE: Final = 0
SOME_FAILED: Final = 1
INTERRUPTED: Final = 130
#: Seconds. A provider's cool-down is over by then, a month's budget is not.
_PATIENCE: Final = 900


class Command(BaseCommand):
    help = (
        "Give an image batch (sku, title, image_url, brand, style_tags) and wait for its images. "
        "The manifest is JSON Lines, a line a row. The same file again asks only for what is "
        "missing. Exit status: 0, 1 if rows or images failed, 2 if the file could not be taken or "
        "images are still to come."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="PATH", help="The file.")
        parser.add_argument("--account", required=True, metavar="SLUG", help="Slug of the account.")
        parser.add_argument(
            "--output", required=True, type=Path, metavar="PATH", help="Where the manifest goes."
        )
        parser.add_argument(
            "--recipe", default=DEFAULT_RECIPE, metavar="NAME", help="How they are made."
        )
        parser.add_argument("--variants", type=int, metavar="N", help="Images a SKU.")
        parser.add_argument(
            "--patience",
            type=int,
            default=_PATIENCE,
            metavar="SECONDS",
            help=f"Give up once nothing is due for so long (default: {_PATIENCE}).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        output: Path = options["output"]
        if not output.parent.is_dir():
            raise refusal(f"Cannot write {output}: there is no directory {output.parent}.")
        wanted = {"recipe": options["recipe"], "variants": options["variants"]}
        upload = give_file(
            path=options["path"],
            processor_name=IMAGE_BATCH_PROCESSOR,
            account=account_named(options["account"]),
            options={name: value for name, value in wanted.items() if value is not None},
        )
        try:
            with progress_display(sys.stderr) as display:
                run_to_end(upload, display)
            standing = _see_through(upload, patience=timedelta(seconds=options["patience"]))
        except KeyboardInterrupt:
            self.stderr.write(
                f"Interrupted. Upload {upload.uuid} is kept, and what was asked for goes on with a "
                "worker; the same command again waits for it, and pays for nothing twice."
            )
            sys.exit(INTERRUPTED)
        counts = _write(upload, output)
        self.stdout.write(f"{_in_words(counts)}: {output}")
        if status := self._exit_status(upload, standing, counts):
            sys.exit(status)

    def _exit_status(self, upload: BulkUpload, standing: Standing, counts: Counter[str]) -> int:
        if upload.status != Status.SUCCESS:
            self.stderr.write((upload.output or {}).get("message", "The upload failed."))
            return FAILURE
        if not standing.is_over:
            self.stderr.write(f"{standing.total - standing.ended:,} SKUs still wait for images.")
            self.stderr.write(standing.waits_for)
            return FAILURE
        return SOME_FAILED if counts["failed"] else DONE


def _see_through(upload: BulkUpload, *, patience: timedelta) -> Standing:
    with image_display(sys.stderr) as display:
        return see_through(
            upload,
            policy=Policy.from_settings(),
            patience=patience,
            on_progress=display.show,
        )


def _write(upload: BulkUpload, output: Path) -> Counter[str]:
    """Beside the target first, so that nobody ever finds half a manifest there; lines by status."""
    counts: Counter[str] = Counter()
    part = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as target:
            for line in manifest_lines(upload, addresses=_addresses(upload)):
                target.write(encode(line) + b"\n")
                counts[line["status"]] += 1
        part.replace(output)
    except OSError as error:
        raise refusal(f"Cannot write {output}: {error.strerror}.") from None
    finally:
        part.unlink(missing_ok=True)
    return counts


def _addresses(upload: BulkUpload) -> Addresses:
    """Where people reach the application: no request tells it here."""
    origin: str = settings.PUBLIC_URL

    def content(image: UUID) -> str:
        return f"{origin}{content_path(image)}"

    def rendition(sku: str, role: str) -> str:
        return f"{origin}{rendition_path(account=upload.account.uuid, sku=sku, role=role)}"

    return Addresses(content=content, rendition=rendition)


def _in_words(counts: Counter[str]) -> str:
    said = [f"{counts[status]:,} {status}" for status in ("completed", "failed")]
    said += [f"{counts[status]:,} {status}" for status in ("pending", "unknown") if counts[status]]
    return ", ".join(said)
