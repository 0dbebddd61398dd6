"""The page that explains a processor's columns and hands out an empty file."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from bulk_uploads.processors import processor_named
from bulk_uploads.template_files import TemplateFormat, template_file
from tests.factories.accounts import AccountFactory
from tests.imports import CATALOG, import_rows
from tests.signing_in import EVERYBODY, SUPERUSER, client_as

pytestmark = pytest.mark.django_db
MAY = {Role.MERCHANDISER.value, Role.MANAGER.value, SUPERUSER}


def page(processor=CATALOG):
    return reverse("admin:bulk_uploads_bulkupload_template", args=[processor])


@pytest.mark.parametrize("who", EVERYBODY)
def test_whoever_may_upload_sees_it(who):
    answer = client_as(who, AccountFactory.create()).get(page())

    assert answer.status_code == (200 if who in MAY else 403)


@pytest.mark.parametrize("format", TemplateFormat)
def test_the_file_is_a_download(format):
    account = AccountFactory.create()
    browser = client_as(Role.MERCHANDISER, account)

    answer = browser.get(page(), {"format": format.value})

    columns = processor_named(CATALOG).template(account_id=account.pk)
    assert answer.content == template_file(columns, format)
    assert answer["Content-Disposition"] == (
        f'attachment; filename="catalog_csv-template.{format.value}"'
    )


def test_columns_are_those_of_the_chosen_account_and_of_no_other():
    first, second, strange = (AccountFactory.create(name=name) for name in "abc")
    for account in (first, second, strange):
        import_rows(
            account, ["SKU", "Product Name", f"Variant #; of {account.name}"], [["A", "Fan", "x"]]
        )
    browser = client_as(Role.MERCHANDISER, first, second)

    def shown(**query):
        return browser.get(page(), query).content.decode()

    assert "Variant #; of a" in shown()
    assert "Variant #; of b" in shown(account=second.pk)
    assert "Variant #; of a" not in shown(account=second.pk)
    assert browser.get(page(), {"account": strange.pk}).status_code == 404


def test_where_any_file_will_do_there_is_nothing_to_download():
    browser = client_as(Role.MERCHANDISER, AccountFactory.create())
    echo = page("file_content_echo_processor")

    assert "Any table will do" in browser.get(echo).content.decode()
    assert browser.get(echo, {"format": "csv"}).status_code == 404


@pytest.mark.parametrize("path", ["no_such_processor", f"{CATALOG}"])
def test_what_there_is_not_is_not_found(path):
    browser = client_as(Role.MERCHANDISER, AccountFactory.create())

    assert browser.get(page(path), {"format": "pdf"}).status_code == 404


def test_the_upload_form_leads_to_it():
    browser = client_as(Role.MERCHANDISER, AccountFactory.create())

    form = browser.get(reverse("admin:bulk_uploads_bulkupload_add")).content.decode()

    assert f'href="{page()}"' in form
