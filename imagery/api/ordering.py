"""`POST /image_jobs`: ordering images of SKUs, and what they would cost."""

from collections.abc import Sequence
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Body, Field, Schema
from pydantic import ConfigDict

from accounts.models import Account
from catalog.models import Variant
from imagery.api.access import ORDERING
from imagery.api.amounts import amount
from imagery.api.image_documents import Document
from imagery.api.image_job_routes import router
from imagery.api.images import addresses
from imagery.api.ordered_documents import ordered_documents
from imagery.api.preferring import APPLIED, wanted_wait
from imagery.api.schemas import EstimateOut, OrderedOut
from imagery.engine.waiting import wait_for
from imagery.models import OPEN_STATES, ImageJob, RecipeVersion, Trigger
from imagery.models.recipe import MOST_IMAGES
from imagery.planning.estimating import estimate_images
from imagery.planning.requests import Requested, Target, request_images
from imagery.recipes.drafts import UnknownRecipe
from imagery.recipes.editing import version_in_force
from platform_api.auth import token_of
from platform_api.envelope import success
from platform_api.errors import Unprocessable
from platform_api.idempotency import idempotent
from platform_api.parameters import Text
from platform_api.schemas import USUAL_FAILURES, Success, documented

#: Of one order; more come in a file.
MOST_SKUS = 500
#: SKUs that a refusal names.
_NAMED = 20


class OrderIn(Schema):
    model_config = ConfigDict(extra="forbid")

    skus: Annotated[list[Text], Field(min_length=1, max_length=MOST_SKUS)]
    recipe: Text = Field("hero", description="Name of a recipe; its newest version is taken.")
    variants: int | None = Field(
        None,
        ge=1,
        le=MOST_IMAGES,
        strict=True,
        description="Images a step, where the recipe's own number shall not count.",
    )


@router.post(
    "/image_jobs/estimate",
    auth=ORDERING,
    response=documented(Success[EstimateOut]),
    operation_id="estimate_image_jobs",
)
def estimate_image_jobs(request: HttpRequest, order: Body[OrderIn]) -> HttpResponse:
    """What an order would cost now, and how many of its images are there already.

    `minimum`: each step is done by its cheapest provider; `expected`: by its first; `maximum`:
    every provider is tried, each call twice. Nothing is ordered and the answer is always as of now:
    an `Idempotency-Key` changes nothing.
    """
    account = token_of(request).account
    found = estimate_images(
        account=account,
        targets=_targets(account, order),
        version=_version(account, order.recipe),
    )
    return success(
        {
            "minimum": amount(found.minimum),
            "expected": amount(found.expected),
            "maximum": amount(found.maximum),
            "currency": found.currency,
            "wanted": found.wanted,
            "already_there": found.already_there,
            "unpriced": [
                {
                    "provider": asked.provider,
                    "model": asked.model or None,
                    "operation": asked.operation,
                    "quality": asked.quality or None,
                }
                for asked in found.unpriced
            ],
        }
    )


@router.post(
    "/image_jobs",
    auth=ORDERING,
    response={
        **documented(Success[OrderedOut], status=201, failures=(*USUAL_FAILURES, 409, 415)),
        **documented(Success[OrderedOut], status=202, failures=()),
    },
    operation_id="create_image_jobs",
)
@idempotent
def create_image_jobs(request: HttpRequest, order: Body[OrderIn]) -> HttpResponse:
    """Order images: one job for each SKU. What exists already is not made, or paid for, again.

    With `Prefer: wait=2` (10 at most) the answer is held back for so many seconds: 201 if all
    images are there by then, else 202, with the approved images of the SKUs as a fallback.
    """
    account = token_of(request).account
    targets, version = _targets(account, order), _version(account, order.recipe)
    asked = request_images(account=account, targets=targets, version=version, trigger=Trigger.API)
    wait = wanted_wait(request)
    jobs = list(ImageJob.objects.filter(pk__in=asked.jobs))
    if wait and any(job.state in OPEN_STATES for job in jobs):
        wait_for(jobs, timeout=wait)
    response = _ordered(request, asked)
    if wait is not None:
        response.headers[APPLIED] = f"wait={wait}"
    return response


def _ordered(request: HttpRequest, asked: Requested) -> HttpResponse:
    documents = ordered_documents(asked.jobs, address=addresses(request))
    data: Document = {
        "batch_id": asked.batch.uuid,
        "already": asked.already,
        "jobs": documents,
    }
    is_open = any(document["state"] in OPEN_STATES for document in documents)
    return success(data, status=202 if is_open else 201)


def _version(account: Account, name: str) -> RecipeVersion:
    """Raises Unprocessable."""
    try:
        return version_in_force(account=account, name=name)
    except UnknownRecipe:
        raise Unprocessable("recipe", f"There is no recipe {name!r}") from None


def _targets(account: Account, order: OrderIn) -> Sequence[Target]:
    """One for each SKU, in order; of one that the catalog does not know nothing could be made.

    Raises Unprocessable.
    """
    skus = list(dict.fromkeys(order.skus))
    variants = Variant.objects.for_account(account.pk).filter(sku__in=skus)
    known = set(variants.values_list("sku", flat=True))
    unknown = [sku for sku in skus if sku not in known]
    if unknown:
        named = ", ".join(repr(sku) for sku in unknown[:_NAMED])
        more = f", and {len(unknown) - _NAMED} more" if len(unknown) > _NAMED else ""
        raise Unprocessable("skus", f"There is no variant with the SKU {named}{more}")
    return [Target(sku=sku, images=order.variants) for sku in skus]
