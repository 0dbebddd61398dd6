"""The account that a page with a card for each account was posted for."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from accounts.access import accounts_for, may
from accounts.models import Account
from bulk_uploads.admin.row_ids import is_id


def posted_account(request: HttpRequest, *, view: str, change: str) -> Account:
    """Raises Http404 for one the person does not see, PermissionDenied for one they only see."""
    given = request.POST.get("account", "")
    account = accounts_for(request.user, view).filter(pk=given).first() if is_id(given) else None
    if account is None:
        raise Http404
    if not may(request.user, change, account_id=account.pk):
        raise PermissionDenied
    return account
