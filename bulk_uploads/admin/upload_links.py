"""Where an upload is looked at, from the pages of what it wrote."""

from django.urls import reverse

from accounts.access import Person, may


def upload_url(upload_id: int | None, *, viewer: Person, account_id: int) -> str | None:
    """None where there was no upload, and for who may not see the account's uploads: to them the
    page says that there is none."""
    if upload_id is None or not may(viewer, "bulk_uploads.view_bulkupload", account_id=account_id):
        return None
    return reverse("admin:bulk_uploads_bulkupload_change", args=[upload_id])
