"""Exports from the lists of products and variants."""

import io

import openpyxl
import pytest
from django.urls import reverse

from accounts.roles import Role
from catalog.exporting import ExportFormat
from catalog.models import Product, Variant
from tests.catalog.exporting.files import FORMATS, exported
from tests.factories.accounts import AccountFactory
from tests.imports import counts, import_bytes, import_rows
from tests.signing_in import EVERYBODY, STRANGER, client_as

pytestmark = pytest.mark.django_db

HEADER = ["SKU", "Product Name", "Active"]
ROWS = [["A-1", "Fan", "TRUE"], ["A-2", "Fan", "FALSE"], ["B-1", "Lamp", "FALSE"]]


@pytest.fixture
def account():
    account = AccountFactory.create()
    import_rows(account, HEADER, ROWS)
    return account


@pytest.fixture
def browser(account):
    return client_as(Role.REVIEWER, account)


def list_url(model):
    return reverse(f"admin:catalog_{model}_changelist")


def export_url(model, query=""):
    return reverse(f"admin:catalog_{model}_export") + query


def content(answer):
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def skus(answer):
    sheet = openpyxl.load_workbook(io.BytesIO(content(answer))).active
    return [row[2] for row in sheet.iter_rows(min_row=2, values_only=True)]


def select(browser, model, rows, *, format="xlsx", **extra):
    data = {"action": f"export_as_{format}", "_selected_action": [row.pk for row in rows]}
    return browser.post(list_url(model), data | extra, follow=True)


def messages(answer):
    return [str(message) for message in answer.context["messages"]]


# Of the selected rows


def test_selected_products_are_exported_with_all_their_variants(account, browser):
    assert skus(select(browser, "product", [Product.objects.get(name="Fan")])) == ["A-1", "A-2"]


def test_selected_variants_are_exported_alone(account, browser):
    chosen = Variant.objects.filter(sku__in=["A-2", "B-1"])

    assert skus(select(browser, "variant", chosen)) == ["A-2", "B-1"]


@pytest.mark.parametrize("format", FORMATS)
def test_all_rows_of_a_list_can_be_selected(account, browser, format):
    one = Variant.objects.filter(sku="A-1")

    answer = select(browser, "variant", one, format=format.value, select_across="1")

    assert content(answer) == exported(account, format)


def test_rows_of_several_accounts_are_no_export(account):
    other = AccountFactory.create()
    import_rows(other, HEADER, [["X", "Other", ""]])

    answer = select(client_as(Role.REVIEWER, account, other), "variant", Variant.objects.all())

    assert messages(answer) == [
        "Nothing was exported: the selected rows belong to several accounts, and an export is of "
        "one."
    ]


def test_rows_of_another_account_cannot_be_selected(account, browser):
    other = AccountFactory.create()
    import_rows(other, HEADER, [["X", "Other", ""]])

    answer = select(browser, "variant", Variant.objects.filter(sku__in=["X", "A-1"]))

    assert skus(answer) == ["A-1"]


def test_what_no_workbook_holds_is_said_on_the_list(account, browser):
    import_rows(account, ["SKU", "Description"], [["A-1", "x" * 40_000]])

    answer = select(browser, "variant", Variant.objects.all())

    [said] = messages(answer)
    assert said.startswith("Cell D2 would have 40,000 characters")


def test_exports_come_first_among_the_actions_and_the_sites_own_deletion_is_none(account):
    for model in ("product", "variant"):
        answer = client_as(Role.MANAGER, account).get(list_url(model))

        offered = [name for name, _ in answer.context["action_form"].fields["action"].choices]
        exports = ["export_as_csv", "export_as_xlsx", "export_as_jsonl"]
        assert offered[:4] == ["", *exports]
        assert "delete_selected" not in offered


# Of the list, and of everything


def test_a_list_links_to_the_export_of_what_it_shows(account, browser):
    answer = browser.get(list_url("variant"), {"active__exact": "1"})

    link = export_url("variant", "?active__exact=1")
    assert f'href="{link}"' in answer.content.decode()


