"""Editing a variant: through the write path, refusals beside their field, no edit lost."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from accounts.roles import Role
from catalog.admin.variant import VariantAdmin
from catalog.models import (
    AttributeDefinition,
    Change,
    MediaLink,
    ObjectKind,
    PropertySetDefinition,
    SetKind,
    TableEntryDefinition,
    Variant,
)
from tests.factories.catalog import (
    AttributeDefinitionFactory,
    ProductFactory,
    PropertySetDefinitionFactory,
    TableEntryDefinitionFactory,
    VariantFactory,
    link_media,
)
from tests.signing_in import client_as

pytestmark = pytest.mark.django_db


class Fan:
    """A variant with one of everything."""

    def __init__(self) -> None:
        self.product = ProductFactory(name="ZESTER")
        account = self.product.account
        self.color: AttributeDefinition = AttributeDefinitionFactory(account=account, name="color")
        self.sweep = AttributeDefinitionFactory(account=account, name="sweep size", unit="mm")
        self.table: PropertySetDefinition = PropertySetDefinitionFactory(
            account=account, name="details"
        )
        self.voltage: TableEntryDefinition = TableEntryDefinitionFactory(
            property_set=self.table, key="Rated Voltage", unit="V"
        )
        self.features = PropertySetDefinitionFactory(
            account=account, kind=SetKind.LIST, name="Features"
        )
        self.paths = PropertySetDefinitionFactory(account=account, media_paths=True)
        self.variant = VariantFactory(
            product=self.product,
            sku="FAN-1",
            display_name="ZESTER Dusk",
            attributes={str(self.color.pk): "Dusk"},
            property_sets={
                str(self.table.pk): {str(self.voltage.pk): ["220", "240"]},
                str(self.features.pk): ["Quiet", "Rust free"],
            },
        )
        link_media(self.variant, self.paths, "https://images.example.com/1.png")

    @property
    def url(self) -> str:
        return reverse("admin:catalog_variant_change", args=[self.variant.pk])

    def posted(self, **changes: Any) -> dict[str, Any]:
        """The form as a browser would send it back, untouched but for `changes`."""
        return {
            "seen_change": "",
            "product": self.product.pk,
            "display_name": "ZESTER Dusk",
            "description": "",
            "active": "on",
            "ean": "",
            "price": "5830",
            "list_price": "6000",
            f"attribute_{self.color.pk}": "Dusk",
            f"attribute_{self.sweep.pk}": "",
            f"entry_{self.table.pk}_{self.voltage.pk}": ["220", "240"],
            f"list_{self.features.pk}": ["Quiet", "Rust free"],
            f"media_{self.paths.pk}": ["https://images.example.com/1.png"],
            **changes,
        }

    def stored(self) -> Variant:
        return Variant.objects.get(pk=self.variant.pk)


@pytest.fixture
def fan():
    return Fan()


@pytest.fixture
def browser(fan):
    return client_as(Role.MERCHANDISER, fan.product.account)


def last_change() -> Change:
    return Change.objects.order_by("-id")[0]


def test_the_page_shows_sets_as_tables_lists_and_galleries(browser, fan):
    form = browser.get(fan.url).context["form"]

    assert [row.info.name for row in form.used_attributes] == ["color"]
    assert [row.info.name for row in form.other_attributes] == ["sweep size"]
    shown = {section.name: section for section in form.used_sets}
    assert shown["details"].entries[0].field.value() == ["220", "240"]
    assert shown["details"].entries[0].info.unit == "V"
    assert shown["Features"].field.value() == ["Quiet", "Rust free"]
    assert shown["Pictures"].field.value() == ["https://images.example.com/1.png"]


def test_saving_without_a_change_writes_nothing(browser, fan):
    before = Variant.objects.values().get(pk=fan.variant.pk)

    answer = browser.post(fan.url, fan.posted())

    assert answer.status_code == 302
    assert not Change.objects.exists()
    assert Variant.objects.values().get(pk=fan.variant.pk) == before


def test_a_changed_price_is_logged_with_who_did_it(browser, fan):
    browser.post(fan.url, fan.posted(price="5990.50"))

    change = last_change()
    assert fan.stored().price == Decimal("5990.5")
    assert (change.kind, change.object_id, change.user) == (
        ObjectKind.VARIANT,
        fan.variant.pk,
        browser.user,
    )
    assert change.fields == {"price": ["5830", "5990.5"]}
    assert fan.stored().last_change_id == change.pk


def test_attributes_entries_lists_and_pictures_are_saved(browser, fan):
    browser.post(
        fan.url,
        fan.posted(
            **{
                f"attribute_{fan.color.pk}": "",
                f"attribute_{fan.sweep.pk}": "1200",
                f"entry_{fan.table.pk}_{fan.voltage.pk}": ["230", ""],
                f"list_{fan.features.pk}": ["Rust free", " Quiet "],
                f"media_{fan.paths.pk}": ["https://b.example/2.png", "https://b.example/3.png"],
            }
        ),
    )

    stored = fan.stored()
    assert stored.attributes == {str(fan.sweep.pk): "1200"}
    assert stored.property_sets == {
        str(fan.table.pk): {str(fan.voltage.pk): ["230"]},
        str(fan.features.pk): ["Rust free", "Quiet"],
    }
    assert list(
        MediaLink.objects.filter(variant=stored)
        .order_by("position")
        .values_list("asset__url", flat=True)
    ) == ["https://b.example/2.png", "https://b.example/3.png"]


def test_another_product_moves_the_variant(browser, fan):
    other = ProductFactory(account=fan.product.account, name="YORKER")

    browser.post(fan.url, fan.posted(product=other.pk))

    assert fan.stored().product == other
    assert last_change().fields == {
        "product": ["ZESTER", "YORKER"],
        "product_id": [fan.product.pk, other.pk],
    }


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"price": "cheap"}, "price"),
        ({"price": "-1"}, "price"),
        ({"price": "1.00001"}, "price"),
        ({"ean": "4006381333932"}, "ean"),
        ({"product": ""}, "product"),
        ({"product": "nonsense"}, "product"),
    ],
)
def test_a_wrong_value_is_said_beside_its_field_and_nothing_is_saved(browser, fan, changes, field):
    answer = browser.post(fan.url, fan.posted(display_name="Changed too", **changes))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert fan.stored().display_name == "ZESTER Dusk"
    assert not Change.objects.exists()


def test_everything_wrong_is_said_at_once_and_leads_to_its_field(browser, fan):
    answer = browser.post(fan.url, fan.posted(price="cheap", ean="123", weight_g="-1"))

    assert list(answer.context["form"].errors) == ["ean", "price", "weight_g"]
    assert answer.context["form"].errors["price"] == [
        "'cheap' is not a number. Expected digits such as 1234.50 or 1,234.50."
    ]
    assert 'href="#id_weight_g"' in answer.content.decode()


@pytest.mark.parametrize("price", ["5830.00", "5,830", " 5830 "])
def test_the_same_price_written_otherwise_is_no_change(browser, fan, price):
    browser.post(fan.url, fan.posted(price=price))

    assert not Change.objects.exists()


def test_a_refused_picture_address_is_said_beside_the_gallery(browser, fan):
    name = f"media_{fan.paths.pk}"

    answer = browser.post(fan.url, fan.posted(**{name: ["javascript:alert(1)"]}))

    assert "is not a web address" in answer.context["form"].errors[name][0]
    assert not Change.objects.exists()


def test_a_refused_list_item_is_said_beside_the_list(browser, fan):
    name = f"list_{fan.features.pk}"

    answer = browser.post(fan.url, fan.posted(**{name: ["one #; two"]}))

    assert list(answer.context["form"].errors) == [name]
    assert fan.stored().property_sets == fan.variant.property_sets


def test_the_ean_of_another_variant_is_refused(browser, fan):
    VariantFactory(account=fan.product.account, product=fan.product, ean="4006381333931")

    answer = browser.post(fan.url, fan.posted(ean="4006381333931"))

    assert answer.context["form"].errors == {
        "ean": ["Another variant of this account has this EAN."]
    }
    assert fan.stored().ean == ""


def test_an_edit_in_between_is_not_lost_but_shown(browser, fan):
    colleague = client_as(Role.MANAGER, fan.product.account)
    colleague.post(fan.url, fan.posted(price="7000", tax_rate="18% GST"))
    theirs = last_change()

    answer = browser.post(fan.url, fan.posted(display_name="ZESTER Dusk 48", tax_rate="12% GST"))

    form = answer.context["form"]
    assert answer.status_code == 409
    assert last_change() == theirs
    assert [entry.who for entry in answer.context["meanwhile"]] == [colleague.user.username]
    # What was left alone is as it is now, what was written is kept, for one more look.
    assert form["price"].value() == "7000"
    assert form["display_name"].value() == "ZESTER Dusk 48"
    assert form["tax_rate"].value() == "12% GST"
    assert form["seen_change"].value() == str(theirs.pk)


def test_saving_again_after_that_look_keeps_both(browser, fan):
    colleague = client_as(Role.MANAGER, fan.product.account)
    other = ProductFactory(account=fan.product.account)
    entry = f"entry_{fan.table.pk}_{fan.voltage.pk}"
    colleague.post(
        fan.url, fan.posted(active="", product=other.pk, **{entry: ["110"], "price": "7000"})
    )
    shown = browser.post(fan.url, fan.posted(display_name="ZESTER Dusk 48")).context["form"]
    again = {field.html_name: field.value() for field in shown}
    again = {name: value for name, value in again.items() if value not in (None, False)}

    answer = browser.post(fan.url, again)

    stored = fan.stored()
    assert answer.status_code == 302
    assert (stored.display_name, stored.price) == ("ZESTER Dusk 48", Decimal(7000))
    assert (stored.active, stored.product) == (False, other)
    assert stored.property_sets[str(fan.table.pk)] == {str(fan.voltage.pk): ["110"]}
    assert last_change().fields == {"display_name": ["ZESTER Dusk", "ZESTER Dusk 48"]}


LINED = "Cotton\nWool"


def in_lines(fan) -> dict[str, Any]:
    """Values with line breaks, as a browser sends them back."""
    variant = fan.variant
    variant.description, variant.tax_rate = "First.\nSecond.", LINED
    variant.attributes = {str(fan.color.pk): LINED}
    variant.property_sets[str(fan.features.pk)] = ["Quiet", LINED]
    variant.save()
    sent = LINED.replace("\n", "\r\n")
    return {
        "description": "First.\r\nSecond.",
        "tax_rate": sent,
        f"attribute_{fan.color.pk}": sent,
        f"list_{fan.features.pk}": ["Quiet", sent],
    }


def test_texts_of_several_lines_stay_so_when_something_else_is_changed(browser, fan):
    as_sent = in_lines(fan)
    page = browser.get(fan.url).content.decode()
    browser.post(fan.url, fan.posted(price="7000", **as_sent))

    assert page.count("Cotton\nWool</textarea>") == 3
    assert list(last_change().fields) == ["price"]
    assert fan.stored().attributes == {str(fan.color.pk): LINED}


def test_a_colleagues_edit_of_several_lines_is_not_taken_back(browser, fan):
    as_sent = in_lines(fan)
    colleague = client_as(Role.MANAGER, fan.product.account)
    colleague.post(fan.url, fan.posted(**{**as_sent, "description": "First.\r\nBetter."}))

    answer = browser.post(fan.url, fan.posted(price="7000", **as_sent))

    assert answer.status_code == 409
    assert answer.context["form"]["description"].value() == "First.\nBetter."


def test_a_variant_that_is_removed_while_it_is_saved_is_said_to_be_gone(browser, fan, monkeypatch):
    kept = VariantAdmin.form_for

    def removed_meanwhile(self, row, data=None):
        form = kept(self, row, data)
        Variant.objects.filter(pk=row.pk).delete()
        return form

    monkeypatch.setattr(VariantAdmin, "form_for", removed_meanwhile)
    MediaLink.objects.all().delete()

    answer = browser.post(fan.url, fan.posted(price="7000"))

    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("admin:index"))


def test_save_and_continue_stays_on_the_page(browser, fan):
    saved = browser.post(fan.url, fan.posted(price="1"))
    continued = browser.post(
        fan.url, fan.posted(price="2", seen_change=last_change().pk, _continue="1")
    )

    assert saved.headers["Location"] == reverse("admin:catalog_variant_changelist")
    assert continued.headers["Location"] == fan.url


def test_looking_at_a_variant_changes_nothing(browser, fan):
    before = Variant.objects.values().get(pk=fan.variant.pk)

    for page in ("change", "history", "delete"):
        browser.get(reverse(f"admin:catalog_variant_{page}", args=[fan.variant.pk]))

    assert Variant.objects.values().get(pk=fan.variant.pk) == before
    assert not Change.objects.exists()


def test_markup_of_a_description_is_shown_but_cannot_run(browser, fan):
    Variant.objects.filter(pk=fan.variant.pk).update(
        description='<b onclick="x()">Quiet</b><script>alert(1)</script><img src=x onerror=y>'
    )

    answer = browser.get(fan.url)

    assert answer.context["shown_description"] == "<b>Quiet</b>"
    assert "<script>alert(1)" not in answer.content.decode()


def test_a_plain_description_keeps_its_lines(browser, fan):
    Variant.objects.filter(pk=fan.variant.pk).update(description="One\nTwo & three")

    assert browser.get(fan.url).context["shown_description"] == "<p>One<br>Two &amp; three</p>"


def test_a_new_variant_is_made_through_the_write_path(browser, fan):
    answer = browser.post(
        reverse("admin:catalog_variant_add"),
        {"product": fan.product.pk, "sku": "FAN-2", "price": "10", "active": "on"},
    )

    made = Variant.objects.get(sku="FAN-2")
    assert answer.headers["Location"] == reverse("admin:catalog_variant_change", args=[made.pk])
    assert (made.product, made.price, made.active) == (fan.product, Decimal(10), True)
    assert (last_change().object_id, last_change().user) == (made.pk, browser.user)


def test_a_new_variant_with_a_sku_that_is_taken_is_refused(browser, fan):
    answer = browser.post(
        reverse("admin:catalog_variant_add"), {"product": fan.product.pk, "sku": "FAN-1"}
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "sku": ["Another variant of this account has this SKU."]
    }
    assert Variant.objects.count() == 1


def test_deleting_says_what_goes_and_logs_it(fan):
    browser = client_as(Role.MANAGER, fan.product.account)
    url = reverse("admin:catalog_variant_delete", args=[fan.variant.pk])

    asked = " ".join(browser.get(url).content.decode().split())
    browser.post(url)

    assert "its 1 picture link" in asked
    assert "It is the last variant of the product <strong>ZESTER</strong>" in asked
    assert not Variant.objects.exists()
    assert (last_change().get_action_display(), last_change().user) == ("deleted", browser.user)
