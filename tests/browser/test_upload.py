"""From a dropped file to products, as a merchandiser lives through it."""

import re
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Error, Page, expect

from accounts.roles import Role
from bulk_uploads.models import BulkUpload
from bulk_uploads.tasks import run_slice
from catalog.models import Variant
from tests.factories.accounts import AccountFactory, MembershipFactory, UserFactory
from tests.processes import process_environment, running

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEADER = "Product Name,SKU,Price,Property Set List #; Notable Features"
WORKER_SECONDS = 60_000


@pytest.fixture
def merchandiser():
    return MembershipFactory(
        account=AccountFactory(), user=UserFactory(username="asha"), role=Role.MERCHANDISER
    ).user


def sign_in(page: Page) -> None:
    page.goto(reverse("admin:login"))
    page.get_by_label("Username").fill("asha")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(f"**{reverse('admin:index')}")


def catalog_file(directory: Path, *, rows: int) -> Path:
    """The last row is wrong."""
    lines = [f"ZESTER,FAN-{number},{5830 + number},Quiet#;Rust free" for number in range(1, rows)]
    file = directory / "fans.csv"
    file.write_text("\n".join([HEADER, *lines, "ZESTER,FAN-BAD,cheap,"]) + "\n")
    return file


def upload(page: Page, file: Path) -> None:
    page.get_by_role("link", name="Upload a file").first.click()
    page.wait_for_url(f"**{reverse('admin:bulk_uploads_bulkupload_add')}*", wait_until="load")
    page.get_by_label("File to upload").set_input_files(file)
    expect(page.get_by_text(file.name)).to_be_visible()
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.get_by_text("Waiting for a worker to take it up.")).to_be_visible()
    # It would be gone after a reload: from here on the page renews itself.
    page.evaluate("window.neverReloaded = true")


def test_a_file_becomes_products_by_a_real_worker(page, merchandiser, tmp_path):
    uncaught: list[Error] = []
    page.on("pageerror", lambda error: uncaught.append(error))
    sign_in(page)
    upload(page, catalog_file(tmp_path, rows=20))
    environment = process_environment(Q_CLUSTER_NAME="imports", IMPORT_WORKERS="1")

    with running("manage.py", "qcluster", environment=environment):
        progress = page.get_by_role("region", name="Progress")
        expect(progress.get_by_text("Success, some rows failed")).to_be_visible(
            timeout=WORKER_SECONDS
        )

    expect(progress.get_by_role("link", name=re.compile("19.*Created"))).to_be_visible()
    expect(progress.get_by_role("link", name=re.compile("1.*Failed"))).to_be_visible()
    issue = page.get_by_role("region", name="Issues").get_by_role("row").last
    expect(issue).to_contain_text("'cheap' is not a number")
    expect(issue).to_contain_text("Price")
    assert page.evaluate("window.neverReloaded") is True

    page.get_by_role("link", name="See its variants").click()
    expect(page.get_by_text("19 variants")).to_be_visible()
    page.get_by_role("link", name="FAN-7", exact=True).click()
    expect(page.get_by_label("Price", exact=True)).to_have_value("5837")
    features = page.get_by_role("group", name="Notable Features").get_by_role("textbox")
    expect(features.nth(0)).to_have_value("Quiet")
    expect(features.nth(1)).to_have_value("Rust free")
    page.get_by_role("link", name="ZESTER").first.click()
    expect(page.get_by_role("region", name="Variants").get_by_role("row")).to_have_count(20)
    assert uncaught == []


DROP = """names => {
  const carried = new DataTransfer();
  names.forEach((name) => carried.items.add(new File(["SKU\\nA\\n"], name)));
  const dropped = new DragEvent(
    "drop", { dataTransfer: carried, bubbles: true, cancelable: true }
  );
  return !document.querySelector("h2").dispatchEvent(dropped);
}"""


