"""The card on an upload's page: how it went with the images that it asked for."""

import re

import pytest
from django.urls import reverse

from accounts.roles import Role
from imagery.models import JobState, Trigger
from jobs import clock
from tests.factories.bulk_uploads import BulkUploadFactory
from tests.factories.imagery import ImageJobFactory
from tests.signing_in import client_as

pytestmark = pytest.mark.django_db


def job(upload, sku: str, state: JobState) -> None:
    is_open = state == JobState.WAITING
    ImageJobFactory.create(
        account=upload.account,
        upload=upload,
        sku=sku,
        trigger=Trigger.UPLOAD,
        state=state,
        ended_at=None if is_open else clock.now(),
        run_after=clock.now() if is_open else None,
    )


def page_of(upload) -> str:
    browser = client_as(Role.MERCHANDISER, upload.account)
    answer = browser.get(reverse("admin:bulk_uploads_bulkupload_change", args=[upload.pk]))
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_an_uploads_page_sums_up_its_images():
    upload = BulkUploadFactory.create(succeeded=True)
    for sku in ("A", "B", "C"):
        job(upload, sku, JobState.DELIVERED)
    job(upload, "BAD-1", JobState.MISSING_IMAGE)
    job(upload, "LATER", JobState.WAITING)
    job(BulkUploadFactory.create(account=upload.account), "OTHER", JobState.MISSING_IMAGE)

    text = page_of(upload)

    assert "Images 75.0% succeeded 5 SKUs asked for 3 Delivered 1 Still open 1 Failed" in text
    assert "Failed: BAD-1" in text
    assert "OTHER" not in text


def test_an_upload_without_images_has_no_such_card():
    assert "SKUs asked for" not in page_of(BulkUploadFactory.create(succeeded=True))
