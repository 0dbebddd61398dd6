"""GET /variants/{sku}/history: who set each field, and everything that happened, in pages."""

from urllib.parse import quote

import pytest

from accounts.scopes import Scope
from catalog.editing import create_product, create_variant, edit_variant
from catalog.models import Variant
from catalog.writing.context import Actor
from tests.api_client import failure, program
from tests.factories.accounts import UserFactory
from tests.factories.catalog import VariantFactory
from tests.imports import import_rows
from tests.undos import undo

HEADER = ["SKU", "Product Name", "Price", "Tax Rate", "Variant #; sweep size(mm)"]


@pytest.fixture
def first(caller):
    return import_rows(caller.account, HEADER, [["A/1", "Fan", "1", "5%", "900"]])


def history(caller, sku="A%2F1", query=""):
    response = caller.get(f"/variants/{sku}/history{query}")
    assert response.status_code == 200
    return response.json()


def sources(body):
    found = {entry["field"]: entry["set_by"] for entry in body["data"]["fields"]}
    return {field: (by["kind"], by["upload_id"], by["row"]) for field, by in found.items()}


def test_untouched_fields_come_from_the_row_that_created_them(caller, first):
    created = ("upload", str(first.uuid), 2)

    assert sources(history(caller)) == dict.fromkeys(
        ["sku", "product", "price", "active", "tax_rate", "Variant #; sweep size(mm)"], created
    )


def test_the_newest_change_of_a_field_says_where_it_comes_from(caller, first):
    second = import_rows(caller.account, HEADER, [["A/1", "Fan", "2", "5%", "1200"]])
    person = UserFactory.create(first_name="Priya", last_name="Nair")
    variant = Variant.objects.get()
    edit_variant(
        account_id=caller.account.pk,
        actor=Actor(user_id=person.pk),
        variant_id=variant.pk,
        values={"tax_rate": "18%"},
    )
    edit_variant(
        account_id=caller.account.pk,
        actor=Actor(token_id=caller.token.pk),
        variant_id=variant.pk,
        values={"display_name": "Big"},
    )

    body = history(caller)

    found = sources(body)
    assert found["price"] == ("upload", str(second.uuid), 2)
    assert found["Variant #; sweep size(mm)"] == ("upload", str(second.uuid), 2)
    assert found["tax_rate"] == ("person", None, None)
    assert found["display_name"] == ("token", None, None)
    assert found["sku"] == ("upload", str(first.uuid), 2)
    assert body["meta"] == {"page": 1, "per_page": 20, "total": 4}
    assert [change["action"] for change in body["data"]["changes"]] == [*["updated"] * 3, "created"]
    assert body["data"]["changes"][1]["set_by"]["name"] == "Priya Nair"
    assert body["data"]["changes"][2]["fields"] == [
        {"field": "price", "before": "1", "after": "2"},
        {"field": "Variant #; sweep size(mm)", "before": "900", "after": "1200"},
    ]


def test_an_undo_is_named_with_the_upload_it_took_back(caller, first):
    second = import_rows(caller.account, HEADER, [["A/1", "Fan", "2", "5%", "900"]])
    undo(second)

    assert sources(history(caller))["price"] == ("undo", str(second.uuid), None)


def test_changes_come_in_pages_and_the_creation_is_the_last(caller, first):
    import_rows(caller.account, HEADER, [["A/1", "Fan", "2", "5%", "900"]])
    pages = [history(caller, query=f"?per_page=1&page={page}") for page in (1, 2, 3)]

    assert [[change["action"] for change in page["data"]["changes"]] for page in pages] == [
        ["updated"],
        ["created"],
        [],
    ]
    assert {page["meta"]["total"] for page in pages} == {2}


def test_what_a_person_created_comes_from_that_person(caller):
    person = UserFactory.create()
    product = create_product(
        account_id=caller.account.pk, actor=Actor(user_id=person.pk), name="Fan"
    )
    create_variant(
        account_id=caller.account.pk, actor=Actor(user_id=person.pk), product_id=product, sku="X"
    )

    body = history(caller, sku="X")

    assert {kind for kind, *_ in sources(body).values()} == {"person"}
    assert [change["action"] for change in body["data"]["changes"]] == ["created"]


def test_history_takes_a_fixed_number_of_queries(caller, first, django_assert_max_num_queries):
    for price in range(2, 8):
        import_rows(caller.account, HEADER, [["A/1", "Fan", str(price), "5%", "900"]])

    with django_assert_max_num_queries(16):
        history(caller)


@pytest.mark.parametrize("sku", ["A/B", "A/", "50%", "%2F", "A?b=c", "A#1", "A B", "history"])
def test_sku_survives_the_path_and_the_query(caller, sku):
    VariantFactory.create(account=caller.account, sku=sku)

    assert caller.data(f"/variants/{quote(sku, safe='')}/history")["sku"] == sku
    assert caller.data("/history", sku=sku)["sku"] == sku


def test_a_variant_whose_sku_ends_in_history_is_still_found(caller):
    VariantFactory.create(account=caller.account, sku="FAN/history")
    assert "fields" not in caller.data("/variants/FAN%2Fhistory")
    assert caller.data("/variants/FAN%2Fhistory")["sku"] == "FAN/history"

    VariantFactory.create(account=caller.account, sku="FAN")
    assert caller.data("/variants/FAN/history")["changes"] == []
    assert caller.data("/variants", sku="FAN/history")["sku"] == "FAN/history"
    assert caller.data("/history", sku="FAN/history")["sku"] == "FAN/history"


@pytest.mark.parametrize("path", ["/variants/A%2F1/history", "/history?sku=A%2F1"])
def test_another_accounts_variant_is_not_there(caller, first, path):
    answer = program().get(path)

    assert answer.status_code == 404
    assert answer.json() == failure("sku", "There is no variant with this SKU")


@pytest.mark.parametrize("path", ["/variants/A%2F1/history", "/history?sku=A%2F1"])
def test_it_takes_the_scope_to_read(db, path):
    assert program(None, Scope.UPLOADS).get(path).status_code == 403
