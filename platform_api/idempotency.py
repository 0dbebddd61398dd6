"""Idempotency keys: a POST repeated under the same key is answered, not executed, again.

The key is claimed by a row before the handler runs, so of two simultaneous requests one runs and
the other is told so. Only a success is kept: after a refusal the key is free again.
"""

import functools
import hashlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Concatenate, Final, ParamSpec

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from platform_api.errors import Conflict, Unprocessable
from platform_api.fingerprint import request_fingerprint
from platform_api.models import IdempotencyKey

P = ParamSpec("P")
Handler = Callable[Concatenate[HttpRequest, P], HttpResponse]

HEADER: Final = "Idempotency-Key"
REPLAYED_HEADER: Final = "Idempotency-Replayed"
LONGEST_KEY: Final = 255
KEPT_FOR: Final = timedelta(hours=24)
# A request still running after this has lost its process: the key may be claimed anew.
ABANDONED_AFTER: Final = timedelta(minutes=10)
FORGOTTEN_AT_ONCE: Final = 1_000
STILL_RUNNING: Final = "The first request under this key is still running; try again shortly"


def idempotent(handler: Handler[P]) -> Handler[P]:
    """Let a POST handler behind BearerAuth honour the Idempotency-Key header.

    An answer with `Cache-Control: no-store` holds a secret and is never kept; its key then ends
    in a 409. A handler that calls `keep_answer` inside its own transaction is exact even if the
    process dies or is overtaken; otherwise the answer is kept right after the handler returns.
    """

    @functools.wraps(handler)
    def answered_once(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        key = request.headers.get(HEADER)
        if key is None:
            return handler(request, *args, **kwargs)
        claim = _claim(request, _checked(key))
        if isinstance(claim, HttpResponse):
            return claim
        setattr(request, _CLAIM, claim)
        try:
            response = handler(request, *args, **kwargs)
            # What is done by now is answered as done, also to who took too long to keep the key.
            claim.keep(response)
        finally:
            claim.free_unless_kept()
        return response

    # django-ninja reads the parameters' annotations, in the handler's own module.
    answered_once.__signature__ = inspect.signature(handler, eval_str=True)  # type: ignore[attr-defined]
    return answered_once


def keep_answer(request: HttpRequest, response: HttpResponse) -> None:
    """Keep a success for replays; nothing happens without a key, or for the second time.

    Raises Conflict where a later request has taken the key over meanwhile: the transaction in which
    this is called then undoes what the later one does again.
    """
    claim: _Claim | None = getattr(request, _CLAIM, None)
    if claim is not None and not claim.keep(response):
        raise Conflict(HEADER, STILL_RUNNING)


def forget_expired() -> int:
    """Delete keys nobody may replay any more, a bounded number; return how many."""
    expired = IdempotencyKey.objects.filter(claimed_at__lt=timezone.now() - KEPT_FOR)
    some = list(expired.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])
    return IdempotencyKey.objects.filter(pk__in=some).delete()[0]


_CLAIM: Final = "_idempotency_claim"


@dataclass(slots=True)
class _Claim:
    """This request's hold on its key."""

    row: IdempotencyKey
    kept: bool = False

    def keep(self, response: HttpResponse) -> bool:
        """False if the key is another request's by now. A refusal is not kept."""
        if self.kept or response.status_code >= 300:
            return True
        secret = "no-store" in response.headers.get("Cache-Control", "")
        updated = self._rows().update(
            status=response.status_code,
            content_type=response.headers["Content-Type"],
            body=None if secret else response.content,
        )
        self.kept = bool(updated)
        return self.kept

    def free_unless_kept(self) -> None:
        # Asked of the row, not of `kept`: a transaction around the keeping may have rolled back.
        self._rows().filter(status=None).delete()

    def _rows(self) -> Any:
        # By the time of the claim too: after a takeover the key is somebody else's.
        return IdempotencyKey.objects.filter(pk=self.row.pk, claimed_at=self.row.claimed_at)


def _checked(key: str) -> str:
    if not 1 <= len(key) <= LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise Unprocessable(HEADER, f"Must be 1 to {LONGEST_KEY} printable ASCII characters")
    return key


def _claim(request: HttpRequest, key: str) -> _Claim | HttpResponse:
    """A claim on the key, or the answer it was given before. Raises Conflict."""
    digest = hashlib.sha256(f"{request.method}\n{request.path}\n{key}".encode()).hexdigest()
    wanted = IdempotencyKey(
        token_id=request.auth.pk,  # type: ignore[attr-defined]
        digest=digest,
        fingerprint=request_fingerprint(request),
        claimed_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            wanted.save(force_insert=True)
    except IntegrityError:
        earlier = IdempotencyKey.objects.filter(token=wanted.token_id, digest=digest).first()
        return _instead_of(earlier, wanted)
    return _Claim(wanted)


def _instead_of(earlier: IdempotencyKey | None, wanted: IdempotencyKey) -> _Claim | HttpResponse:
    if earlier is None:
        raise Conflict(HEADER, STILL_RUNNING)  # refused just now, so its key is free again
    age = wanted.claimed_at - earlier.claimed_at
    if age > KEPT_FOR:
        return _take_over(earlier, wanted)
    if earlier.fingerprint != wanted.fingerprint:
        raise Conflict(HEADER, "This key was used for a request with other fields or files")
    if earlier.status is None:
        if age > ABANDONED_AFTER:
            return _take_over(earlier, wanted)
        raise Conflict(HEADER, STILL_RUNNING)
    if earlier.body is None:
        raise Conflict(HEADER, "This request was done; its answer held a secret and was not kept")
    return HttpResponse(
        bytes(earlier.body),
        status=earlier.status,
        content_type=earlier.content_type,
        headers={REPLAYED_HEADER: "true"},
    )


def _take_over(earlier: IdempotencyKey, wanted: IdempotencyKey) -> _Claim:
    wanted.pk = earlier.pk
    # Not if it was answered since: what ran long has ended after all.
    as_seen = IdempotencyKey.objects.filter(
        pk=earlier.pk, claimed_at=earlier.claimed_at, status=earlier.status
    )
    taken = as_seen.update(
        fingerprint=wanted.fingerprint, claimed_at=wanted.claimed_at, status=None, body=None
    )
    if not taken:
        raise Conflict(HEADER, STILL_RUNNING)
    return _Claim(wanted)
