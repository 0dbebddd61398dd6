"""A supplier's own columns, mapped by a merchandiser before anything is applied."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.roles import Role
from bulk_uploads.models import BulkUpload, SavedMapping
from tests.browser.test_upload import sign_in
from tests.factories.accounts import AccountFactory, MembershipFactory, UserFactory
from tests.imports import counts, run_to_end

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_file_with_columns_of_its_own_is_mapped_checked_and_uploaded(page: Page, tmp_path):
    user = UserFactory(username="asha")
    MembershipFactory(account=AccountFactory(), user=user, role=Role.MERCHANDISER)
    file = tmp_path / "mueller.csv"
    file.write_text("Artikelnummer;Bezeichnung;Bild;Farbe\nA-1;Fan;https://cdn.example/1.jpg;rot\n")
    sign_in(page)
    page.goto(reverse("admin:bulk_uploads_bulkupload_add"))
    page.get_by_label("File to upload").set_input_files(file)
    page.get_by_role("button", name="Map its columns first").click()

    expect(page.get_by_label("What “Artikelnummer” becomes")).to_have_value("sku")
    page.get_by_label("What “Farbe” becomes").select_option("title")
    expect(page.get_by_role("status")).to_contain_text("to one field: title")
    page.get_by_label("What “Farbe” becomes").select_option("Variant #; Farbe")
    expect(page.get_by_role("status")).to_contain_text("4 of 4 columns are taken")
    page.get_by_label("Save this mapping as").fill("Müller")
    page.get_by_role("button", name="Upload with this mapping").click()
    page.wait_for_url("**/change/")

    upload = run_to_end(BulkUpload.objects.get())
    assert counts(upload) == {"created": 1}
    assert upload.saved_mapping == SavedMapping.objects.get(name="Müller")
    page.reload()
    expect(page.get_by_text("4 mapped")).to_be_visible()
