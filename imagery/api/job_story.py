"""One image job in full: its steps with every image they want, and every call made for them."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from django.utils.crypto import salted_hmac

from catalog.reading import NOT_REQUESTED
from imagery.api.amounts import amount, amounts, currency_of
from imagery.api.image_documents import (
    IMAGE_COLUMNS,
    Addresses,
    Document,
    image_document,
    statuses_of,
)
from imagery.models import (
    CallState,
    GeneratedImage,
    ImageJob,
    ProviderCall,
    RecipeStep,
    Want,
)
from imagery.providers.protocol import OutcomeClass

_SALT: Final = "imagery.api.call"


def job_story(job: ImageJob, *, address: Addresses) -> Document:
    """What a job's document says beyond its line in the list; six queries."""
    calls = calls_of(job)
    return {
        "inputs": job.inputs,
        "source_photo": (job.reference.url or None) if job.reference else None,
        "currency": currency_of(job.account),
        "cost": _cost(calls),
        "steps": _steps(job, address=address),
        "calls": [_call(call) for call in calls],
    }


def calls_of(job: ImageJob) -> list[ProviderCall]:
    """Those that served one of its wants, also where another job had asked for it first."""
    calls = ProviderCall.objects.filter(account=job.account_id, wants__jobs=job).distinct()
    return list(calls.select_related("step").order_by("id"))


def call_id(call: ProviderCall) -> UUID:
    """What a call is named outside; found again among those of its job alone."""
    return UUID(bytes=salted_hmac(_SALT, str(call.pk), algorithm="sha256").digest()[:16])


def _steps(job: ImageJob, *, address: Addresses) -> list[Document]:
    steps = RecipeStep.objects.filter(version=job.recipe_version_id).select_related("input_step")
    wants = Want.objects.filter(jobs=job).order_by("image_number", "id")
    made = _images(job, address=address)
    by_step: dict[int, list[Document]] = {}
    for want in wants:
        by_step.setdefault(want.step_id, []).append(_want(want, made.get(want.pk)))
    return [
        {
            "name": step.name,
            "role": step.role or None,
            "operation": step.operation,
            "input_step": step.input_step.name if step.input_step else None,
            "wants": by_step.get(step.pk, []),
        }
        for step in steps.order_by("position")
    ]


def _images(job: ImageJob, *, address: Addresses) -> dict[int, Document]:
    """By want."""
    rows = list(GeneratedImage.objects.filter(want__jobs=job).values("want_id", *IMAGE_COLUMNS))
    statuses = statuses_of(job.account_id, {job.sku}) if rows else {}
    qa_status = statuses.get(job.sku, NOT_REQUESTED)
    return {
        row["want_id"]: image_document(row, qa_status=qa_status, address=address) for row in rows
    }


def _want(want: Want, image: Mapping[str, Any] | None) -> Document:
    return {
        "image_number": want.image_number,
        "redo_number": want.redo_number,
        "state": want.state,
        "prompt": want.prompt or None,
        "image": image,
        "error": want.error_code or None,
        "message": want.message or None,
    }


def _call(call: ProviderCall) -> Document:
    return {
        "id": call_id(call),
        "step": call.step.name if call.step else None,
        "provider": call.provider,
        "model": call.model or None,
        "model_actual": call.model_actual or None,
        "operation": call.operation,
        "attempt": call.attempt,
        "images": call.images,
        "state": call.state,
        "outcome": call.outcome or None,
        "waits_for": call.waits_for or None,
        "due_at": call.due_at if call.state == CallState.PLANNED else None,
        "http_status": call.http_status,
        "request_id": call.request_id or None,
        "error": call.error_code or None,
        "message": call.error_message or None,
        "cost": _cost([call]),
        "needs_resolving": call.outcome == OutcomeClass.UNKNOWN and call.resolved_at is None,
        "created_at": call.created_at,
        "sent_at": call.sending_at,
        "ended_at": call.ended_at,
    }


def _cost(calls: Iterable[ProviderCall]) -> dict[str, str]:
    of_all = list(calls)
    said = {
        "settled": sum(call.settled_micros for call in of_all),
        "released": sum(call.released_micros for call in of_all),
        "at_risk": sum(call.at_risk_micros for call in of_all),
    }
    return {"reserved": amount(sum(call.open_micros for call in of_all)), **amounts(said)}
