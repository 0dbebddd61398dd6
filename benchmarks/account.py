"""The one account that every measurement fills."""

from accounts.models import Account


def bench_account() -> Account:
    account, _ = Account.objects.get_or_create(slug="bench", defaults={"name": "Bench"})
    return account
