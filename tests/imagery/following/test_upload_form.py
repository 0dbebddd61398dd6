"""The recipe and the pilot on the page of a new upload, and what a dry run's page tells of them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.roles import Role
from bulk_uploads.models import BulkUpload
from imagery.recipes.editing import archive
from tests.factories.accounts import AccountFactory, MembershipFactory
from tests.imagery.following.test_uploads import row, upload
from tests.imagery.planning.catalogs import recipe
from tests.signing_in import client_as

pytestmark = pytest.mark.django_db
URL = "admin:bulk_uploads_bulkupload_add"


@pytest.fixture
def account():
    return AccountFactory.create()


@pytest.fixture
def browser(account):
    return client_as(Role.MERCHANDISER, account)


def post(browser, **fields):
    return browser.post(
        reverse(URL),
        {
            "file": SimpleUploadedFile("fans.csv", b"SKU,Price\nFAN-1,5830\n"),
            "processor_name": "catalog_csv_upload_processor",
            **fields,
        },
    )


def offered(answer, name):
    return [value for value, _ in answer.context["form"].fields[name].choices]


def test_recipes_of_the_persons_accounts_are_offered(browser, account):
    recipe(account, name="own")
    recipe(AccountFactory.create(), name="theirs")
    archive(recipe=recipe(account, name="old").recipe)
    answer = browser.get(reverse(URL))

    assert offered(answer, "recipe") == ["", "hero", "own", "pipeline"]
    assert offered(answer, "pilot") == ["0", "5", "10", "25", "100"]
    assert '<div data-option="recipe">' in answer.content.decode()


def test_what_is_chosen_is_handed_on_and_what_is_not_is_left_out(browser):
    post(browser, recipe="hero", pilot="10")
    post(browser, recipe="", pilot="0")

    options = list(BulkUpload.objects.order_by("id").values_list("options", flat=True))
    assert options == [{"recipe": "hero", "pilot": 10}, {}]


def test_a_recipe_of_the_persons_other_account_is_refused_beside_the_choice(browser, account):
    other = MembershipFactory.create(user=browser.user, role=Role.MERCHANDISER).account
    recipe(other, name="theirs")
    answer = post(browser, recipe="theirs", account=account.pk)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["recipe"]
    assert not BulkUpload.objects.exists()


def test_a_dry_runs_page_tells_what_the_pictures_may_cost(browser, account):
    recipe(account, name="own")
    dry = upload(account, row("A"), row("B"), recipe="own", dry_run=True)
    page = browser.get(reverse("admin:bulk_uploads_bulkupload_change", args=[dry.pk]))
    text = " ".join(page.content.decode().split())

    assert "<h2>Images to be made</h2>" in text
    assert "<dt>Images</dt> <dd> <strong>2</strong>" in text
    assert "Images are made by the recipe own" in text
