"""Making anew what was rejected: with a prompt that says what was wrong, within a budget."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from imagery.models import (
    Decision,
    DecisionKind,
    GeneratedImage,
    ImageJob,
    RejectReason,
    ReviewDecision,
    Trigger,
    Want,
)
from imagery.models.settings import settings_of
from imagery.planning.requests import request_images
from imagery.planning.targets import ADJUSTMENT, Target
from imagery.review.deciding import lock_peers
from imagery.review.signals import image_rejected
from jobs import followups
from jobs.models import FollowUp

REJECTED: Final = "imagery.image_rejected"

#: What a prompt says more, by the reason. A wrong product is no matter of the prompt.
_ADJUSTMENTS: Final[Mapping[RejectReason, str]] = {
    RejectReason.WRONG_SHAPE: "Keep the exact shape and proportions of the product in the photo.",
    RejectReason.WRONG_COLOUR: "Keep the exact colours and materials of the product in the photo.",
    RejectReason.WRONG_DETAIL: "Keep every logo, label and detail exactly as in the photo.",
    RejectReason.BAD_EDGES: "Give the product clean, precise edges without a halo.",
    RejectReason.BAD_BACKGROUND: "Keep the background as described, even and uncluttered.",
    RejectReason.CROPPED: "Show the whole product, nothing cropped, filling most of the frame.",
    RejectReason.ARTEFACTS: "No text, no watermark, nothing that is not in the photo.",
    RejectReason.LOW_QUALITY: "In sharp focus, with fine detail and without noise.",
}
_HOPEFUL: Final = frozenset({Decision.PENDING, Decision.APPROVED})
#: Gives the same picture for the same photo, whatever is said.
_DETERMINISTIC: Final = "studio"


def register() -> None:
    followups.register(REJECTED, after_rejection)
    image_rejected.connect(_note)


def after_rejection(follow_up: FollowUp) -> None:
    """The handler of `REJECTED`: begins a redo if one is due and none was begun before."""
    with transaction.atomic():
        decision = (
            ReviewDecision.objects.select_for_update(of=("self",))
            .select_related("image__account", "image__want", "user")
            .filter(pk=follow_up.payload["decision_id"], redo_job=None)
            .first()
        )
        job = _job_to_redo(decision.image) if decision is not None else None
        if decision is None or job is None:
            return
        requested = request_images(
            account=decision.image.account,
            targets=[
                Target(
                    sku=job.sku,
                    product_key=job.product_key,
                    inputs={**job.inputs, ADJUSTMENT: _adjustment(decision.image)},
                    images=job.images,
                )
            ],
            version=job.recipe_version,
            trigger=Trigger.REDO,
            requested_by=decision.user,
            redo_of=job,
            roles=[decision.image.role],
        )
        decision.redo_job_id = requested.jobs[0]
        decision.save(update_fields=["redo_job"])


def _note(*, image: GeneratedImage, decision: ReviewDecision, **_: Any) -> None:
    """In the transaction of the rejection."""
    if decision.reason in _ADJUSTMENTS:
        followups.add(kind=REJECTED, payload={"decision_id": decision.pk}, account=image.account)


def _adjustment(image: GeneratedImage) -> str:
    """What was wrong with any of the candidates, each thing once."""
    rejections = ReviewDecision.objects.filter(
        kind=DecisionKind.REJECT,
        image__account=image.account_id,
        image__sku=image.sku,
        image__product_key=image.product_key,
        image__role=image.role,
        image__decision=Decision.REJECTED,
        image__want__redo_number=image.want.redo_number if image.want else 0,
    )
    given = set(rejections.values_list("reason", flat=True))
    return " ".join(text for reason, text in _ADJUSTMENTS.items() if reason in given)


def _job_to_redo(image: GeneratedImage) -> ImageJob | None:
    """The job that made the image; None if there is hope without a redo, or no use in one."""
    if image.decision != Decision.REJECTED or image.want is None:
        return None
    if any(peer.decision in _HOPEFUL for peer in lock_peers(image)):
        return None
    same = Want.objects.filter(account=image.account_id, sku=image.sku, role=image.role)
    same = same.filter(product_key=image.product_key)
    if same.filter(redo_number__gt=image.want.redo_number).exists():
        return None
    if image.want.redo_number >= settings_of(image.account_id).redo_budget:
        return None
    if not image.want.step.ladder.exclude(provider=_DETERMINISTIC).exists():
        return None
    return image.want.jobs.select_related("recipe_version").order_by("-pk").first()
