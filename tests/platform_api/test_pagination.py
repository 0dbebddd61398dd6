"""Pages of a list."""

import pytest

from platform_api.pagination import Page, paginate
from tests.factories.accounts import AccountFactory


@pytest.fixture
def _five_accounts(token):
    for n in range(4):
        AccountFactory.create(slug=f"thing-{n}")


@pytest.mark.usefixtures("_five_accounts")
def test_a_list_tells_page_size_and_total(call):
    body = call("get", "/things?page=2&per_page=2").json()

    assert body["status"] == "success"
    assert body["meta"] == {"page": 2, "per_page": 2, "total": 5}
    assert len(body["data"]) == 2


@pytest.mark.usefixtures("_five_accounts")
def test_pages_together_are_the_list(call):
    pages = [call("get", f"/things?page={n}&per_page=2").json()["data"] for n in (1, 2, 3)]

    slugs = [row["slug"] for page in pages for row in page]
    assert slugs == sorted(slugs)
    assert len(set(slugs)) == 5


def test_the_default_is_the_first_page_of_twenty(call):
    assert call("get", "/things").json()["meta"] == {"page": 1, "per_page": 20, "total": 1}


def test_a_page_past_the_end_is_empty(call):
    body = call("get", f"/things?page={2**31 - 1}&per_page=200").json()

    assert body["data"] == []
    assert body["meta"]["total"] == 1


def test_a_plain_list_can_be_paged_too():
    assert paginate(["a", "b", "c"], Page(page=2, per_page=2)) == (
        ["c"],
        {"page": 2, "per_page": 2, "total": 3},
    )
