"""Generated images as the API shows them: what each is, how it was made, and how it stands."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from catalog.reading import NOT_REQUESTED
from imagery.api.amounts import amount
from imagery.image_sets.stored_status import stored_statuses

Document = dict[str, Any]
#: From the id of an image to where its content is.
Addresses = Callable[[UUID], str]

IMAGE_COLUMNS: Final = (
    "id",
    "uuid",
    "sku",
    "product_key",
    "role",
    "decision",
    "decided_at",
    "is_placeholder",
    "content_type",
    "byte_size",
    "width",
    "height",
    "sha256",
    "reference_sha256",
    "cost_micros",
    "created_at",
    "want__prompt",
    "want__image_number",
    "want__redo_number",
    "want__step__name",
    "want__recipe_version__number",
    "want__recipe_version__recipe__name",
    "call__provider",
    "call__model",
    "call__model_actual",
    "call__request_id",
)


def image_documents(
    rows: Iterable[Mapping[str, Any]], *, account_id: int, address: Addresses
) -> list[Document]:
    """In the order of the rows, which are values of IMAGE_COLUMNS; one query."""
    images = list(rows)
    statuses = statuses_of(account_id, {row["sku"] for row in images})
    return [
        image_document(row, qa_status=statuses.get(row["sku"], NOT_REQUESTED), address=address)
        for row in images
    ]


def statuses_of(account_id: int, skus: Collection[str]) -> Mapping[str, str]:
    return stored_statuses(account_id=account_id, skus={sku for sku in skus if sku})


def image_document(row: Mapping[str, Any], *, qa_status: str, address: Addresses) -> Document:
    return {
        "id": row["uuid"],
        "sku": row["sku"] or None,
        "product_key": row["product_key"] or None,
        "role": row["role"] or None,
        "qa_status": qa_status,
        "decision": row["decision"],
        "decided_at": row["decided_at"],
        "is_placeholder": row["is_placeholder"],
        "url": address(row["uuid"]),
        "content_type": row["content_type"],
        "byte_size": row["byte_size"],
        "width": row["width"],
        "height": row["height"],
        "sha256": row["sha256"],
        "recipe": row["want__recipe_version__recipe__name"],
        "recipe_version": row["want__recipe_version__number"],
        "step": row["want__step__name"],
        "image_number": row["want__image_number"],
        "redo_number": row["want__redo_number"],
        "prompt": row["want__prompt"] or None,
        "reference_sha256": row["reference_sha256"] or None,
        "provider": row["call__provider"],
        "model": row["call__model"] or None,
        "model_actual": row["call__model_actual"] or None,
        "request_id": row["call__request_id"] or None,
        "cost": amount(row["cost_micros"]),
        "created_at": row["created_at"],
    }
