"""POST /image_jobs: images of SKUs, ordered once however often they are asked for."""

import pytest

from accounts.scopes import Scope
from imagery.models import ImageBatch, ImageJob, Want
from tests.api_client import BASE, failure, program
from tests.factories.imagery import GeneratedImageFactory
from tests.imagery.planning.catalogs import CHAIN, recipe, variant

NOTHING = {"minimum": "0.00", "expected": "0.00", "maximum": "0.00"}


@pytest.fixture
def shop(caller):
    """A recipe of one hero, `own`, and two SKUs."""
    recipe(caller.account)
    variant(caller.account, "MUG")
    variant(caller.account, "A/B c")
    return caller


def order(caller, path="/image_jobs", headers=None, **said):
    body = {"skus": ["MUG"], "recipe": "own"} | said
    return caller.post(path, body, content_type="application/json", headers=headers or {})


def deliver_all(account):
    """What the engine would have made of the wants."""
    wants = Want.objects.filter(account=account, state="open").select_related("account")
    images = [
        GeneratedImageFactory(account=account, want=want, sku=want.sku, role=want.role)
        for want in wants
    ]
    wants.update(state="satisfied")
    return images


def test_an_order_makes_one_job_for_each_sku(shop):
    answer = order(shop, skus=["MUG", "A/B c", "MUG"], variants=3)

    assert answer.status_code == 202
    said = answer.json()["data"]
    assert said["batch_id"] == str(ImageBatch.objects.get().uuid)
    assert said["already"] == 0
    assert [(job["sku"], job["state"], job["variants"]) for job in said["jobs"]] == [
        ("MUG", "waiting", 3),
        ("A/B c", "waiting", 3),
    ]
    assert said["jobs"][0]["images"] == {"wanted": 3, "delivered": 0, "open": 3, "missing": 0}
    assert said["jobs"][0]["delivered"] == said["jobs"][0]["fallback"] == []
    assert set(ImageJob.objects.values_list("trigger", flat=True)) == {"api"}


def test_images_that_exist_are_answered_at_once_and_cost_nothing(shop):
    order(shop)
    (image,) = deliver_all(shop.account)

    answer = order(shop, headers={"Prefer": "wait=2"})

    assert answer.status_code == 201
    assert answer.headers["Preference-Applied"] == "wait=2"
    said = answer.json()["data"]
    assert said["already"] == 1
    (job,) = said["jobs"]
    assert job["state"] == "delivered"
    assert [made["id"] for made in job["delivered"]] == [str(image.uuid)]
    assert job["fallback"] == []
    assert Want.objects.count() == 1


def test_while_a_job_goes_on_approved_images_serve(shop):
    approved = GeneratedImageFactory(account=shop.account, sku="MUG", decision="approved")
    GeneratedImageFactory(account=shop.account, sku="MUG")
    GeneratedImageFactory(sku="MUG", decision="approved")  # another account's

    answer = order(shop, headers={"Prefer": "respond-async, wait=1"})

    assert answer.status_code == 202
    assert answer.headers["Preference-Applied"] == "wait=1"
    (job,) = answer.json()["data"]["jobs"]
    assert [image["id"] for image in job["fallback"]] == [str(approved.uuid)]


@pytest.mark.parametrize("preferred", ["wait=soon", "wait", "handling=lenient", "wait=-1", ""])
def test_what_makes_no_sense_as_a_wait_is_not_preferred(shop, preferred):
    answer = order(shop, headers={"Prefer": preferred})

    assert answer.status_code == 202
    assert "Preference-Applied" not in answer.headers


def test_pictures_made_on_the_way_are_not_delivered(shop):
    recipe(shop.account, *CHAIN, name="chain")
    order(shop, recipe="chain")
    deliver_all(shop.account)

    (job,) = order(shop, recipe="chain").json()["data"]["jobs"]

    assert [image["role"] for image in job["delivered"]] == ["cutout", "lifestyle"]
    assert job["images"]["wanted"] == 2


def test_a_repeated_idempotency_key_orders_once(shop):
    first = order(shop, headers={"Idempotency-Key": "k"})
    again = order(shop, headers={"Idempotency-Key": "k"})
    other = order(shop, headers={"Idempotency-Key": "k"}, variants=2)

    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == first.json()
    assert other.status_code == 409
    assert ImageJob.objects.count() == 1


@pytest.mark.parametrize("path", ["/image_jobs", "/image_jobs/estimate"])
@pytest.mark.parametrize(
    ("said", "attribute"),
    [
        ({"skus": []}, "skus"),
        ({"skus": ["A"] * 501}, "skus"),
        ({"skus": ["A\0"]}, "skus.0"),
        ({"skus": "MUG"}, "skus"),
        ({"variants": 0}, "variants"),
        ({"variants": 11}, "variants"),
        ({"variants": "4"}, "variants"),
        ({"recipe": "nobody's"}, "recipe"),
        ({"colour": "red"}, "colour"),
    ],
    ids=lambda value: str(value)[:20] if isinstance(value, dict) else value,
)
def test_an_order_that_makes_no_sense_is_refused(shop, path, said, attribute):
    answer = order(shop, path, **said)

    assert answer.status_code == 422
    assert answer.json()["data"][0]["attribute_name"] == attribute
    assert not ImageJob.objects.exists()


def test_skus_that_the_catalog_does_not_know_are_named(shop):
    variant(program().account, "LAMP")

    answer = order(shop, skus=["MUG", "LAMP", "CUP"])

    assert answer.json() == failure("skus", "There is no variant with the SKU 'LAMP', 'CUP'")
    assert not ImageJob.objects.exists()


def test_another_accounts_recipe_is_unknown(shop):
    recipe(program().account, name="theirs")

    answer = order(shop, recipe="theirs")

    assert answer.json() == failure("recipe", "There is no recipe 'theirs'")


def test_an_estimate_writes_nothing(shop):
    answer = order(shop, "/image_jobs/estimate", variants=2)

    assert answer.status_code == 200
    assert answer.json()["data"] == {
        **NOTHING,
        "currency": "INR",
        "wanted": 2,
        "already_there": 0,
        "unpriced": [],
    }
    assert not ImageJob.objects.exists()


def test_an_estimate_is_as_of_now_whatever_its_key(shop):
    key = {"Idempotency-Key": "estimate-1"}
    before = order(shop, "/image_jobs/estimate", headers=key).json()["data"]
    order(shop)
    deliver_all(shop.account)

    after = order(shop, "/image_jobs/estimate", headers=key).json()["data"]

    assert (before["already_there"], after["already_there"]) == (0, 1)
    operation = shop.get("/openapi.json").json()["paths"][f"{BASE}/image_jobs/estimate"]["post"]
    assert "an `Idempotency-Key` changes nothing" in operation["description"]


@pytest.mark.parametrize("path", ["/image_jobs", "/image_jobs/estimate"])
def test_ordering_takes_the_scope_imagery(db, path):
    reader = program(None, Scope.READ, Scope.REVIEW, Scope.UPLOADS, Scope.CATALOG)

    answer = order(reader, path)

    assert answer.status_code == 403
    assert answer.json() == failure("authorization", "The token lacks the scope imagery")


def test_an_order_costs_the_same_queries_however_large(shop, django_assert_max_num_queries):
    for number in range(20):
        variant(shop.account, f"S{number}")
    order(shop)
    with django_assert_max_num_queries(50) as few:
        order(shop, skus=["S0"])
    with django_assert_max_num_queries(len(few)):
        order(shop, skus=[f"S{number}" for number in range(1, 20)])