def test_the_page_offers_the_list_or_everything(account, browser):
    answer = browser.get(export_url("variant", "?active__exact=0"))

    assert answer.status_code == 200
    assert "The 2 in the list" in answer.content.decode()
    assert answer.context["form"]["what"].value() == "listed"
    assert "The whole catalog" in answer.content.decode()


def test_without_a_filter_there_is_only_everything(account, browser):
    answer = browser.get(export_url("product", "?p=1"))

    assert [value for value, _ in answer.context["form"].fields["what"].choices] == ["everything"]


@pytest.mark.parametrize(
    ("model", "query", "what", "expected"),
    [
        ("variant", "?active__exact=0", "listed", ["A-2", "B-1"]),
        ("variant", "?active__exact=0", "everything", ["A-1", "A-2", "B-1"]),
        ("variant", "?q=B-1", "listed", ["B-1"]),
        ("product", "?q=fan", "listed", ["A-1", "A-2"]),
        ("product", "?q=A-2", "listed", ["A-1", "A-2"]),
        ("product", "", "everything", ["A-1", "A-2", "B-1"]),
    ],
)
def test_what_was_asked_for_is_downloaded(account, browser, model, query, what, expected):
    answer = browser.post(export_url(model, query), {"what": what, "format": "xlsx"})

    assert skus(answer) == expected


@pytest.mark.parametrize("format", FORMATS)
def test_the_download_is_imported_again_without_a_change(account, browser, format):
    data = {"what": "everything", "format": format.value}

    upload = import_bytes(account, content(browser.post(export_url("product"), data)))

    assert counts(upload) == {"unchanged": 3}


def test_people_of_several_accounts_choose_one(account):
    other = AccountFactory.create()
    import_rows(other, HEADER, [["X", "Other", "TRUE"]])
    browser = client_as(Role.REVIEWER, account, other)
    data = {"what": "listed", "format": "xlsx", "account": other.pk}

    page = browser.get(export_url("variant", "?active__exact=1"))
    answer = browser.post(export_url("variant", "?active__exact=1"), data)

    assert page.context["form"].asks_account
    assert skus(answer) == ["X"]


def test_an_account_out_of_reach_cannot_be_chosen(account):
    mine, other = AccountFactory.create(), AccountFactory.create()
    browser = client_as(Role.REVIEWER, account, mine)
    data = {"what": "everything", "format": "csv", "account": other.pk}

    answer = browser.post(export_url("variant"), data)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["account"]


def test_a_posted_account_does_not_replace_the_only_one(account, browser):
    other = AccountFactory.create()
    data = {"what": "everything", "format": "csv", "account": other.pk}

    answer = browser.post(export_url("variant"), data)

    assert content(answer) == exported(account, ExportFormat.CSV)


def test_the_person_must_choose_a_kind_of_file(account, browser):
    answer = browser.post(export_url("variant"), {"what": "everything"})

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"format": ["Choose a kind of file."]}


def test_what_no_workbook_holds_is_said_on_the_page(account, browser):
    import_rows(account, ["SKU", "Description"], [["A-1", "x" * 40_000]])

    answer = browser.post(export_url("variant"), {"what": "everything", "format": "xlsx"})

    assert answer.status_code == 422
    assert "Cell D2 would have 40,000 characters" in answer.content.decode()


def test_a_filter_there_is_not_leads_to_the_page_without(account, browser):
    answer = browser.get(export_url("variant", "?nonsense=1"))

    assert answer.status_code == 302
    assert answer["Location"] == export_url("variant")


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("model", ["product", "variant"])
def test_whoever_sees_the_catalog_may_export_it(account, who, model):
    client = client_as(who, account)
    data = {"what": "everything", "format": "csv", "account": account.pk}

    seen = client.get(export_url(model)).status_code
    answer = client.post(export_url(model), data)

    assert seen == answer.status_code == (403 if who == STRANGER else 200)
    if answer.status_code == 200:
        assert content(answer) == exported(account, ExportFormat.CSV)


def test_a_download_needs_the_token_of_its_form(account):
    browser = client_as(Role.MANAGER, account)
    browser.handler.enforce_csrf_checks = True

    assert browser.post(export_url("product"), {"format": "csv"}).status_code == 403
