"""`/imagery/summary`: how many images were made, what failed, and what it cost."""

import uuid

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from accounts.models import Account
from bulk_uploads.models import BulkUpload
from imagery.api.access import READING
from imagery.api.amounts import amount, amounts, currency_of
from imagery.api.schemas import SummaryOut
from imagery.models import ProviderCall, UploadBudget
from imagery.money.spending import spending_of
from imagery.summary import imagery_summary
from jobs import clock
from platform_api.auth import token_of
from platform_api.envelope import success
from platform_api.errors import NotFound
from platform_api.schemas import Success, documented

router = Router(auth=READING)


class SummaryQuery(Schema):
    bulk_upload: uuid.UUID | None = Field(None, description="Only what this upload asked for.")


@router.get(
    "/imagery/summary",
    response=documented(Success[SummaryOut]),
    operation_id="get_imagery_summary",
)
def get_summary(request: HttpRequest, wanted: Query[SummaryQuery]) -> HttpResponse:
    """How the account's image jobs went, with this month's spending and its cap.

    With `bulk_upload`, those of one upload, with its spending and its own cap, if it has one.
    """
    account = token_of(request).account
    upload = None
    if wanted.bulk_upload is not None:
        uploads = BulkUpload.objects.for_account(account.pk)
        upload = uploads.filter(uuid=wanted.bulk_upload).first()
        if upload is None:
            raise NotFound("bulk_upload", "There is no bulk upload with this id")
    found = imagery_summary(account=account, upload=upload)
    return success(
        {
            "total": found.total,
            "success": found.success,
            "failed": found.failed,
            "open": found.open,
            "success_rate": found.success_rate,
            "failed_skus": found.failed_skus,
            "more_failed_skus": found.more_failed_skus,
            "spend": _of_month(account) if upload is None else _of_upload(account, upload),
        }
    )


def _of_month(account: Account) -> dict[str, str | None]:
    spending = spending_of(account=account, at=clock.now())
    return {
        "currency": spending.currency or account.currency,
        **amounts(
            {
                "cap": spending.cap,
                "settled": spending.settled,
                "reserved": spending.reserved,
                "at_risk": spending.at_risk,
                "free": spending.free,
            }
        ),
    }


def _of_upload(account: Account, upload: BulkUpload) -> dict[str, str | None]:
    """From its calls, because an upload without a cap of its own has no purse."""
    sums = ProviderCall.objects.filter(account=account, upload=upload).aggregate(
        held=Sum("reserved_micros", default=0),
        settled=Sum("settled_micros", default=0),
        released=Sum("released_micros", default=0),
        at_risk=Sum("at_risk_micros", default=0),
    )
    open_micros = sums["held"] - sums["settled"] - sums["released"] - sums["at_risk"]
    purse = UploadBudget.objects.filter(upload=upload).first()
    return {
        "currency": currency_of(account),
        "cap": amount(purse.cap_micros) if purse else None,
        **amounts(
            {"settled": sums["settled"], "reserved": open_micros, "at_risk": sums["at_risk"]}
        ),
        "free": amount(purse.free_micros) if purse else None,
    }
