"""Who may open which page of bulk uploads, and who may do something there."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.roles import Role
from bulk_uploads.models import BulkUpload, UploadedFile
from tests.factories.accounts import AccountFactory
from tests.factories.bulk_uploads import BulkUploadFactory
from tests.signing_in import EVERYBODY, STRANGER, SUPERUSER, client_as

pytestmark = pytest.mark.django_db

UPLOADERS = {Role.MERCHANDISER.value, Role.MANAGER.value, SUPERUSER}
DETAIL_PARTS = ("progress", "status", "issues", "rows", "preview")


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_uploaders_open_the_list_and_the_form(who):
    client = client_as(who, AccountFactory())

    for page in ("changelist", "add"):
        answer = client.get(reverse(f"admin:bulk_uploads_bulkupload_{page}"))
        assert answer.status_code == (200 if who in UPLOADERS else 403)


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_uploaders_open_an_upload_and_its_parts(who):
    upload = BulkUploadFactory(applying=True)
    client = client_as(who, upload.account)

    page = client.get(reverse("admin:bulk_uploads_bulkupload_change", args=[upload.pk]))
    parts = [
        client.get(reverse(f"admin:bulk_uploads_bulkupload_{part}", args=[upload.pk]))
        for part in DETAIL_PARTS
    ]

    # To who may not know it, an upload that exists looks like one that does not.
    assert page.status_code == (200 if who in UPLOADERS else 302)
    assert {part.status_code for part in parts} == ({200} if who in UPLOADERS else {404})


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_uploaders_cancel(who):
    upload = BulkUploadFactory(applying=True)

    answer = client_as(who, upload.account).post(
        reverse("admin:bulk_uploads_bulkupload_cancel", args=[upload.pk])
    )

    upload.refresh_from_db()
    assert answer.status_code == (302 if who in UPLOADERS else 404)
    assert (upload.cancel_requested_at is not None) is (who in UPLOADERS)


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_uploaders_run_a_dry_run_for_real(who):
    upload = BulkUploadFactory(succeeded=True, options={"dry_run": True})

    client_as(who, upload.account).post(
        reverse("admin:bulk_uploads_bulkupload_run", args=[upload.pk])
    )

    assert BulkUpload.objects.filter(parent=upload).count() == (1 if who in UPLOADERS else 0)


@pytest.mark.parametrize("who", [Role.REVIEWER.value, STRANGER])
def test_who_may_not_upload_leaves_no_file_behind(who, private_files):
    client = client_as(who, AccountFactory())

    answer = client.post(
        reverse("admin:bulk_uploads_bulkupload_add"),
        {
            "file": SimpleUploadedFile("fans.csv", b"SKU\nFAN-1\n"),
            "processor_name": "catalog_csv_upload_processor",
        },
    )

    assert answer.status_code == 403
    assert (BulkUpload.objects.count(), UploadedFile.objects.count()) == (0, 0)
    assert [path for path in private_files.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("who", EVERYBODY)
def test_nobody_deletes_an_upload(who):
    upload = BulkUploadFactory()

    client_as(who, upload.account).post(
        reverse("admin:bulk_uploads_bulkupload_delete", args=[upload.pk]), {"post": "yes"}
    )

    assert BulkUpload.objects.filter(pk=upload.pk).exists()


@pytest.mark.parametrize("page", ["changelist", "add"])
def test_who_is_not_signed_in_is_sent_to_sign_in(client, page):
    url = reverse(f"admin:bulk_uploads_bulkupload_{page}")

    assert client.get(url).headers["Location"] == f"{reverse('admin:login')}?next={url}"
