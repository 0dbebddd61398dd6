"""List, or remove, pictures in the storage that no row knows of."""

import argparse
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand

from accounts.models import Account
from imagery.rehosting.lost_files import lost_files
from jobs import clock


class Command(BaseCommand):
    help = (
        "List generated pictures and source photos, older than a day, that no row knows of: what a "
        "worker stored that was killed before it could say so. After a database was restored from "
        "a backup these are also the pictures made since."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--remove", action="store_true", help="Remove them, too.")

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for account in Account.objects.order_by("pk").iterator():
            for path in lost_files(account, at=clock.now()):
                count += 1
                self.stdout.write(path)
                if options["remove"]:
                    default_storage.delete(path)
        if options["remove"]:
            self.stderr.write(f"Lost files removed: {count:,}.")
        else:
            self.stderr.write(f"Lost files: {count:,}. With --remove they are removed.")
