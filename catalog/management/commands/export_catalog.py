"""Export an account's catalog from the shell, into a file that is there whole or not at all."""

import argparse
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Account
from bulk_uploads.errors import BulkUploadError
from catalog.exporting import CatalogExport, ExportFormat, Selection


class Command(BaseCommand):
    help = (
        "Export the catalog of an account: one row a variant, under headers that import again. "
        "A file that is there already is replaced once the new one is whole."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--account", required=True, metavar="SLUG", help="Slug of the account.")
        parser.add_argument(
            "--format",
            required=True,
            choices=[format.value for format in ExportFormat],
            help="Which kind of file.",
        )
        parser.add_argument(
            "--output", required=True, type=Path, metavar="PATH", help="Where it goes."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        selection = Selection.everything(account_id=_account(options["account"]).pk)
        export = CatalogExport(selection, ExportFormat(options["format"]), site=settings.PUBLIC_URL)
        path: Path = options["output"]
        try:
            _write(export, path)
        except OSError as error:
            raise CommandError(f"Cannot write {path}: {error.strerror}.") from None
        except BulkUploadError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stderr.write(f"{export.rows:,} variants in {path}")


def _write(export: CatalogExport, path: Path) -> None:
    """Beside the target first, so that nobody ever finds half an export there."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as target:
            export.write(target)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _account(slug: str) -> Account:
    try:
        return Account.objects.get(slug=slug)
    except Account.DoesNotExist:
        slugs = Account.objects.order_by("slug").values_list("slug", flat=True)[:20]
        known = f"Known: {', '.join(slugs)}." if slugs else "There is no account yet."
        raise CommandError(f'No account has the slug "{slug}". {known}') from None
