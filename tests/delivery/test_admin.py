"""The pincodes pages: found by pincode, city, state and mode; for whom, and of which account."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from delivery.models import ServiceablePincode
from tests.delivery.courier_lists import SHORT, pincode_rows, short
from tests.factories.accounts import AccountFactory
from tests.factories.delivery import ServiceablePincodeFactory
from tests.signing_in import EVERYBODY, SUPERUSER, client_as

pytestmark = pytest.mark.django_db

LIST = "admin:delivery_serviceablepincode_changelist"
CHANGE = "admin:delivery_serviceablepincode_change"
READERS = {Role.MERCHANDISER.value, Role.MANAGER.value, SUPERUSER}


@pytest.fixture
def row() -> ServiceablePincode:
    made: ServiceablePincode = ServiceablePincodeFactory.create(
        pincode="411001", city="PUNE", state="Maharashtra"
    )
    return made


@pytest.fixture
def browser(row):
    return client_as(Role.MANAGER, row.account)


def shown(browser, **query: str) -> list[str]:
    return [str(row) for row in browser.get(reverse(LIST), query).context["cl"].result_list]


def test_pincodes_are_searched_and_filtered(browser, row):
    ServiceablePincodeFactory.create(
        account=row.account, pincode="411002", mode="air", state="MAHARASHTRA", city="POONA"
    )
    ServiceablePincodeFactory.create(
        account=row.account, pincode="110001", mode="", state="", is_serviceable=False
    )

    assert shown(browser, q="4110") == ["411001 surface", "411002 air"]
    assert shown(browser, q="poona") == ["411002 air"]
    assert shown(browser, state="maharashtra") == ["411001 surface", "411002 air"]
    assert shown(browser, state="-") == ["110001"]
    assert shown(browser, mode="air") == ["411002 air"]
    assert shown(browser, mode="-") == ["110001"]
    assert shown(browser, is_serviceable__exact="0") == ["110001"]


def test_pincodes_are_filtered_by_upload(browser, row):
    upload = pincode_rows(row.account, SHORT, [short("411009")])

    assert shown(browser, upload=str(upload.pk)) == ["411009 surface"]


def test_the_list_costs_the_same_for_one_row_and_for_twenty(browser, row):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(reverse(LIST)).status_code == 200
        return len(captured)

    browser.get(reverse(LIST))
    one = queries()
    ServiceablePincodeFactory.create_batch(19, account=row.account)

    assert queries() == one


def test_a_pincodes_page_says_what_is_known_and_what_has_changed(browser, row):
    pincode_rows(row.account, SHORT, [short("411009", city="HADAPSAR")])
    upload = pincode_rows(row.account, SHORT, [short("411001")], replace=True)
    gone = ServiceablePincode.objects.get(account=row.account, pincode="411009")

    page = browser.get(reverse(CHANGE, args=[gone.pk])).content.decode()

    for text in (
        "411009 by surface",
        "Not served",
        "newest list leaves it out",
        "HADAPSAR",
        "Cash on delivery",
        f"Upload {upload.pk}",
        "taken off the list",
    ):
        assert text in page


@pytest.mark.parametrize(
    ("cod", "prepaid", "said"),
    [(True, True, "Cash on delivery, prepaid"), (False, True, "Prepaid"), (None, None, "-")],
)
def test_the_list_says_how_can_be_paid(browser, row, cod, prepaid, said):
    ServiceablePincode.objects.update(cod=cod, prepaid=prepaid)

    page = browser.get(reverse(LIST)).content.decode()

    assert f">{said}</td>" in "".join(page.split("\n")).replace("  ", "")


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_uploads_lists_also_reads_them_and_nobody_edits_them(who, row):
    client = client_as(who, row.account)
    page = reverse(CHANGE, args=[row.pk])

    listed = client.get(reverse(LIST))
    seen = client.get(page)
    client.post(page, {"city": "Taken", "is_serviceable": ""})
    client.post(reverse("admin:delivery_serviceablepincode_delete", args=[row.pk]), {"post": "yes"})
    added = client.get(reverse("admin:delivery_serviceablepincode_add"))

    assert listed.status_code == (200 if who in READERS else 403)
    assert seen.status_code == (200 if who in READERS else 302)
    assert added.status_code == 403
    row.refresh_from_db()
    assert (row.city, row.is_serviceable) == ("PUNE", True)


def test_other_accounts_see_nothing(row):
    browser = client_as(Role.MANAGER, AccountFactory.create())

    page = browser.get(reverse(LIST)).content.decode()

    assert "411001" not in page
    assert "Maharashtra" not in page
    assert browser.get(reverse(CHANGE, args=[row.pk])).status_code == 302
