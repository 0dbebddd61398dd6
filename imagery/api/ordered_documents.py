"""The jobs of an order, with the images that are there and those that serve meanwhile."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import F

from imagery.api.image_documents import IMAGE_COLUMNS, Addresses, Document, image_documents
from imagery.api.job_documents import JOB_COLUMNS, job_documents
from imagery.models import OPEN_STATES, Decision, GeneratedImage, ImageJob


def ordered_documents(job_ids: Sequence[int], *, address: Addresses) -> list[Document]:
    """In the order of the ids; seven queries, however many."""
    rows = ImageJob.objects.filter(pk__in=job_ids).values("account_id", *JOB_COLUMNS)
    jobs = {row["id"]: row for row in rows}
    in_order = [jobs[pk] for pk in job_ids if pk in jobs]
    if not in_order:
        return []
    account_id = in_order[0]["account_id"]
    delivered = _delivered(account_id, job_ids, address)
    fallback = _approved(
        account_id, {row["sku"] for row in in_order if row["state"] in OPEN_STATES}, address
    )
    return [
        document
        | {
            "delivered": delivered.get(row["id"], []),
            "fallback": fallback.get(row["sku"], []) if row["state"] in OPEN_STATES else [],
        }
        for row, document in zip(in_order, job_documents(in_order), strict=True)
    ]


def _delivered(
    account_id: int, job_ids: Sequence[int], address: Addresses
) -> dict[int, list[Document]]:
    """By job: what was made for a role, in the order of steps and numbers."""
    made = GeneratedImage.objects.for_account(account_id).reviewable()
    rows = (
        made.filter(want__jobs__in=job_ids)
        .annotate(job_id=F("want__jobs"))
        .order_by("want__step__position", "want__image_number", "id")
        .values("job_id", *IMAGE_COLUMNS)
    )
    return _grouped("job_id", account_id, rows, address)


def _approved(
    account_id: int, skus: Iterable[str], address: Addresses
) -> dict[str, list[Document]]:
    approved = GeneratedImage.objects.for_account(account_id).filter(
        decision=Decision.APPROVED, sku__in=set(skus)
    )
    rows = approved.order_by("role", "id").values(*IMAGE_COLUMNS)
    return _grouped("sku", account_id, rows, address)


def _grouped(
    key: str, account_id: int, rows: Iterable[Mapping[str, Any]], address: Addresses
) -> dict[Any, list[Document]]:
    images = list(rows)
    found: dict[Any, list[Document]] = {}
    documents = image_documents(images, account_id=account_id, address=address)
    for row, document in zip(images, documents, strict=True):
        found.setdefault(row[key], []).append(document)
    return found
