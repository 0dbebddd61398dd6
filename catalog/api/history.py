"""`/variants/{sku}/history`: where each value of a variant comes from, and all that happened."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from accounts.scopes import Scope
from bulk_uploads.models import BulkUpload
from catalog.api.schemas import HistoryOut
from catalog.api.variants import variant_answer
from catalog.models import Action, Change, Variant
from catalog.reading.actors import ActorNames, Deed
from catalog.reading.field_headers import FieldHeaders
from catalog.reading.provenance import Origin, changes_of, creation_of, provenance_of
from platform_api.auth import BearerAuth, token_of
from platform_api.envelope import success
from platform_api.errors import NotFound
from platform_api.pagination import Page
from platform_api.parameters import Text
from platform_api.schemas import Success, documented

router = Router(auth=BearerAuth(Scope.READ))

Document = dict[str, Any]


@router.get("/history", response=documented(Success[HistoryOut]), operation_id="get_history_by_sku")
def get_history_by_sku(request: HttpRequest, sku: Query[Text], page: Query[Page]) -> HttpResponse:
    """The history of one variant, for SKUs that a path cannot carry."""
    variant = _variant(request, sku)
    if variant is None:
        raise NotFound("sku", "There is no variant with this SKU")
    return _answer(variant, page)


@router.get(
    "/variants/{path:sku}/history",
    response=documented(Success[HistoryOut]),
    operation_id="get_variant_history",
)
def get_variant_history(request: HttpRequest, sku: Text, page: Query[Page]) -> HttpResponse:
    """Which upload and row, person, token or undo set each field, and the changes, newest first.

    `page`, `per_page` and `meta` are of the changes; what a file created begins with that.
    Percent-encode the SKU, a slash in it too; or ask `/history?sku=`.
    """
    variant = _variant(request, sku)
    if variant is None:
        # A variant whose SKU ends in /history has the address of another one's history.
        return variant_answer(request, f"{sku}/history")
    return _answer(variant, page)


def _variant(request: HttpRequest, sku: str) -> Variant | None:
    return Variant.objects.for_account(token_of(request).account_id).filter(sku=sku).first()


def _answer(variant: Variant, page: Page) -> HttpResponse:
    origins = provenance_of(variant)
    changes, total = _changes(variant, page)
    deeds: list[Deed] = [*(found.origin for found in origins), *changes]
    words = _Words.load(deeds)
    headers = FieldHeaders.load(account_id=variant.account_id)
    document = {
        "sku": variant.sku,
        "fields": [
            {"field": headers.of(found.field), **words.of(found.origin)} for found in origins
        ],
        "changes": [_change_document(change, words, headers) for change in changes],
    }
    meta = {"page": page.page, "per_page": page.per_page, "total": total}
    return success(document, meta=meta)


def _changes(variant: Variant, page: Page) -> tuple[list[Change | Origin], int]:
    """Newest first; what a file created begins with the creation that the ledger tells of."""
    changes = changes_of(variant).order_by("-id")
    logged = changes.count()
    start = (page.page - 1) * page.per_page
    shown: list[Change | Origin] = list(changes[start : start + page.per_page])
    if variant.created_by_upload_id is None:
        return shown, logged
    begun = creation_of(variant)
    if begun is not None and start <= logged < start + page.per_page:
        shown.append(begun)
    return shown, logged + 1


def _change_document(change: Change | Origin, words: "_Words", headers: FieldHeaders) -> Document:
    if isinstance(change, Origin):
        return {"action": Action.CREATED.label, "fields": [], **words.of(change)}
    changed = change.fields or {} if change.action == Action.UPDATED else {}
    return {
        "action": Action(change.action).label,
        "fields": [
            {"field": header, "before": before, "after": after}
            for name, (before, after) in changed.items()
            if (header := headers.of(name))
        ],
        **words.of(change),
    }


@dataclass(frozen=True, slots=True)
class _Words:
    """Who did something, for the API: uploads by the ids they have there."""

    uploads: dict[int, uuid.UUID]
    actors: ActorNames

    @classmethod
    def load(cls, deeds: Sequence[Deed]) -> "_Words":
        ids = {pk for deed in deeds for pk in (deed.upload_id, deed.undo_of_id) if pk is not None}
        return cls(_uuids(ids), ActorNames.load(deeds))

    def of(self, deed: Change | Origin) -> Document:
        upload_id = deed.upload_id if deed.upload_id is not None else deed.undo_of_id
        return {
            "at": deed.at,
            "set_by": {
                "kind": _kind(deed),
                "upload_id": self.uploads.get(upload_id) if upload_id is not None else None,
                "row": deed.row,
                "name": self.actors.person(deed) or None,
            },
        }


def _kind(deed: Deed) -> str:
    if deed.upload_id is not None:
        return "upload"
    if deed.undo_of_id is not None:
        return "undo"
    if deed.user_id is not None:
        return "person"
    return "token" if deed.token_id is not None else "unknown"


def _uuids(ids: Iterable[int]) -> dict[int, uuid.UUID]:
    found = BulkUpload.objects.filter(pk__in=ids)
    return dict(found.values_list("pk", "uuid")) if ids else {}
