"""`POST /images/{id}/review`: approving and rejecting by a program."""

import uuid
from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from accounts.scopes import Scope
from imagery.api.image_documents import IMAGE_COLUMNS, image_documents
from imagery.api.images import addresses
from imagery.api.schemas import ImageOut
from imagery.models import Decision, GeneratedImage, RejectReason
from imagery.review.deciding import Seen, approve, reject
from imagery.review.errors import NotReviewable, ReviewError
from imagery.review.trail import Reviewer
from platform_api.auth import BearerAuth, token_of
from platform_api.envelope import success
from platform_api.errors import Conflict, NotFound, Unprocessable
from platform_api.idempotency import idempotent
from platform_api.parameters import Text
from platform_api.schemas import USUAL_FAILURES, Success, documented

router = Router(auth=BearerAuth(Scope.REVIEW))


class ReviewIn(Schema):
    decision: Literal["approve", "reject"]
    reason_code: RejectReason | None = Field(None, description="Of a rejection: needed there.")
    note: Text = Field("", max_length=500)
    sha256: str | None = Field(
        None,
        max_length=64,
        description="Of the content that was looked at; refused if the image has other content.",
    )
    seen: Decision = Field(
        Decision.PENDING, description="How the image had been decided when it was looked at."
    )


@router.post(
    "/images/{uuid:image_id}/review",
    response=documented(Success[ImageOut], failures=(*USUAL_FAILURES, 409)),
    operation_id="review_image",
)
@idempotent
def review_image(request: HttpRequest, image_id: uuid.UUID, body: ReviewIn) -> HttpResponse:
    """Approve or reject. An approval makes it the current image of its SKU and role, and public.

    409 if it was decided otherwise since it was `seen`.
    """
    token = token_of(request)
    image = GeneratedImage.objects.for_account(token.account_id).filter(uuid=image_id).first()
    if image is None:
        raise NotFound("id", "There is no image with this id")
    seen = Seen(image.pk, image.sha256 if body.sha256 is None else body.sha256, body.seen)
    try:
        _decide(body, seen, account_id=token.account_id, reviewer=Reviewer(token=token))
    except NotReviewable as error:
        raise Unprocessable("id", str(error)) from error
    except ReviewError as error:
        raise Conflict("decision", str(error)) from error
    rows = GeneratedImage.objects.filter(pk=image.pk).values(*IMAGE_COLUMNS)
    documents = image_documents(rows, account_id=token.account_id, address=addresses(request))
    return success(documents[0])


def _decide(body: ReviewIn, seen: Seen, *, account_id: int, reviewer: Reviewer) -> None:
    if body.decision == "approve":
        if body.reason_code is not None:
            raise Unprocessable("reason_code", "An approval has no reason")
        approve(account_id=account_id, seen=seen, reviewer=reviewer, note=body.note)
        return
    if body.reason_code is None:
        known = ", ".join(RejectReason.values)
        raise Unprocessable("reason_code", f"A rejection needs one of: {known}")
    reject(
        account_id=account_id,
        seen=seen,
        reviewer=reviewer,
        reason=body.reason_code,
        note=body.note,
    )
