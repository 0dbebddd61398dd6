"""From a dry run to its import, as a merchandiser lives through it."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.roles import Role
from bulk_uploads.models import BulkUpload, Status
from tests.browser.test_upload import sign_in
from tests.factories.accounts import AccountFactory, MembershipFactory, UserFactory
from tests.imports import csv_bytes, import_rows, run_to_end

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEADER = ["SKU", "Product Name", "Price"]
ROWS = [[f"FAN-{number}", "ZESTER", "5830"] for number in range(10)]


@pytest.fixture
def account():
    return MembershipFactory(
        account=AccountFactory(), user=UserFactory(username="asha"), role=Role.MERCHANDISER
    ).account


def test_a_full_feed_is_looked_through_and_imported_only_as_previewed(page: Page, account):
    import_rows(account, HEADER, ROWS)
    changed = [["FAN-0", "ZESTER", "583"], *ROWS[1:8]]
    sign_in(page)

    page.goto(reverse("admin:bulk_uploads_bulkupload_add"))
    page.get_by_label("File to upload").set_input_files(
        {"name": "feed.csv", "mimeType": "text/csv", "buffer": csv_bytes(HEADER, changed)}
    )
    page.get_by_label("Catalog", exact=False).first.check()
    page.get_by_label("Dry run").check()
    share = page.get_by_label("Deactivate at most, in percent")
    expect(share).to_be_hidden()
    page.get_by_label("Is deactivated at the end").check()
    share.fill("30")
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.get_by_text("Waiting for a worker")).to_be_visible()

    dry = run_to_end(BulkUpload.objects.latest("pk"))
    assert dry.options == {"dry_run": True, "absent": "deactivate", "absent_share": 30}
    jumps = page.get_by_role("region", name="Prices that jump")
    expect(jumps.get_by_role("row", name="FAN-0")).to_contain_text("÷ 10")
    changes = page.get_by_role("region", name="What would change")
    expect(changes.get_by_role("row", name="FAN-0")).to_contain_text("5830")

    import_rows(account, HEADER, [["FAN-0", "ZESTER", "583"]])
    page.get_by_role("button", name="Import this file").click()
    page.get_by_label("Only as previewed").check()
    page.get_by_role("button", name="Import it").click()
    expect(page.get_by_text("Waiting for a worker")).to_be_visible()
    real = run_to_end(BulkUpload.objects.latest("pk"))

    assert (real.status, real.options["strict"]) == (Status.FAILURE, True)
    differing = page.get_by_role("region", name="Otherwise than in the preview")
    expect(differing.get_by_role("row", name="FAN-0")).to_contain_text("Unchanged")
    assert account.variants.filter(active=True).count() == 10
