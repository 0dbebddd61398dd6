"""Editing a product, its history, and where it began."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from catalog.models import Action, Change, ObjectKind, Product, Variant
from tests.factories.accounts import AccountFactory, ApiTokenFactory
from tests.factories.bulk_uploads import BulkUploadFactory, RowResultFactory
from tests.factories.catalog import (
    WRITTEN,
    AttributeDefinitionFactory,
    ProductFactory,
    VariantFactory,
)
from tests.signing_in import client_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def product():
    return ProductFactory(
        name="ZESTER", category_path="Fans/Ceiling Fans", tags=["Quiet"], collections=["A", "B"]
    )


@pytest.fixture
def browser(product):
    return client_as(Role.MERCHANDISER, product.account)


def url(row, page: str = "change") -> str:
    return reverse(f"admin:catalog_{row._meta.model_name}_{page}", args=[row.pk])


def posted(**changes):
    return {
        "seen_change": "",
        "name": "ZESTER",
        "category": "Fans/Ceiling Fans",
        "tags": ["Quiet"],
        "collections": ["A", "B"],
        **changes,
    }


def names(rows) -> list[str]:
    return [row.name for row in rows]


def test_the_page_shows_the_product_as_it_is(browser, product):
    form = browser.get(url(product)).context["form"]

    assert form["name"].value() == "ZESTER"
    assert form["category"].value() == "Fans/Ceiling Fans"
    assert form["tags"].value() == ["Quiet"]
    assert form["collections"].value() == ["A", "B"]


def test_shelves_are_changed_and_made_through_the_write_path(browser, product):
    browser.post(
        url(product), posted(category="Fans/Table Fans", tags=["Loud", "Quiet", ""], collections=[])
    )

    stored = Product.objects.get(pk=product.pk)
    change = Change.objects.get()
    assert stored.category.path == "Fans/Table Fans"
    assert names(stored.tags.order_by("product_tags__position")) == ["Loud", "Quiet"]
    assert names(stored.collections.all()) == []
    assert change.user == browser.user
    assert change.fields == {
        "category": ["Fans/Ceiling Fans", "Fans/Table Fans"],
        "tags": [["Quiet"], ["Loud", "Quiet"]],
        "collections": [["A", "B"], []],
    }


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"category": "Fans//Table"}, "category"),
        ({"tags": ["a #; b"]}, "tags"),
    ],
)
def test_a_wrong_value_is_said_beside_its_field_and_nothing_is_saved(
    browser, product, changes, field
):
    answer = browser.post(url(product), posted(**{"name": "Changed", **changes}))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert Product.objects.get(pk=product.pk).name == "ZESTER"


def test_the_name_of_another_product_is_refused(browser, product):
    ProductFactory(account=product.account, name="YORKER")

    answer = browser.post(url(product), posted(name="YORKER"))

    assert answer.context["form"].errors == {
        "name": ["Another product of this account has this name or key."]
    }


def test_an_edit_in_between_is_shown_and_kept(browser, product):
    colleague = client_as(Role.MANAGER, product.account)
    colleague.post(url(product), posted(tags=["Loud"]))

    answer = browser.post(url(product), posted(name="ZESTER 2"))

    assert answer.status_code == 409
    assert answer.context["form"]["tags"].value() == ["Loud"]
    assert Product.objects.get(pk=product.pk).name == "ZESTER"


def test_a_new_product_is_made_in_the_persons_account(browser, product):
    answer = browser.post(
        reverse("admin:catalog_product_add"),
        {"name": "YORKER", "category": "Fans", "tags": ["New"], "collections": []},
    )

    made = Product.objects.get(name="YORKER")
    assert answer.headers["Location"] == url(made)
    assert (made.account, made.key, made.category.path) == (product.account, "YORKER", "Fans")
    assert names(made.tags.all()) == ["New"]


def test_deleting_a_product_says_how_many_variants_go_with_it(product):
    VariantFactory(product=product)
    VariantFactory(product=product)
    browser = client_as(Role.MANAGER, product.account)

    asked = " ".join(browser.get(url(product, "delete")).content.decode().split())
    browser.post(url(product, "delete"))

    assert "and its 2 variants are removed" in asked
    assert (Product.objects.count(), Variant.objects.count()) == (0, 0)


def test_history_says_who_changed_what_in_words(browser, product):
    variant = VariantFactory(product=product)
    color = AttributeDefinitionFactory(account=product.account, name="color")
    upload = BulkUploadFactory(account=product.account, succeeded=True)
    log = {"account": product.account, "kind": ObjectKind.VARIANT, "object_id": variant.pk}
    log |= {"action": Action.UPDATED, "at": WRITTEN}
    token = ApiTokenFactory(account=product.account, name="ERP")
    Change.objects.create(
        **log, upload=upload, row=1_234, fields={"ean": ["", "40"], "gtin": [None, "00"]}
    )
    Change.objects.create(
        **log,
        user=browser.user,
        fields={"active": [True, False], f"attributes.{color.pk}": ["Dusk", None]},
    )
    Change.objects.create(**log, token=token, fields={"price": [None, "10"]})

    entries = browser.get(url(variant, "history")).context["history"].entries

    assert [(entry.who, entry.what, entry.url) for entry in entries] == [
        ("ERP (API token)", "updated", None),
        (browser.user.username, "updated", None),
        (
            f"Upload {upload.pk}, row 1,234",
            "updated",
            reverse("admin:bulk_uploads_bulkupload_change", args=[upload.pk]),
        ),
    ]
    assert [
        [(change.label, change.before, change.after) for change in entry.fields]
        for entry in entries
    ] == [
        [("Price", "", "10")],
        [("Active", "yes", "no"), ("color", "Dusk", "")],
        [("EAN", "", "40")],
    ]


def test_history_begins_with_the_row_that_created_the_variant(browser, product):
    upload = BulkUploadFactory(account=product.account, succeeded=True)
    variant = VariantFactory(product=product, sku="FAN-1", created_by_upload=upload)
    RowResultFactory(upload=upload, row=42, key="FAN-1", object_id=variant.pk)

    (entry,) = browser.get(url(variant)).context["history"].entries

    assert (entry.who, entry.what) == (f"Upload {upload.pk}, row 42", "created")


def test_a_long_history_comes_in_pages(browser, product):
    for price in range(30):
        Change.objects.create(
            account=product.account,
            kind=ObjectKind.PRODUCT,
            object_id=product.pk,
            action=Action.UPDATED,
            at=WRITTEN,
            user=browser.user,
            fields={"name": [str(price), str(price + 1)]},
        )

    page = browser.get(url(product, "history"))
    first = page.context["history"]
    second = browser.get(f"{url(product, 'history')}?{first.older_query}").context["history"]

    assert (len(first.entries), len(second.entries)) == (25, 5)
    assert f'href="?{first.older_query}#history"' in page.content.decode()
    assert (first.newest_query, second.newest_query, second.older_query) == (None, "", None)
    assert second.entries[-1].fields[0].before == "0"


def test_who_works_for_several_accounts_chooses_one_for_a_new_product(product):
    second = AccountFactory()
    browser = client_as(Role.MERCHANDISER, product.account, second)

    browser.post(reverse("admin:catalog_product_add"), {"name": "YORKER", "account": second.pk})

    assert Product.objects.get(name="YORKER").account == second
