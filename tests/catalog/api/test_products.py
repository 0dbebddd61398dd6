"""GET /products: exact shapes, every filter, both ways through the list, and whose are seen."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client

from accounts.scopes import Scope
from tests.api_client import BASE, failure, program
from tests.catalog.api.zester import VARIANT_DOCUMENT, store_zester
from tests.factories.catalog import WRITTEN, ProductFactory, VariantFactory

#: Fields of a variant that are never null.
PRESENT = {"sku", "currency", "active", "attributes", "property_sets", "media", "qa_status"}


def names(data) -> list[str]:
    return [product["name"] for product in data]


class TestOneProduct:
    def test_product_is_answered_in_the_documented_shape(self, caller):
        product = store_zester(caller.account).product
        body = caller.get(f"/products/{product.uuid}").json()

        assert body == {
            "status": "success",
            "data": {
                "id": str(product.uuid),
                "name": "ZESTER",
                "category_path": "Fans/Havells/Ceiling Fans",
                "tags": ["Decorative"],
                "collections": ["Collection2", "Collection1"],
                "created_at": "2024-03-15T09:00:00.123Z",
                "updated_at": "2024-03-15T09:00:01.123Z",
                "variants": [VARIANT_DOCUMENT],
            },
        }

    def test_fields_come_in_the_order_of_the_document(self, caller):
        product = store_zester(caller.account).product
        data = caller.data(f"/products/{product.uuid}")

        assert " ".join(data) == (
            "id name category_path tags collections created_at updated_at variants"
        )
        assert list(data["variants"][0]) == list(VARIANT_DOCUMENT)

    def test_product_of_which_nothing_is_known(self, caller):
        product = ProductFactory.create(account=caller.account)
        VariantFactory.create(product=product, sku="BARE", price=None, list_price=None)
        data = caller.data(f"/products/{product.uuid}")

        assert (data["category_path"], data["tags"], data["collections"]) == (None, [], [])
        bare = data["variants"][0]
        absent = [field for field in VARIANT_DOCUMENT if field not in PRESENT]
        assert [bare[field] for field in absent] == [None] * 11
        assert (bare["attributes"], bare["property_sets"], bare["media"]) == ([], [], [])

    def test_variants_come_oldest_first(self, caller):
        product = ProductFactory.create(account=caller.account)
        for sku in ("Z", "A", "M"):
            VariantFactory.create(product=product, sku=sku)
        data = caller.data(f"/products/{product.uuid}")

        assert [variant["sku"] for variant in data["variants"]] == ["Z", "A", "M"]

    def test_product_that_is_not_there(self, caller):
        response = caller.get(f"/products/{uuid.uuid4()}")

        assert response.status_code == 404
        assert response.json() == failure("id", "There is no product with this id")

    def test_product_of_another_account_is_not_there(self, caller):
        product = ProductFactory.create()
        response = caller.get(f"/products/{product.uuid}")

        assert response.status_code == 404
        assert response.json() == failure("id", "There is no product with this id")


class TestList:
    def test_list_holds_the_same_documents_oldest_first(self, caller):
        zester = store_zester(caller.account).product
        younger = ProductFactory.create(account=caller.account)
        ProductFactory.create()
        body = caller.get("/products").json()

        assert body["meta"] == {"page": 1, "per_page": 20, "total": 2}
        assert body["data"] == [
            caller.data(f"/products/{zester.uuid}"),
            caller.data(f"/products/{younger.uuid}"),
        ]

    def test_pages_follow_each_other(self, caller):
        ProductFactory.create_batch(3, account=caller.account)
        first = caller.get("/products", per_page=2).json()
        second = caller.get("/products", per_page=2, page=2).json()

        assert (len(first["data"]), len(second["data"])) == (2, 1)
        assert second["meta"] == {"page": 2, "per_page": 2, "total": 3}
        assert len({product["id"] for product in first["data"] + second["data"]}) == 3

    def test_page_costs_the_same_queries_however_long_it_is(
        self, caller, django_assert_num_queries
    ):
        store_zester(caller.account)
        for product in ProductFactory.create_batch(
            19, account=caller.account, tags=("a", "b"), collections=("c",)
        ):
            VariantFactory.create_batch(3, product=product)

        for per_page in (1, 20):
            # The token, the count, the products; their variants, tags, collections, media, images
            # (how they stand, and those approved);
            # the account's attributes, table entries and property sets.
            with django_assert_num_queries(13):
                assert len(caller.data("/products", per_page=per_page)) == per_page


class TestCursor:
    def test_walk_meets_every_product_once(self, caller):
        ProductFactory.create_batch(5, account=caller.account)
        ProductFactory.create()
        seen, cursor = [], ""
        while cursor is not None:
            body = caller.get("/products", cursor=cursor, per_page=2).json()
            seen.append(names(body["data"]))
            assert set(body["meta"]) == {"per_page", "next_cursor"}
            cursor = body["meta"]["next_cursor"]

        assert [len(page) for page in seen] == [2, 2, 1]
        assert [name for page in seen for name in page] == names(caller.data("/products"))

    def test_walk_is_not_disturbed_by_a_product_that_goes(self, caller):
        first, *_ = ProductFactory.create_batch(4, account=caller.account)
        body = caller.get("/products", cursor="", per_page=2).json()
        first.delete()
        rest = caller.data("/products", cursor=body["meta"]["next_cursor"], per_page=2)

        assert names(body["data"][1:] + rest) == names(caller.data("/products"))

    def test_walk_that_ends_on_a_full_page_says_so(self, caller):
        ProductFactory.create_batch(2, account=caller.account)
        body = caller.get("/products", cursor="", per_page=2).json()

        assert body["meta"] == {"per_page": 2, "next_cursor": None}

    @pytest.mark.parametrize("cursor", ["7", "é", "eDEy", "cA", "%00", "cC0x"])
    def test_cursor_nobody_gave_out_is_refused(self, caller, cursor):
        response = caller.get("/products", cursor=cursor)

        assert response.status_code == 422
        assert response.json() == failure("cursor", "Not a cursor that this list gave out")

    def test_cursor_and_page_do_not_go_together(self, caller):
        response = caller.get("/products", cursor="", page=1)

        assert response.status_code == 422
        assert response.json() == failure("cursor", "Give either a cursor or a page, not both")


class TestFilters:
    def test_q_looks_into_names_skus_and_eans(self, caller):
        fan = ProductFactory.create(account=caller.account, name="Ceiling Fan")
        lamp = ProductFactory.create(account=caller.account, name="Lamp")
        VariantFactory.create_batch(2, product=fan)
        VariantFactory.create(
            product=lamp, sku="L/12", display_name="Reading lamp, dusk", ean="4006381333931"
        )

        for q, found in {
            "ceiling": ["Ceiling Fan"],
            "l/1": ["Lamp"],
            "DUSK": ["Lamp"],
            "0063813": ["Lamp"],
            "a": ["Ceiling Fan", "Lamp"],
            "%": [],
            "": ["Ceiling Fan", "Lamp"],
        }.items():
            assert names(caller.data("/products", q=q)) == found, q

    def test_category_counts_what_lies_below_it(self, caller):
        for path in ("Fans", "Fans/Ceiling", "Fans/Ceiling/Silent", "Fans of steel", ""):
            ProductFactory.create(
                account=caller.account, name=path or "nowhere", category_path=path
            )

        assert names(caller.data("/products", category="Fans")) == [
            "Fans",
            "Fans/Ceiling",
            "Fans/Ceiling/Silent",
        ]
        assert names(caller.data("/products", category="Fans/Ceiling/Silent")) == [
            "Fans/Ceiling/Silent"
        ]
        assert caller.data("/products", category="Ceiling") == []

    def test_tag_and_collection_are_whole_names(self, caller):
        own = {"account": caller.account}
        ProductFactory.create(**own, name="both", tags=("New", "Cheap"), collections=("Diwali",))
        ProductFactory.create(**own, name="tagged", tags=("New",))

        assert names(caller.data("/products", tag="New")) == ["both", "tagged"]
        assert names(caller.data("/products", tag="New", collection="Diwali")) == ["both"]
        assert caller.data("/products", tag="Ne") == []

    def test_active_asks_whether_any_variant_is(self, caller):
        for name, states in {
            "on": [True],
            "half": [True, False],
            "off": [False],
            "empty": [],
        }.items():
            product = ProductFactory.create(account=caller.account, name=name)
            for active in states:
                VariantFactory.create(product=product, active=active)

        assert names(caller.data("/products", active="true")) == ["on", "half"]
        assert names(caller.data("/products", active="false")) == ["off", "empty"]

    def test_updated_since_counts_the_variants_changes(self, caller):
        own, later = {"account": caller.account}, WRITTEN + timedelta(days=1)
        ProductFactory.create(**own, name="old")
        ProductFactory.create(**own, name="renamed", updated_at=later)
        VariantFactory.create(
            product=ProductFactory.create(**own, name="repriced"), updated_at=later
        )

        for since in (
            "2024-03-16T09:00:00.123Z",
            "2024-03-16T14:30:00+05:30",
            "2024-03-16T00:00:00",
        ):
            assert names(caller.data("/products", updated_since=since)) == ["renamed", "repriced"]
        assert caller.data("/products", updated_since="2024-03-17T00:00:00Z") == []
        assert len(caller.data("/products", updated_since="0001-01-01T00:00:00Z")) == 3

    def test_filters_leave_other_accounts_out(self, caller):
        other = store_zester(program().account)

        for query in ({"q": "ZESTER"}, {"category": "Fans"}, {"tag": "Decorative"}):
            assert caller.data("/products", **query) == []
        assert other.product.name == "ZESTER"

    @pytest.mark.parametrize(
        ("query", "attribute"),
        [
            ({"page": 0}, "page"),
            ({"per_page": 201}, "per_page"),
            ({"active": "perhaps"}, "active"),
            ({"updated_since": "yesterday"}, "updated_since"),
            ({"updated_since": "0001-01-01T00:00:00+14:00"}, "updated_since"),
            ({"updated_since": "9999-12-31T23:59:59-14:00"}, "updated_since"),
            ({"q": "\x00"}, "q"),
            ({"category": "x" * 1001}, "category"),
        ],
    )
    def test_wrong_parameter_is_named(self, caller, query, attribute):
        response = caller.get("/products", **query)

        assert response.status_code == 422
        assert [fault["attribute_name"] for fault in response.json()["data"]] == [attribute]


PATHS = [
    "/products",
    "/products/8d0c1e1c-6f0a-4c39-9d0e-0f2b7a6d5c41",
    "/variants/X",
    "/categories",
    "/collections",
    "/tags",
]


@pytest.mark.parametrize("path", PATHS)
def test_catalog_is_for_tokens_that_may_read(caller, path):
    response = program(caller.account, Scope.UPLOADS).get(path)

    assert response.status_code == 403
    assert response.json() == failure("authorization", "The token lacks the scope read")


@pytest.mark.parametrize("path", PATHS)
def test_catalog_is_not_for_everybody(db, path):
    response = Client().get(f"{BASE}{path}")

    assert response.status_code == 401
    assert response.json()["status"] == "failure"


@pytest.mark.parametrize("path", PATHS)
def test_catalog_is_only_read_here(caller, path):
    response = caller.post(path)

    assert response.status_code == 405
    assert response.headers["Allow"] == "GET"
