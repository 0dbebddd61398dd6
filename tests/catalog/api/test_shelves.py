"""GET /categories, /collections and /tags: the account's own, by name, in pages."""

import pytest

from tests.factories.catalog import CategoryFactory, CollectionFactory, TagFactory


def test_categories_name_their_parents(caller):
    CategoryFactory.create(account=caller.account, path="Fans/Ceiling")
    CategoryFactory.create(account=caller.account, path="Air")
    CategoryFactory.create()

    assert caller.get("/categories").json() == {
        "status": "success",
        "data": [
            {"path": "Air", "name": "Air", "parent_path": None},
            {"path": "Fans", "name": "Fans", "parent_path": None},
            {"path": "Fans/Ceiling", "name": "Ceiling", "parent_path": "Fans"},
        ],
        "meta": {"page": 1, "per_page": 20, "total": 3},
    }


@pytest.mark.parametrize(
    ("path", "factory"), [("/collections", CollectionFactory), ("/tags", TagFactory)]
)
def test_names_come_in_order(caller, path, factory):
    for name in ("Winter", "Diwali", "Summer"):
        factory.create(account=caller.account, name=name)
    factory.create(name="Theirs")

    assert caller.get(path, per_page=2).json() == {
        "status": "success",
        "data": [{"name": "Diwali"}, {"name": "Summer"}],
        "meta": {"page": 1, "per_page": 2, "total": 3},
    }
    assert caller.data(path, per_page=2, page=2) == [{"name": "Winter"}]


@pytest.mark.parametrize("path", ["/categories", "/collections", "/tags"])
def test_page_costs_the_same_queries_however_long_it_is(caller, path, django_assert_num_queries):
    for factory in (CategoryFactory, CollectionFactory, TagFactory):
        factory.create_batch(20, account=caller.account)

    for per_page in (1, 20):
        # The token, the count, the rows.
        with django_assert_num_queries(3):
            assert len(caller.data(path, per_page=per_page)) == per_page


@pytest.mark.parametrize("path", ["/categories", "/collections", "/tags"])
def test_page_out_of_range_is_refused(caller, path):
    response = caller.get(path, per_page=0)

    assert response.status_code == 422
    assert response.json()["data"][0]["attribute_name"] == "per_page"
