"""API tokens: issuing one, finding the one a request shows, revoking it, noting its use.

A token reads `ct_<12 hex digits>_<43 characters>`. The first two parts are its prefix, stored in
the clear to find the row; the last part is 256 random bits. Only the SHA-256 of the whole is
stored: the secret has full entropy, so a slow password hash would add nothing but latency.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from accounts.models import Account, ApiToken, TokenState, User
from accounts.scopes import in_declared_order

_SHAPE: Final = re.compile(r"(ct_[0-9a-f]{12})_[A-Za-z0-9_-]{43}")
_NO_DIGEST: Final = "0" * 64
_USE_NOTED_EVERY: Final = timedelta(minutes=1)


def issue_token(
    *,
    account: Account,
    name: str,
    scopes: Iterable[str],
    created_by: User | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """Store a new token; return it with its secret, which can never be had again.

    Raises django.core.exceptions.ValidationError for an empty name or an unknown scope.
    """
    token = ApiToken(
        account=account,
        name=name,
        scopes=in_declared_order(scopes),
        created_by=created_by,
        expires_at=expires_at,
    )
    raw = seal(token)
    token.full_clean()
    token.save(force_insert=True)
    return token, raw


def seal(token: ApiToken) -> str:
    """Give a token that is not stored yet its prefix and digest; return its secret."""
    token.prefix = f"ct_{secrets.token_hex(6)}"
    raw = f"{token.prefix}_{secrets.token_urlsafe(32)}"
    token.digest = _digest(raw)
    return raw


def find_token(raw: str) -> ApiToken | None:
    """The usable token whose secret is `raw`, with its account; None if unknown, expired, revoked.

    Takes one query, and the same time whether prefix or secret is wrong.
    """
    shape = _SHAPE.fullmatch(raw)
    if shape is None:
        return None
    token = ApiToken.objects.select_related("account").filter(prefix=shape[1]).first()
    digest = token.digest if token is not None else _NO_DIGEST
    if not hmac.compare_digest(_digest(raw), digest) or token is None:
        return None
    return token if token.state(at=timezone.now()) is TokenState.ACTIVE else None


def note_use(token: ApiToken) -> None:
    """Remember that the token was used now; writes at most once a minute for each token."""
    now = timezone.now()
    stale = now - _USE_NOTED_EVERY
    if token.last_used_at is not None and token.last_used_at > stale:
        return
    ApiToken.objects.filter(pk=token.pk).filter(
        Q(last_used_at=None) | Q(last_used_at__lte=stale)
    ).update(last_used_at=now)
    token.last_used_at = now


def revoke_token(token: ApiToken) -> bool:
    """Refuse the token from now on. False if it was revoked before; the first time stands."""
    now = timezone.now()
    revoked = ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now)
    token.refresh_from_db(fields=["revoked_at"])
    return bool(revoked)


def _digest(raw: str) -> str:
    return hashlib.sha256(raw.encode()).hexdigest()