def test_a_file_dropped_beside_the_place_is_taken_and_two_are_not(page, merchandiser, tmp_path):
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    sign_in(page)
    page.goto(reverse("admin:bulk_uploads_bulkupload_add"))
    chosen = "[...document.getElementById('id_file').files].map((file) => file.name)"

    assert page.evaluate(DROP, ["one.csv", "two.csv"]), "the browser would leave the page"
    expect(page.get_by_text("One file at a time")).to_be_visible()
    assert page.evaluate(chosen) == []
    assert page.evaluate(DROP, ["one.csv"])
    expect(page.get_by_text("one.csv")).to_be_visible()
    assert page.evaluate(chosen) == ["one.csv"]
    page.get_by_label("File to upload").set_input_files(catalog_file(tmp_path, rows=2))
    expect(page.get_by_text("fans.csv")).to_be_visible()
    assert failures == []


def test_progress_moves_by_itself_and_stops_at_the_end(page, merchandiser, tmp_path, settings):
    settings.UPLOAD_SLICE_SECONDS = 0  # one batch a slice
    sign_in(page)
    upload(page, catalog_file(tmp_path, rows=40))
    pk = BulkUpload.objects.get().pk
    progress = page.get_by_role("region", name="Progress")
    cancel = progress.get_by_role("button", name="Cancel this upload")
    cancel.focus()

    for done in (10, 20, 30):
        assert run_slice(pk, batch_rows=10)
        expect(progress.get_by_text(f"{done} of 40 rows")).to_be_visible()
        expect(cancel).to_be_focused()
        bar = progress.get_by_role("progressbar")
        assert 0 < int(bar.get_attribute("value") or 0) < 100
    while run_slice(pk, batch_rows=10):
        pass

    expect(progress.get_by_text("Success, some rows failed")).to_be_visible()
    expect(
        page.get_by_role("region", name="What became of each row").get_by_role("row")
    ).to_have_count(26)
    assert page.evaluate("window.neverReloaded") is True
    expect(progress).not_to_have_attribute("hx-trigger", re.compile("."))


def test_a_dry_run_is_looked_at_and_then_imported(page, merchandiser, tmp_path):
    sign_in(page)
    page.goto(reverse("admin:bulk_uploads_bulkupload_add"))
    page.get_by_label("File to upload").set_input_files(catalog_file(tmp_path, rows=5))
    page.get_by_label("Dry run").check()
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.get_by_text("Waiting for a worker")).to_be_visible()
    dry = BulkUpload.objects.get()
    while run_slice(dry.pk):
        pass

    page.get_by_role("button", name="Import this file").click()
    dialog = page.get_by_role("dialog", name="Import fans.csv?")
    expect(dialog).to_contain_text("4 rows would be created")
    assert not Variant.objects.exists()
    dialog.get_by_role("button", name="Import it").click()

    expect(page.get_by_text("Waiting for a worker")).to_be_visible()
    real = BulkUpload.objects.get(parent=dry)
    while run_slice(real.pk):
        pass
    expect(page.get_by_role("link", name=re.compile("4.*Created"))).to_be_visible()
    assert Variant.objects.count() == 4


def test_a_variant_is_edited_with_the_keyboard(page, merchandiser, tmp_path):
    sign_in(page)
    upload(page, catalog_file(tmp_path, rows=3))
    while run_slice(BulkUpload.objects.get().pk):
        pass
    variant = Variant.objects.get(sku="FAN-1")
    page.goto(reverse("admin:catalog_variant_change", args=[variant.pk]))

    features = page.get_by_role("group", name="Notable Features").get_by_role("textbox")
    features.nth(1).press("Enter")
    page.keyboard.type("Reversible")
    page.get_by_role("button", name="Remove item 1").press("Enter")
    page.get_by_role("button", name="Save and continue editing").press("Enter")

    expect(page.get_by_text("The variant was saved.")).to_be_visible()
    variant.refresh_from_db()
    assert list(variant.property_sets.values()) == [["Rust free", "Reversible"]]
