"""Image jobs as the API lists them: what was asked for, and how far it is."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from django.db.models import Count

from imagery.models import JobWant, WantState

Document = dict[str, Any]

JOB_COLUMNS: Final = (
    "id",
    "uuid",
    "sku",
    "product_key",
    "recipe_version__number",
    "recipe_version__recipe__name",
    "state",
    "trigger",
    "upload__uuid",
    "upload_row",
    "batch__uuid",
    "images",
    "redo_number",
    "error_code",
    "message",
    "created_at",
    "started_at",
    "ended_at",
)
_NAMES: Final = {
    WantState.SATISFIED: "delivered",
    WantState.OPEN: "open",
    WantState.EXHAUSTED: "missing",
}


def job_documents(rows: Iterable[Mapping[str, Any]]) -> list[Document]:
    """In the order of the rows, which are values of JOB_COLUMNS; one query."""
    jobs = list(rows)
    counts = _counts({row["id"] for row in jobs})
    return [_job_document(row, counts.get(row["id"], {})) for row in jobs]


def _counts(job_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """By job, how many of the images that it is to deliver are in which state."""
    links = JobWant.objects.filter(job_id__in=list(job_ids)).exclude(want__role="").order_by()
    found: dict[int, dict[str, int]] = {}
    for job_id, state, count in links.values_list("job_id", "want__state").annotate(Count("id")):
        found.setdefault(job_id, {})[_NAMES[WantState(state)]] = count
    return found


def _job_document(row: Mapping[str, Any], counts: Mapping[str, int]) -> Document:
    return {
        "id": row["uuid"],
        "sku": row["sku"] or None,
        "product_key": row["product_key"] or None,
        "recipe": row["recipe_version__recipe__name"],
        "recipe_version": row["recipe_version__number"],
        "state": row["state"],
        "trigger": row["trigger"],
        "bulk_upload_id": row["upload__uuid"],
        "row": row["upload_row"],
        "batch_id": row["batch__uuid"],
        "variants": row["images"],
        "redo_number": row["redo_number"],
        "error": row["error_code"] or None,
        "message": row["message"] or None,
        "images": {
            "wanted": sum(counts.values()),
            **{name: counts.get(name, 0) for name in _NAMES.values()},
        },
        "created_at": row["created_at"],
        "started_at": row["started_at"],
        "ended_at": row["ended_at"],
    }
