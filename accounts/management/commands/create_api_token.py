"""Issue an API token from the shell: the token alone on standard output, shown this once."""

import argparse
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Account
from accounts.scopes import Scope
from accounts.tokens import issue_token


class Command(BaseCommand):
    help = "Print a new API token of an account. It is stored hashed and cannot be shown again."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--account", required=True, metavar="SLUG", help="Slug of the account.")
        parser.add_argument(
            "--scopes",
            nargs="+",
            default=list(Scope.values),
            metavar="SCOPE",
            help=f"Separated by spaces or commas, of: {', '.join(Scope.values)}. Default: all.",
        )
        parser.add_argument("--name", default="Command line", help="Who or what will use it.")

    def handle(self, *args: Any, **options: Any) -> None:
        scopes = [scope for text in options["scopes"] for scope in text.replace(",", " ").split()]
        try:
            _, raw = issue_token(
                account=_account(options["account"]), name=options["name"], scopes=scopes
            )
        except ValidationError as error:
            said = (f"{name}: {' '.join(texts)}" for name, texts in error.message_dict.items())
            raise CommandError(" ".join(said)) from error
        self.stdout.write(raw)


def _account(slug: str) -> Account:
    try:
        return Account.objects.get(slug=slug)
    except Account.DoesNotExist:
        slugs = Account.objects.order_by("slug").values_list("slug", flat=True)[:20]
        known = f"Known: {', '.join(slugs)}." if slugs else "There is no account yet."
        raise CommandError(f'No account has the slug "{slug}". {known}') from None
