"""The page of a dry run as a preview, importing from it, and what came out otherwise."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Account
from accounts.roles import Role
from bulk_uploads import services
from bulk_uploads.models import BulkUpload, Relation, RowDifference
from tests.factories.accounts import AccountFactory
from tests.factories.bulk_uploads import BulkUploadFactory
from tests.imports import import_rows, run_to_end
from tests.signing_in import EVERYBODY, SUPERUSER, client_as

pytestmark = pytest.mark.django_db

HEADER = ["SKU", "Product Name", "Price", "Tags"]
UPLOADERS = {Role.MERCHANDISER.value, Role.MANAGER.value, SUPERUSER}


@pytest.fixture
def account() -> Account:
    return AccountFactory()


@pytest.fixture
def browser(account):
    return client_as(Role.MERCHANDISER, account)


def url(upload: BulkUpload, page: str = "change") -> str:
    return reverse(f"admin:bulk_uploads_bulkupload_{page}", args=[upload.pk])


def words(answer) -> str:
    """What a person reads."""
    text = re.sub(r"<[^>]*>", " ", answer.content.decode())
    return " ".join(text.split())


def rows_of(count: int, price: str = "10", tag: str = "old") -> list[list[str]]:
    return [[f"S{number}", "Fan", price, tag] for number in range(count)]


def difference(upload: BulkUpload, row: int) -> RowDifference:
    return RowDifference(
        upload=upload, row=row, key=f"S{row}", expected_key=f"S{row}", outcome=3, expected_outcome=1
    )


class TestPreview:
    def test_shows_prices_that_jump_changes_field_by_field_and_new_names(self, browser, account):
        import_rows(account, HEADER, rows_of(3))
        rows = [["S0", "Fan", "58.5", "<b>new"], ["S1", "Fan", "1", ""], ["S2", "Fan", "0", ""]]

        dry = import_rows(account, HEADER, rows, dry_run=True)

        shown = words(browser.get(url(dry)))
        assert "Prices that jump 3" in shown
        assert "more than double, or less than half, of what they are." in shown
        assert "4 S2 Price 10 0 to 0 3 S1 Price 10 1 ÷ 10 2 S0 Price 10 58.5" in shown
        assert "58.5 \N{MULTIPLICATION SIGN} 5.85" in shown
        assert "What would change of what is in the catalog already Price 3 variants" in shown
        assert "2 S0 Price 10 58.5 Tags old &lt;b&gt;new" in shown
        assert "Tags 1 product " in shown
        assert "New in the catalog" in shown

    def test_leads_to_what_is_in_the_catalog(self, browser, account):
        import_rows(account, HEADER, rows_of(1))
        dry = import_rows(account, HEADER, rows_of(1, "50"), dry_run=True)

        page = browser.get(url(dry, "preview")).content.decode()

        variant = account.variants.get(sku="S0")
        assert page.count(reverse("admin:catalog_variant_change", args=[variant.pk])) == 2

    def test_comes_in_once_the_dry_run_has_ended(self, browser, account):
        dry = BulkUploadFactory(account=account, applying=True, options={"dry_run": True})

        page = browser.get(url(dry)).content.decode()

        assert f'hx-get="{url(dry, "preview")}" hx-trigger="upload-ended from:body"' in page
        assert "What would change" not in page

    def test_costs_the_same_whatever_it_shows(self, browser, account):
        spent = []
        for count in (1, 60):
            import_rows(account, HEADER, rows_of(count))
            dry = import_rows(account, HEADER, rows_of(count, "50", "new"), dry_run=True)
            browser.get(url(dry))
            with CaptureQueriesContext(connection) as captured:
                browser.get(url(dry))
            spent.append(len(captured))

        assert spent[0] == spent[1]


class TestImporting:
    @pytest.mark.parametrize(
        ("posted", "options"), [({}, {}), ({"strict": "on"}, {"strict": True})]
    )
    def test_strict_is_a_choice(self, browser, account, posted, options):
        dry = import_rows(account, HEADER, rows_of(1), dry_run=True)

        answer = browser.post(url(dry, "run"), posted)

        real = BulkUpload.objects.get(parent=dry)
        assert answer.headers["Location"] == url(real)
        assert real.options == options

    def test_a_second_press_imports_nothing_more_and_says_why(self, browser, account):
        dry = import_rows(account, HEADER, rows_of(1), dry_run=True)
        browser.post(url(dry, "run"))

        answer = browser.post(url(dry, "run"), follow=True)

        assert "This dry run is being imported already." in words(answer)
        assert dry.children.count() == 1

    def test_the_dialog_says_what_is_deactivated_and_that_the_file_was_imported_since(
        self, browser, account
    ):
        import_rows(account, HEADER, rows_of(10))
        options = {"absent": "deactivate"}
        dry = import_rows(account, HEADER, rows_of(9), dry_run=True, **options)
        assert "has been imported since" not in words(browser.get(url(dry)))

        since = import_rows(account, HEADER, rows_of(9))

        shown = words(browser.get(url(dry)))
        assert "and 1 variant that the file does not name would be deactivated." in shown
        assert f"This file has been imported since then, as upload {since.pk} ." in shown

    @pytest.mark.parametrize(
        ("on_error", "is_said"), [("abort", True), ("skip_rows", False)], ids=["all", "some"]
    )
    def test_the_dialog_says_that_all_or_nothing_would_be_nothing(
        self, browser, account, on_error, is_said
    ):
        rows = [*rows_of(2), ["S9", "Fan", "cheap", ""]]
        dry = import_rows(account, HEADER, rows, dry_run=True, on_error=on_error)

        said = "as long as a row fails, the import writes nothing" in words(browser.get(url(dry)))
        assert said is is_said

    def test_an_import_of_the_same_bytes_into_another_account_is_nobodys_business(
        self, browser, account
    ):
        dry = import_rows(account, HEADER, rows_of(1), dry_run=True)
        import_rows(AccountFactory(), HEADER, rows_of(1))

        assert "has been imported since" not in words(browser.get(url(dry)))


class TestDifferences:
    def test_are_listed_with_what_was_expected(self, browser, account):
        dry = import_rows(account, HEADER, rows_of(3), dry_run=True)
        import_rows(account, HEADER, rows_of(1))
        real = run_to_end(services.run_dry_run(upload=dry))

        shown = words(browser.get(url(real)))

        assert "Otherwise than in the preview compared with the dry run" in shown
        assert "Row Key Expected Came out 2 S0 Created Unchanged" in shown
        assert "1 Not as previewed" in shown

    def test_of_a_strict_upload_never_came_out(self, browser, account):
        dry = import_rows(account, HEADER, rows_of(3), dry_run=True)
        import_rows(account, HEADER, rows_of(1))
        real = run_to_end(services.run_dry_run(upload=dry, strict=True))

        assert "Row Key Expected Would be 2 S0 Created Unchanged" in words(browser.get(url(real)))

    def test_go_page_by_page_in_a_fixed_number_of_queries(self, browser, account):
        dry = BulkUploadFactory(account=account, succeeded=True, options={"dry_run": True})
        real = BulkUploadFactory(
            account=account, succeeded=True, parent=dry, relation=Relation.RUN, file=dry.file
        )
        RowDifference.objects.bulk_create(difference(real, row) for row in range(2, 29))
        first = browser.get(url(real, "differences"))
        with CaptureQueriesContext(connection) as captured:
            second = browser.get(url(real, "differences"), {"differing_from": "27"})

        assert words(first).count("Unchanged") == 25
        assert f'hx-get="{url(real, "differences")}?differing_from=27"' in first.content.decode()
        assert words(second).count("Unchanged") == 2
        assert second.headers["HX-Replace-Url"] == f"{url(real)}?differing_from=27"
        RowDifference.objects.bulk_create(difference(real, row) for row in range(100, 200))
        with CaptureQueriesContext(connection) as more:
            browser.get(url(real, "differences"), {"differing_from": "27"})
        assert len(more) == len(captured)

    def test_are_none_where_all_came_out_as_foretold(self, browser, account):
        dry = import_rows(account, HEADER, rows_of(1), dry_run=True)
        real = run_to_end(services.run_dry_run(upload=dry))

        shown = words(browser.get(url(real)))
        assert "Every row that was reached came out as the dry run said." in shown

    def test_an_upload_without_a_preview_has_no_such_part(self, browser, account):
        upload = import_rows(account, HEADER, rows_of(1))

        assert browser.get(url(upload, "differences")).status_code == 404
        assert "Otherwise than in the preview" not in words(browser.get(url(upload)))

    @pytest.mark.parametrize("who", EVERYBODY)
    def test_only_uploaders_see_them(self, who):
        dry = BulkUploadFactory(succeeded=True, options={"dry_run": True})
        real = BulkUploadFactory(
            account=dry.account, succeeded=True, parent=dry, relation=Relation.RUN, file=dry.file
        )

        answer = client_as(who, dry.account).get(url(real, "differences"))

        assert answer.status_code == (200 if who in UPLOADERS else 404)
