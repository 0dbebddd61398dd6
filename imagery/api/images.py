"""`/images`: the generated images of an account, found by SKU and by how they stand."""

import uuid
from collections.abc import Callable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router

from imagery.api.access import READING
from imagery.api.content import content_path
from imagery.api.image_documents import IMAGE_COLUMNS, image_documents
from imagery.api.schemas import ImageOut
from imagery.api.walking import Walk, newest_first
from imagery.models import Decision, GeneratedImage, QaStatus, Role, SkuImagery
from platform_api.auth import token_of
from platform_api.envelope import success
from platform_api.errors import NotFound
from platform_api.pagination import Page
from platform_api.parameters import Text
from platform_api.schemas import Listing, Success, documented

router = Router(auth=READING)


class ImageQuery(Walk):
    sku: Text | None = Field(None, description="Exactly this SKU's.")
    qa_status: QaStatus | None = Field(None, description="Of SKUs that stand so.")
    role: Role | None = None
    decision: Decision | None = Field(None, description="About the image itself.")


@router.get("/images", response=documented(Listing[ImageOut]), operation_id="list_images")
def list_images(request: HttpRequest, wanted: Query[ImageQuery], page: Query[Page]) -> HttpResponse:
    """Images that were delivered for a role, newest first; not those made on the way to one."""
    account = token_of(request).account
    images = GeneratedImage.objects.for_account(account.pk).exclude(role="")
    for name in ("sku", "role", "decision"):
        if (value := getattr(wanted, name)) is not None:
            images = images.filter(**{name: value})
    if wanted.qa_status is not None:
        images = images.filter(_of_skus_that_are(wanted.qa_status))
    rows, meta = newest_first(request, images.values(*IMAGE_COLUMNS), walk=wanted, page=page)
    return success(
        image_documents(rows, account_id=account.pk, address=addresses(request)), meta=meta
    )


@router.get(
    "/images/{uuid:image_id}", response=documented(Success[ImageOut]), operation_id="get_image"
)
def get_image(request: HttpRequest, image_id: uuid.UUID) -> HttpResponse:
    """One image: what it is of, how it was made, and what was decided about it."""
    account = token_of(request).account
    rows = GeneratedImage.objects.for_account(account.pk).filter(uuid=image_id)
    documents = image_documents(
        rows.values(*IMAGE_COLUMNS), account_id=account.pk, address=addresses(request)
    )
    if not documents:
        raise NotFound("id", "There is no image with this id")
    return success(documents[0])


def addresses(request: HttpRequest) -> Callable[[uuid.UUID], str]:
    """Where the contents of images are, made once for a whole list."""
    example = uuid.UUID(int=0)
    before, _, behind = request.build_absolute_uri(content_path(example)).partition(str(example))
    return lambda image: f"{before}{image}{behind}"


def _of_skus_that_are(status: QaStatus) -> Q:
    of_sku: QuerySet[SkuImagery] = SkuImagery.objects.filter(
        account=OuterRef("account"), sku=OuterRef("sku")
    )
    if status == QaStatus.NOT_REQUESTED:
        return ~Q(sku="") & Q(~Exists(of_sku.exclude(qa_status=status)))
    return Q(Exists(of_sku.filter(qa_status=status)))
