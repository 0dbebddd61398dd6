"""The upload that something about its images is posted for."""

from typing import Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from accounts.access import accounts_for, may
from bulk_uploads.admin.row_ids import is_id
from bulk_uploads.models import BulkUpload

_VIEW: Final = "bulk_uploads.view_bulkupload"


def posted_upload(request: HttpRequest, pk: str, *, permission: str) -> BulkUpload:
    """Raises Http404 for one that the person does not see, PermissionDenied for one of an account
    in which they lack the permission."""
    uploads = BulkUpload.objects.filter(account__in=accounts_for(request.user, _VIEW))
    found = uploads.filter(pk=pk).select_related("account").first() if is_id(pk) else None
    if found is None:
        raise Http404
    if not may(request.user, permission, account_id=found.account_id):
        raise PermissionDenied
    return found
