"""GET /variants/{sku}: one variant, whatever characters its SKU is made of."""

import json
from http.client import HTTPConnection
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.api_client import BASE, Program, failure, program
from tests.catalog.api.zester import VARIANT_DOCUMENT, store_zester
from tests.factories.catalog import VariantFactory

#: As a file may bring them: one line, no outer blanks, no control characters.
SKUS = (
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=200)
    .map(str.strip)
    .filter(bool)
)


def fetch(caller: Program, sku: str):
    return caller.get(f"/variants/{quote(sku, safe='')}")


def test_variant_comes_with_its_product_reduced_to_id_and_name(caller):
    product = store_zester(caller.account).product
    response = fetch(caller, "FHCZESTDUB48")

    assert response.status_code == 200
    assert response.json() == {
        "status": "success",
        "data": VARIANT_DOCUMENT | {"product": {"id": str(product.uuid), "name": "ZESTER"}},
    }


@pytest.mark.parametrize(
    "sku",
    ["A/B", "/A", "A/", "A//B", "/", "..", "A/../B", "50%", "%2F", "A?b=c", "A#1", "A B", "A+B"],
)
def test_sku_survives_the_path(caller, sku):
    VariantFactory.create(account=caller.account, sku=sku)

    assert fetch(caller, sku).json()["data"]["sku"] == sku
    assert caller.data("/variants", sku=sku)["sku"] == sku


@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(sku=SKUS)
@example(sku="\uff21\u200b/ß é")
@example(sku="\u0130")
def test_any_sku_is_found_by_path_and_by_query(db, sku):
    caller = program()
    VariantFactory.create(account=caller.account, sku=sku)

    assert fetch(caller, sku).json()["data"]["sku"] == sku
    assert caller.data("/variants", sku=sku)["sku"] == sku


def test_case_of_a_sku_counts(caller):
    VariantFactory.create(account=caller.account, sku="fan-1")
    response = fetch(caller, "FAN-1")

    assert response.status_code == 404
    assert response.json() == failure("sku", "There is no variant with this SKU")


def test_same_sku_in_two_accounts_is_two_variants(caller):
    VariantFactory.create(sku="FAN-1", display_name="theirs")
    assert fetch(caller, "FAN-1").status_code == 404

    VariantFactory.create(account=caller.account, sku="FAN-1", display_name="ours")
    assert fetch(caller, "FAN-1").json()["data"]["display_name"] == "ours"


@pytest.mark.parametrize("sku", ["\x00", "x" * 1001])
def test_text_that_can_be_no_sku_is_refused(caller, sku):
    for response in (fetch(caller, sku), caller.get("/variants", sku=sku)):
        assert response.status_code == 422
        assert response.json()["data"][0]["attribute_name"] == "sku"


def test_asking_for_no_sku_is_refused(caller):
    response = caller.get("/variants")

    assert response.status_code == 422
    assert response.json() == failure("sku", "Field required")


def test_variant_costs_the_same_queries_whatever_it_has(caller, django_assert_num_queries):
    store_zester(caller.account)
    VariantFactory.create(account=caller.account, sku="BARE")

    for sku in ("FHCZESTDUB48", "BARE"):
        # The token, the variant, its media, its images (how they stand, and those approved);
        # attributes, table entries and property sets.
        with django_assert_num_queries(9):
            assert fetch(caller, sku).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_sku_survives_a_real_request(live_server):
    caller = program()
    address = urlsplit(live_server.url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=20)
    for sku in ("A/B", "/A//B/", "..", "50%", "%2F", "A?b#c", "Größe 5+"):
        VariantFactory.create(account=caller.account, sku=sku)
        connection.request(
            "GET",
            f"{BASE}/variants/{quote(sku, safe='')}",
            headers={"Authorization": f"Bearer {caller.token.raw}"},
        )
        response = connection.getresponse()

        assert (response.status, json.load(response)["data"]["sku"]) == (200, sku)
    connection.close()
