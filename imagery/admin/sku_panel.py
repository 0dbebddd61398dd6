"""The card on a variant's page that shows its set of pictures, and leads to what is missing."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from bulk_uploads.admin.wording import Badge
from catalog.models import Variant
from imagery.admin.asking import PERMISSION as REQUEST_PERMISSION
from imagery.admin.job_story import ShownImage
from imagery.admin.light_table_calls import PERMISSION as REVIEW_PERMISSION
from imagery.admin.wording import qa_badge
from imagery.image_sets.rules import rules_of
from imagery.models import (
    OPEN_STATES,
    PRODUCT_ROLES,
    Decision,
    GeneratedImage,
    ImageJob,
    QaStatus,
    ReviewTicket,
    Role,
    SkuImagery,
)

PERMISSION: Final = "imagery.view_skuimagery"
#: What of a role is worth asking for.
_WANTING: Final = frozenset({QaStatus.NOT_REQUESTED, QaStatus.MISSING_IMAGE, QaStatus.REJECTED})
#: What a role is represented by: the picture in force, else the newest that is not put aside.
_ORDER: Final = (Decision.APPROVED, Decision.PENDING, Decision.REJECTED, Decision.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class RoleLine:
    """`badge` is None for a role that is not required; `generate` empty where nothing is to do."""

    label: str
    badge: Badge | None
    picture: ShownImage | None
    generate: str


def panel(request: HttpRequest, variant: Variant) -> str:
    """Nothing for who may not see imagery; six queries at most."""
    if not request.user.has_perm(PERMISSION, variant):
        return ""
    imagery = SkuImagery.objects.filter(account=variant.account_id, sku=variant.sku).first()
    status = imagery.qa_status if imagery else QaStatus.NOT_REQUESTED
    roles = imagery.roles if imagery else _required(variant)
    may_request = request.user.has_perm(REQUEST_PERMISSION, variant)
    context = {
        "variant": variant,
        "badge": qa_badge(status),
        "lines": _lines(variant, roles, may_request=may_request),
        "open_job": _open_job(variant),
        "ticket": _ticket(variant) if request.user.has_perm(REVIEW_PERMISSION, variant) else None,
        "generate": generate_address(variant) if may_request else "",
        "jobs": f"{reverse('admin:imagery_imagejob_changelist')}?{urlencode({'q': variant.sku})}",
    }
    return render_to_string("imagery/sku_panel.html", context)


def generate_address(variant: Variant, role: str = "") -> str:
    query = {"variants": variant.pk, **({"role": role} if role else {})}
    return f"{reverse('admin:imagery_imagebatch_add')}?{urlencode(query)}"


def _required(variant: Variant) -> dict[str, str]:
    """What a SKU needs that nothing was asked for yet."""
    category = variant.product.category
    path = category.path if category else ""
    needed = rules_of(account_id=variant.account_id).required(path)
    return dict.fromkeys(needed, QaStatus.NOT_REQUESTED.value)


def _lines(variant: Variant, roles: dict[str, str], *, may_request: bool) -> list[RoleLine]:
    pictures = _pictures(variant)
    shown = [role for role in Role if role in roles or role in pictures]
    return [
        RoleLine(
            label=role.label,
            badge=qa_badge(roles[role]) if role in roles else None,
            picture=ShownImage.of(pictures[role]) if role in pictures else None,
            generate=generate_address(variant, role)
            if may_request and roles.get(role) in _WANTING and role not in PRODUCT_ROLES
            else "",
        )
        for role in shown
    ]


def _pictures(variant: Variant) -> dict[str, GeneratedImage]:
    own = Q(sku=variant.sku) | Q(sku="", product_key=variant.product.key)
    images = GeneratedImage.objects.reviewable().filter(own, account=variant.account_id)
    best: dict[str, GeneratedImage] = {}
    for image in images.order_by("-id")[:100]:
        known = best.get(image.role)
        if known is None or _rank(image) < _rank(known):
            best[image.role] = image
    return best


def _rank(image: GeneratedImage) -> int:
    return _ORDER.index(Decision(image.decision))


def _open_job(variant: Variant) -> ImageJob | None:
    jobs = ImageJob.objects.filter(account=variant.account_id, sku=variant.sku)
    return jobs.filter(state__in=OPEN_STATES).order_by("-id").first()


def _ticket(variant: Variant) -> ReviewTicket | None:
    tickets = ReviewTicket.objects.filter(account=variant.account_id, sku=variant.sku)
    return tickets.filter(waiting__gt=0).first()
