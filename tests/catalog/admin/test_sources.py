"""Where this came from: each field of a product or variant with what set it, in words."""

import re

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.roles import Role
from catalog.editing import edit_product, edit_variant
from catalog.models import Product, StockLevel, Variant
from catalog.writing.context import Actor
from tests.catalog.stock.stocking import stock_rows
from tests.factories.accounts import AccountFactory, MembershipFactory, UserFactory
from tests.imports import import_rows
from tests.signing_in import SUPERUSER, client_as
from tests.undos import undo

pytestmark = pytest.mark.django_db

HEADER = ["SKU", "Product Name", "Price", "Tax Rate", "Tags"]


@pytest.fixture
def account():
    return AccountFactory.create()


def sources(account, row):
    """The section's text, times left out."""
    url = reverse(f"admin:catalog_{row._meta.model_name}_change", args=[row.pk])
    page = client_as(Role.MERCHANDISER, account).get(url).content.decode()
    section = page.split("<summary>Where this came from</summary>")[1].split("</section>")[0]
    words = re.sub(r"\s+", " ", strip_tags(section))
    return re.sub(r" \d+ \w+ \d{4}, \d\d:\d\d UTC", ";", words).strip()


def test_a_variant_names_upload_and_row_person_and_undo(account):
    import_rows(account, HEADER, [["A", "Fan", "1", "5%", ""]])
    upload = import_rows(account, HEADER, [["A", "Fan", "2", "5%", ""]])
    undo(upload)
    first = Variant.objects.get()
    person = UserFactory.create(first_name="Priya", last_name="Nair")
    edit_variant(
        account_id=account.pk,
        actor=Actor(user_id=person.pk),
        variant_id=first.pk,
        values={"tax_rate": "18%"},
    )

    begun = f"Upload {first.created_by_upload_id}, row 2"
    assert sources(account, Variant.objects.get()) == (
        f"SKU {begun}; Product {begun}; Price Undo of upload {upload.pk}; Active {begun}; "
        "Tax rate Priya Nair;"
    )


def test_a_product_names_the_row_that_decided_it(account):
    upload = import_rows(
        account, HEADER, [["A", "Lamp", "1", "", ""], ["B", "Fan", "1", "", "Cool"]]
    )
    fan = Product.objects.get(key="Fan")
    edit_product(account_id=account.pk, actor=Actor(), product_id=fan.pk, category_path="Home")

    begun = f"Upload {upload.pk}, row 3"
    assert sources(account, fan) == (
        f"Name {begun}; Product key {begun}; Category Somebody who left; Tags {begun};"
    )


@pytest.mark.parametrize(
    ("role", "leads"),
    [(Role.MERCHANDISER, True), (Role.REVIEWER, False), (Role.MANAGER, True), (SUPERUSER, True)],
)
def test_only_who_may_see_an_upload_is_led_to_it(account, role, leads):
    import_rows(account, HEADER, [["A", "Fan", "1", "5%", ""]])
    import_rows(account, HEADER, [["A", "Fan", "2", "5%", ""]])
    stock_rows(account, ["SKU", "Location", "Quantity"], [["A", "Delhi", "10"]])
    variant = Variant.objects.get()
    client = client_as(role, account)
    MembershipFactory.create(user=client.user, role=Role.MANAGER)

    for page, pk in (
        ("variant_change", variant.pk),
        ("variant_history", variant.pk),
        ("product_change", variant.product_id),
        ("stocklevel_change", StockLevel.objects.get().pk),
    ):
        shown = client.get(reverse(f"admin:catalog_{page}", args=[pk])).content.decode()
        assert re.search(r"Upload \d+, row 2", shown)
        assert bool(re.search(r"/admin/bulk_uploads/bulkupload/\d+/", shown)) is leads, page
