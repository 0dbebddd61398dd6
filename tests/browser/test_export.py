"""A person filters a list, exports what it shows, and uploads the file again."""

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from accounts.roles import Role
from tests.factories.accounts import AccountFactory, MembershipFactory, UserFactory
from tests.imports import counts, import_bytes, import_rows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account(page: Page, live_server):
    account = AccountFactory.create()
    import_rows(
        account,
        ["SKU", "Product Name", "Active"],
        [["0042", "Fan", "TRUE"], ["A-2", "Fan", "FALSE"], ["=1", "Lamp", "FALSE"]],
    )
    user = UserFactory.create(username="mia", password="secret-of-mia")
    MembershipFactory.create(account=account, user=user, role=Role.MERCHANDISER)
    page.goto("/admin/login/")
    page.get_by_label("Username").fill("mia")
    page.get_by_label("Password").fill("secret-of-mia")
    page.get_by_role("button", name="Log in").click()
    return account


def test_what_a_list_shows_is_downloaded(page: Page, account, tmp_path):
    page.goto("/admin/catalog/variant/?active__exact=0")
    page.get_by_role("link", name="Export", exact=False).click()
    expect(page.get_by_text("The 2 in the list")).to_be_visible()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download").click()
    path = tmp_path / "export.xlsx"
    downloading.value.save_as(path)

    sheet = openpyxl.load_workbook(path).active
    assert [row[2] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["A-2", "'=1"]
    assert counts(import_bytes(account, path.read_bytes())) == {"unchanged": 2}


def test_selected_rows_are_downloaded(page: Page, account, tmp_path):
    page.goto("/admin/catalog/variant/?o=2")
    page.locator("input.action-select").nth(0).check()
    page.locator("select[name=action]").first.select_option("export_as_jsonl")
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Run").click()

    path = tmp_path / "export.jsonl"
    downloading.value.save_as(path)
    assert path.read_text().count("\n") == 1
