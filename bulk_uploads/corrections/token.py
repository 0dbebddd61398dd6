"""The token in a correction file's header: which upload its rows come from, in a way nobody forges.

It stands in the header of the column that holds each row's number in the first file, because what
a spreadsheet saves, in whatever format and with whatever delimiter, keeps the header's text.
"""

import re
import uuid
from collections.abc import Sequence
from typing import NamedTuple

from django.core.signing import BadSignature, Signer

from accounts.models import Account
from bulk_uploads.models import BulkUpload

_TOKEN = re.compile(r"\[correction ([0-9a-f]{32}\.[0-9A-Za-z_-]{43})\]")


class FoundToken(NamedTuple):
    """`place` is the column in whose header it stands, from 0."""

    place: int
    text: str


def token_header(upload: BulkUpload) -> str:
    """The header of the column with the rows' numbers. Needs `upload.account`."""
    return f"Original row [correction {_signer(upload.account).sign(upload.uuid.hex)}]"


def find_token(header: Sequence[str]) -> FoundToken | None:
    """The last that looks like one, whoever may have made it."""
    for place in range(len(header) - 1, -1, -1):
        if found := _TOKEN.search(header[place]):
            return FoundToken(place, found[1])
    return None


def upload_named(token: FoundToken, *, account: Account) -> BulkUpload | None:
    """The upload that the token names; None if it was not made here for this account."""
    try:
        named = uuid.UUID(hex=_signer(account).unsign(token.text))
    except BadSignature:
        return None
    uploads = BulkUpload.objects.for_account(account.pk)
    return uploads.filter(uuid=named).select_related("account").first()


def _signer(account: Account) -> Signer:
    """One for each account: a token says nothing in another."""
    return Signer(sep=".", salt=f"bulk_uploads.correction:{account.uuid}")
