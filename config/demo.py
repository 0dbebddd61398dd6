"""The demo account that `make run` sets up: someone to sign in as, a token, an example upload."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from django.core.files import File

from accounts.models import Account, User
from accounts.scopes import Scope
from accounts.tokens import find_token, issue_token
from bulk_uploads.models import BulkUpload
from bulk_uploads.services import create_upload
from config import secret_files

SLUG = "demo"
CURRENCY = "INR"
ADMIN = "admin"
# So that there is mail, which the log shows unless a server is named.
ADMIN_MAIL = "admin@localhost"
EXAMPLE_PROCESSOR = "catalog_csv_upload_processor"


@dataclass(frozen=True, slots=True)
class Demo:
    """`password` is None once the admin has chosen another one."""

    account: Account
    user: User
    password: str | None
    token: str


def prepare(*, data_dir: Path) -> Demo:
    """The demo as it stands, made where it is missing; secrets are kept in `data_dir`."""
    account, _ = Account.objects.get_or_create(
        slug=SLUG, defaults={"name": "Demo", "currency": CURRENCY}
    )
    user, password = _admin(data_dir / "admin_password")
    token = _token(data_dir / "api_token", account=account, user=user)
    return Demo(account=account, user=user, password=password, token=token)


def import_example(*, demo: Demo, example: Path) -> BulkUpload | None:
    """Upload the example file for a worker to import; None if the account has uploads already."""
    if BulkUpload.objects.filter(account=demo.account).exists():
        return None
    with example.open("rb") as content:
        return create_upload(
            account=demo.account,
            content=File(content, name=example.name),
            name=example.name,
            content_type="text/csv",
            processor_name=EXAMPLE_PROCESSOR,
            options={},
            created_by=demo.user,
            token=None,
        )


def _admin(kept: Path) -> tuple[User, str | None]:
    password = secret_files.read_or_make(kept, lambda: secrets.token_urlsafe(12))
    user = User.objects.filter(username=ADMIN).first()
    if user is None:
        return User.objects.create_superuser(ADMIN, ADMIN_MAIL, password), password
    return user, password if user.check_password(password) else None


def _token(kept: Path, *, account: Account, user: User) -> str:
    """The kept token while it is good, otherwise a new one: it may have been revoked."""
    raw = kept.read_text().strip() if kept.exists() else ""
    if not raw or find_token(raw) is None:
        _, raw = issue_token(
            account=account, name="make run", scopes=list(Scope.values), created_by=user
        )
        secret_files.replace(kept, raw)
    return raw
