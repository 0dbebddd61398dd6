"""The stock pages: the list, one level, a new one, locations; for whom, and of which account."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from catalog.models import Location, StockLevel, StockMovement
from tests.catalog.stock.stocking import levels_of, movements_of, stock_rows, variants
from tests.factories.accounts import AccountFactory
from tests.factories.catalog import VariantFactory
from tests.factories.stock import LocationFactory, StockLevelFactory
from tests.signing_in import EVERYBODY, STRANGER, SUPERUSER, client_as

pytestmark = pytest.mark.django_db

LIST = "admin:catalog_stocklevel_changelist"
CHANGE = "admin:catalog_stocklevel_change"
EDITORS = {Role.MERCHANDISER.value, Role.MANAGER.value, SUPERUSER}


@pytest.fixture
def level() -> StockLevel:
    variant = VariantFactory.create(sku="FAN-1", product__name="Zester")
    location = LocationFactory.create(account=variant.account, name="Delhi")
    made: StockLevel = StockLevelFactory.create(variant=variant, location=location)
    return made


@pytest.fixture
def browser(level):
    return client_as(Role.MANAGER, level.account)


def url_of(level: StockLevel) -> str:
    return reverse(CHANGE, args=[level.pk])


def posted(level: StockLevel, quantity: str, mode: str = "set") -> dict[str, str]:
    return {"seen_change": str(level.last_movement_id), "mode": mode, "quantity": quantity}


def shown(browser, **query: str) -> list[str]:
    found = browser.get(reverse(LIST), query).context["cl"].result_list
    return [f"{level.variant.sku} {level.location.name}" for level in found]


# The list


def test_the_list_names_sku_location_quantity_and_state(browser, level):
    page = browser.get(reverse(LIST)).content.decode()

    for text in ("FAN-1", "Zester", "Delhi", "In stock"):
        assert text in page
    assert reverse("admin:catalog_stocklevel_locations") in page


def test_the_list_is_searched_by_sku_and_filtered(browser, level):
    other = VariantFactory.create(account=level.account, sku="LAMP-1")
    pune = LocationFactory.create(account=level.account, name="Pune")
    StockLevelFactory.create(variant=other, location=pune, quantity=Decimal("-2"))
    StockLevelFactory.create(variant=level.variant, location=pune, quantity=Decimal(0))

    assert shown(browser, q="LAMP") == ["LAMP-1 Pune"]
    assert shown(browser, quantity="below") == ["LAMP-1 Pune"]
    assert shown(browser, quantity="none") == ["FAN-1 Pune"]
    assert shown(browser, quantity="some") == ["FAN-1 Delhi"]
    assert shown(browser, location__id__exact=str(level.location_id)) == ["FAN-1 Delhi"]


def test_the_list_is_filtered_by_the_upload_that_wrote(browser, level):
    upload = stock_rows(level.account, ["SKU", "Location", "Quantity"], [["FAN-1", "Pune", "3"]])

    assert shown(browser, upload=str(upload.pk)) == ["FAN-1 Pune"]


def test_the_list_costs_the_same_for_one_row_and_for_twenty(browser, level):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(reverse(LIST)).status_code == 200
        return len(captured)

    browser.get(reverse(LIST))
    one = queries()
    for variant in variants(level.account, *(f"S{number}" for number in range(19))):
        StockLevelFactory.create(variant=variant, location=level.location)

    assert queries() == one


# One level


def test_a_level_is_set_and_the_movement_names_the_person(browser, level):
    answer = browser.post(url_of(level), posted(level, "1,250.5"))

    assert answer.status_code == 302
    assert levels_of(level.account) == {("FAN-1", "Delhi"): "1250.5"}
    assert movements_of(level.account)[-1] == ("FAN-1", "Delhi", "set", "10", "1250.5", None)
    assert StockMovement.objects.latest("id").user == browser.user


def test_a_level_is_adjusted(browser, level):
    browser.post(url_of(level), posted(level, "-12", "adjust"))

    assert levels_of(level.account) == {("FAN-1", "Delhi"): "-2"}
    assert movements_of(level.account)[-1][2] == "adjusted"


def test_the_same_quantity_is_no_movement(browser, level):
    browser.post(url_of(level), posted(level, "10.0"))

    assert StockMovement.objects.count() == 1


@pytest.mark.parametrize("quantity", ["", "much", "0.00001"])
def test_what_is_no_quantity_is_refused(browser, level, quantity):
    answer = browser.post(url_of(level), posted(level, quantity))

    assert answer.status_code == 422
    assert "quantity" in answer.context["form"].errors
    assert levels_of(level.account) == {("FAN-1", "Delhi"): "10"}


def test_a_save_on_top_of_somebody_elses_is_not_made(browser, level):
    stock_rows(level.account, ["SKU", "Location", "Quantity"], [["FAN-1", "Delhi", "4"]])

    answer = browser.post(url_of(level), posted(level, "9"))

    assert answer.status_code == 409
    assert "is now 4" in answer.content.decode()
    assert levels_of(level.account) == {("FAN-1", "Delhi"): "4"}
    level.refresh_from_db()
    assert answer.context["form"]["seen_change"].value() == str(level.last_movement_id)


def test_the_page_tells_the_movements(browser, level):
    upload = stock_rows(level.account, ["SKU", "Location", "Quantity"], [["FAN-1", "Delhi", "4"]])
    level.refresh_from_db()
    browser.post(url_of(level), posted(level, "5"))

    page = browser.get(url_of(level)).content.decode()

    assert f"Upload {upload.pk}, row 2" in page
    assert browser.user.username in page


# A new level


def test_a_variant_is_stocked_at_a_location(browser, level):
    other = VariantFactory.create(account=level.account, sku="LAMP-1")
    url = reverse("admin:catalog_stocklevel_add")
    data = {"variant": other.pk, "location": level.location_id, "quantity": "3"}

    made = browser.post(url, data)
    again = browser.post(url, data)

    assert made.status_code == 302
    assert levels_of(level.account)[("LAMP-1", "Delhi")] == "3"
    assert again.status_code == 422
    assert "stocked there already" in str(again.context["form"].errors["location"])


def test_a_new_level_never_joins_two_accounts(level):
    theirs = LocationFactory.create(name="Theirs")
    browser = client_as(Role.MANAGER, level.account, theirs.account)

    answer = browser.post(
        reverse("admin:catalog_stocklevel_add"),
        {"variant": level.variant_id, "location": theirs.pk, "quantity": "3"},
    )

    assert answer.status_code == 422
    assert StockLevel.objects.count() == 1


@pytest.mark.parametrize("value", ["x", "1" * 30, ""])
def test_a_posted_variant_that_is_none_is_a_form_error(browser, level, value):
    answer = browser.post(
        reverse("admin:catalog_stocklevel_add"),
        {"variant": value, "location": level.location_id, "quantity": "3"},
    )

    assert answer.status_code == 422
    assert "variant" in answer.context["form"].errors


# The variant's page


def test_the_variants_page_shows_its_stock(browser, level):
    pune = LocationFactory.create(account=level.account, name="Pune")
    StockLevelFactory.create(variant=level.variant, location=pune, quantity=Decimal("2.5"))

    answer = browser.get(reverse("admin:catalog_variant_change", args=[level.variant_id]))

    assert "12.5 in all" in answer.content.decode()
    assert url_of(level) in answer.content.decode()
    assert (
        "12.5 in all"
        in browser.get(
            reverse("admin:catalog_variant_delete", args=[level.variant_id])
        ).content.decode()
    )


# Locations


def test_choosing_a_default_location_takes_it_from_the_other(browser, level):
    pune = LocationFactory.create(account=level.account, name="Pune", is_default=True)

    browser.post(
        reverse("admin:catalog_location_change", args=[level.location_id]),
        {"name": "Delhi NCR", "is_default": "on"},
    )

    level.location.refresh_from_db()
    pune.refresh_from_db()
    assert (level.location.name, level.location.key) == ("Delhi NCR", "delhi ncr")
    assert (level.location.is_default, pune.is_default) == (True, False)


def test_the_default_location_stays_so_until_another_is_chosen(browser, level):
    pune = LocationFactory.create(account=level.account, name="Pune", is_default=True)

    browser.post(reverse("admin:catalog_location_change", args=[pune.pk]), {"name": "Poona"})

    pune.refresh_from_db()
    assert (pune.name, pune.is_default) == ("Poona", True)


@pytest.mark.parametrize("name", ["DELHI", " delhi ", "", "a #; b", "x" * 101])
def test_a_name_that_is_taken_or_none_is_refused(browser, level, name):
    pune = LocationFactory.create(account=level.account, name="Pune")

    renamed = browser.post(reverse("admin:catalog_location_change", args=[pune.pk]), {"name": name})
    made = browser.post(reverse("admin:catalog_location_add"), {"name": name})

    assert (renamed.status_code, made.status_code) == (422, 422)
    assert sorted(Location.objects.values_list("name", flat=True)) == ["Delhi", "Pune"]


def test_a_location_is_made_and_deleted_but_not_while_something_is_stocked_there(browser, level):
    browser.post(reverse("admin:catalog_location_add"), {"name": "Goa"})
    goa = Location.objects.get(name="Goa")

    deleted = browser.post(reverse("admin:catalog_location_delete", args=[goa.pk]))
    kept = browser.post(reverse("admin:catalog_location_delete", args=[level.location_id]))

    assert (deleted.status_code, kept.status_code) == (302, 409)
    assert list(Location.objects.values_list("name", flat=True)) == ["Delhi"]


# Who may do what


@pytest.mark.parametrize("who", EVERYBODY)
def test_members_look_and_editors_change(who, level):
    client = client_as(who, level.account)

    seen = client.get(url_of(level))
    locations = client.get(reverse("admin:catalog_location_changelist"))
    changed = client.post(url_of(level), posted(level, "3"))
    added = client.get(reverse("admin:catalog_stocklevel_add"))
    located = client.post(
        reverse("admin:catalog_location_change", args=[level.location_id]), {"name": "Elsewhere"}
    )

    assert seen.status_code == (302 if who == STRANGER else 200)
    assert locations.status_code == (403 if who == STRANGER else 200)
    if who in EDITORS:
        assert (changed.status_code, added.status_code, located.status_code) == (302, 200, 302)
    else:
        assert changed.status_code == located.status_code == (302 if who == STRANGER else 403)
        assert added.status_code == 403
    assert levels_of(level.account) == {
        ("FAN-1", "Elsewhere" if who in EDITORS else "Delhi"): "3" if who in EDITORS else "10"
    }


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_managers_delete_locations(who, level):
    goa = LocationFactory.create(account=level.account, name="Goa")

    client_as(who, level.account).post(reverse("admin:catalog_location_delete", args=[goa.pk]))

    assert Location.objects.filter(pk=goa.pk).exists() is (
        who not in (Role.MANAGER.value, SUPERUSER)
    )


def test_other_accounts_see_and_change_nothing(level):
    browser = client_as(Role.MANAGER, AccountFactory.create())

    assert shown(browser) == []
    assert "Delhi" not in browser.get(reverse(LIST)).content.decode()
    assert "Delhi" not in (
        browser.get(reverse("admin:catalog_location_changelist")).content.decode()
    )
    for page in (
        url_of(level),
        reverse("admin:catalog_location_change", args=[level.location_id]),
        reverse("admin:catalog_location_delete", args=[level.location_id]),
    ):
        assert browser.get(page).status_code == 302
        answer = browser.post(page, {**posted(level, "3"), "name": "Taken"})
        assert answer.headers["Location"] == reverse("admin:index")
    assert levels_of(level.account) == {("FAN-1", "Delhi"): "10"}
    for field in ("variant", "location"):
        offered = browser.get(
            reverse("admin:autocomplete"),
            {"app_label": "catalog", "model_name": "stocklevel", "field_name": field, "term": ""},
        )
        assert offered.json()["results"] == []
