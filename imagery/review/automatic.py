"""Approving by an account's own rule: no check finds a fault, and the image is true to its
reference."""

from collections.abc import Sequence
from typing import Any, Final

from imagery.checks.findings import Check, Verdict
from imagery.checks.results import ImageChecks, badges_of
from imagery.checks.signals import images_checked
from imagery.models import Decision, GeneratedImage
from imagery.models.settings import settings_of
from imagery.review.deciding import Seen, approve
from imagery.review.errors import ReviewError
from imagery.review.trail import Reviewer

_RULE: Final = Reviewer()
#: What a channel's own rendition puts right when one of these warns, or what it merely advises. An
#: image that is too small for anything more than that fails another check.
_PUT_RIGHT: Final = frozenset(
    {Check.LONGEST_SIDE, Check.MEGAPIXELS, Check.ASPECT, Check.FORMAT, Check.BYTES}
)


def register() -> None:
    images_checked.connect(_receive)


def approve_by_rule(images: Sequence[GeneratedImage]) -> list[int]:
    """Ids of those approved; of one account. The truest candidate of a role is taken.

    A role that has a current image is left to people, as is what no check could measure.
    """
    if not images:
        return []
    account_id = images[0].account_id
    settings = settings_of(account_id)
    if not settings.auto_approve:
        return []
    checks = badges_of(images)
    wanted = settings.auto_approve_fidelity / 100
    good = [image for image in images if _is_good(image, checks[image.pk], wanted)]
    good.sort(key=lambda image: -(checks[image.pk].fidelity or 0))
    return [image.pk for image in good if _approved(image, checks[image.pk], wanted)]


def _is_good(image: GeneratedImage, checks: ImageChecks, wanted: float) -> bool:
    return (
        bool(image.role)
        and not image.is_placeholder
        and image.decision == Decision.PENDING
        and checks.is_checked
        and bool(checks.channels)
        and _passes(checks)
        and checks.fidelity is not None
        and checks.fidelity >= wanted
    )


def _passes(checks: ImageChecks) -> bool:
    """Nothing is wrong but what each channel's own rendition puts right, or merely advises."""
    return all(
        finding.verdict == Verdict.WARN and finding.check in _PUT_RIGHT
        for badge in checks.channels
        for finding in badge.findings
    )


def _approved(image: GeneratedImage, checks: ImageChecks, wanted: float) -> bool:
    peers = GeneratedImage.objects.filter(
        account=image.account_id,
        sku=image.sku,
        product_key=image.product_key,
        role=image.role,
        decision=Decision.APPROVED,
    )
    if peers.exists():
        return False
    fidelity = f"fidelity {checks.fidelity or 0:.0%} (at least {wanted:.0%})"
    note = f"By rule: no channel's check finds a fault, {fidelity}."
    try:
        approve(account_id=image.account_id, seen=Seen.of(image), reviewer=_RULE, note=note)
    except ReviewError:
        # A person was quicker, or chose another candidate of the role.
        return False
    return True


def _receive(*, images: Sequence[GeneratedImage], **_: Any) -> None:
    approve_by_rule(images)
