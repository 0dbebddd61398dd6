"""The cap of one upload's images: shown on its page, and set there by who answers for the money."""

from dataclasses import dataclass
from typing import Final

from django import forms
from django.http import Http404, HttpRequest

from accounts.access import may
from bulk_uploads.models import BulkUpload
from imagery.admin.amounts import currency_of, in_currency
from imagery.admin.money_fields import MoneyField
from imagery.admin.posted_upload import posted_upload
from imagery.models import UploadBudget

_CHANGE: Final = "imagery.change_budget"


class UploadCapForm(forms.Form):
    cap = MoneyField(label="What its images may cost")


@dataclass(frozen=True, slots=True)
class ShownCap:
    """`form` is None for those who may only look."""

    upload_id: int
    amount: str
    used: str
    currency: str
    form: UploadCapForm | None


def cap_of(request: HttpRequest, upload: BulkUpload) -> ShownCap | None:
    """None for an upload that only its account's budget bounds. Two queries."""
    purse = UploadBudget.objects.filter(upload=upload).first()
    if purse is None:
        return None
    currency = currency_of(upload.account)
    may_set = may(request.user, _CHANGE, account_id=upload.account_id)
    return ShownCap(
        upload_id=upload.pk,
        amount=in_currency(purse.cap_micros, currency),
        used=in_currency(purse.used_micros, currency),
        currency=currency,
        form=UploadCapForm(initial={"cap": purse.cap_micros}) if may_set else None,
    )


def capped_upload(request: HttpRequest, pk: str) -> BulkUpload:
    """The one whose cap is posted. Raises Http404 also for one without, and PermissionDenied for
    one whose cap the person only sees."""
    upload = posted_upload(request, pk, permission=_CHANGE)
    if not UploadBudget.objects.filter(upload=upload).exists():
        raise Http404
    return upload
