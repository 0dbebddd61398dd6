"""Failed rows put right in the browser: fixed in place, or in a downloaded file sent again."""

import csv
import io
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Account
from accounts.roles import Role
from bulk_uploads.models import BulkUpload
from bulk_uploads.tasks import run_slice
from catalog.models import Variant
from tests.browser.test_upload import sign_in
from tests.factories.accounts import AccountFactory, MembershipFactory, UserFactory
from tests.imports import import_rows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEADER = [
    "SKU",
    "Product Name",
    "Description",
    "Price",
    "EAN",
    "Tags",
    "Category Path",
    "Weight(gms)",
]


@pytest.fixture
def account():
    account = AccountFactory.create()
    MembershipFactory.create(
        account=account, user=UserFactory.create(username="asha"), role=Role.MERCHANDISER
    )
    return account


def supplier_file(account: Account) -> BulkUpload:
    rows = [
        [f"FAN-{n}", "Zester", "Quiet and rust free. " * 8, f"{100 + n}", "", "Quiet", "Fans", "9"]
        for n in range(12)
    ]
    rows[2][3] = "cheap"
    rows[5][3] = "1,23,4"
    rows[5][4] = "4006381333932"
    rows[9][0] = ""
    return import_rows(account, HEADER, rows)


def work() -> BulkUpload:
    """A worker takes up the newest upload."""
    upload = BulkUpload.objects.latest("pk")
    while run_slice(upload.pk):
        pass
    return upload


def test_cells_are_fixed_in_place_and_close_their_issues(page, account):
    upload = supplier_file(account)
    sign_in(page)
    page.goto(reverse("admin:bulk_uploads_bulkupload_change", args=[upload.pk]))
    expect(page.get_by_role("heading", name="3 rows failed")).to_be_visible()

    page.get_by_role("link", name="Fix here").click()
    expect(page.get_by_role("heading", name="Row 4", exact=True)).to_be_visible()
    row = page.get_by_role("region", name="Row 4", exact=True)
    row.get_by_label("Price").fill("102.50")
    row.get_by_text("The other 7 cells of the row").click()
    row.get_by_label("Product Name").fill("Zester Prime")
    page.get_by_role("region", name="Row 7", exact=True).get_by_label("Price").fill("105")
    page.get_by_role("button", name="Save and import the changed rows").click()
    page.wait_for_url("**/change/")
    child = work()
    page.reload()

    expect(page.get_by_text("Fix of rows of")).to_be_visible()
    assert (child.relation, child.parent_id) == ("fix", upload.pk)
    assert list(
        Variant.objects.filter(sku__in=["FAN-2", "FAN-5"]).values_list("sku", "product__name")
    ) == [("FAN-2", "Zester Prime")]
    page.get_by_role("link", name=f"Upload {upload.pk}").click()
    expect(page.get_by_role("heading", name="1 of 3 failed rows are corrected")).to_be_visible()
    issues = page.get_by_role("region", name="Issues")
    expect(issues.locator("td").get_by_text("Closed")).to_have_count(1)
    issues.get_by_label("State").select_option("open")
    expect(issues.locator("td").get_by_text("Closed")).to_have_count(0)


def test_a_correction_file_is_downloaded_corrected_and_sent_again(page, account, tmp_path):
    upload = supplier_file(account)
    sign_in(page)
    page.goto(reverse("admin:bulk_uploads_bulkupload_change", args=[upload.pk]))

    with page.expect_download() as download:
        page.get_by_role("link", name="Download correction file").click()
    assert download.value.suggested_filename == "catalog - corrections.csv"
    file = tmp_path / "corrected.csv"
    download.value.save_as(file)
    correct(file)
    page.goto(reverse("admin:bulk_uploads_bulkupload_add"))
    page.get_by_label("File to upload").set_input_files(file)
    page.get_by_role("button", name="Upload", exact=True).click()
    page.wait_for_url("**/change/")
    work()
    page.goto(reverse("admin:bulk_uploads_bulkupload_change", args=[upload.pk]))

    expect(page.get_by_role("heading", name="All failed rows are corrected")).to_be_visible()
    expect(page.get_by_role("link", name="Download correction file")).to_have_count(0)
    assert Variant.objects.filter(account=account).count() == 12


def correct(file: Path) -> None:
    header, *rows = csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline=""))
    for row in rows:
        row[0] = row[0] or "FAN-9"
        row[3], row[4] = "99", ""
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    file.write_text(text.getvalue())
