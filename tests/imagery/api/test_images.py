"""GET /images: generated images by SKU and by how they stand."""

import pytest

from accounts.scopes import Scope
from tests.api_client import BASE, failure, program
from tests.factories.imagery import (
    GeneratedImageFactory,
    ProviderCallFactory,
    RecipeStepFactory,
    SkuImageryFactory,
    WantFactory,
)


@pytest.fixture
def mug(caller):
    """An image with all of its story."""
    step = RecipeStepFactory(
        version__recipe__account=caller.account, version__recipe__name="hero", name="front"
    )
    call = ProviderCallFactory(
        account=caller.account,
        model_actual="openai/gpt-image-1",
        request_id="gen_abc123",
        step=step,
    )
    return GeneratedImageFactory(
        account=caller.account,
        sku="MUG",
        want=WantFactory(account=caller.account, step=step, sku="MUG", image_number=2),
        call=call,
        cost_micros=12_500,
    )


def ids_of(documents):
    return [document["id"] for document in documents]


def test_an_image_says_what_it_is_and_how_it_was_made(caller, mug):
    SkuImageryFactory(account=caller.account, sku="MUG", qa_status="pending_review")

    document = caller.data(f"/images/{mug.uuid}")

    created_at = document.pop("created_at")
    assert created_at.endswith("Z")
    assert document == {
        "id": str(mug.uuid),
        "sku": "MUG",
        "product_key": None,
        "role": "hero",
        "qa_status": "pending_review",
        "decision": "pending",
        "decided_at": None,
        "is_placeholder": False,
        "url": f"http://testserver{BASE}/images/{mug.uuid}/content",
        "content_type": "image/png",
        "byte_size": 1000,
        "width": 1000,
        "height": 1000,
        "sha256": mug.sha256,
        "recipe": "hero",
        "recipe_version": 1,
        "step": "front",
        "image_number": 2,
        "redo_number": 0,
        "prompt": "A photo of a mug.",
        "reference_sha256": None,
        "provider": "painter",
        "model": "oil-1",
        "model_actual": "openai/gpt-image-1",
        "request_id": "gen_abc123",
        "cost": "0.0125",
    }


def test_the_list_is_of_delivered_images_newest_first(caller):
    older, newer = GeneratedImageFactory.create_batch(2, account=caller.account)
    GeneratedImageFactory(account=caller.account, role="")  # made on the way
    GeneratedImageFactory()  # another account's

    body = caller.get("/images").json()

    assert ids_of(body["data"]) == [str(newer.uuid), str(older.uuid)]
    assert body["meta"] == {"page": 1, "per_page": 20, "total": 2}


def test_images_are_found_by_sku_role_and_decision(caller, mug):
    lifestyle = GeneratedImageFactory(account=caller.account, sku="MUG", role="lifestyle")
    approved = GeneratedImageFactory(account=caller.account, sku="CUP", decision="approved")

    found = {
        "sku": ids_of(caller.data("/images", sku="MUG")),
        "role": ids_of(caller.data("/images", role="lifestyle")),
        "decision": ids_of(caller.data("/images", decision="approved")),
        "nothing": caller.data("/images", sku="mug"),
    }

    assert found == {
        "sku": [str(lifestyle.uuid), str(mug.uuid)],
        "role": [str(lifestyle.uuid)],
        "decision": [str(approved.uuid)],
        "nothing": [],
    }


def test_images_are_found_by_the_qa_status_of_their_sku(caller, mug):
    plain = GeneratedImageFactory(account=caller.account, sku="CUP")
    GeneratedImageFactory(account=caller.account, sku="", product_key="cups", role="swatch_grid")
    SkuImageryFactory(account=caller.account, sku="MUG", qa_status="rejected")
    SkuImageryFactory(sku="CUP", qa_status="rejected")  # another account's

    assert ids_of(caller.data("/images", qa_status="rejected")) == [str(mug.uuid)]
    assert ids_of(caller.data("/images", qa_status="not_requested")) == [str(plain.uuid)]
    assert caller.get("/images", qa_status="fine").status_code == 422


def test_a_cursor_walks_through_all_images_once(caller):
    images = GeneratedImageFactory.create_batch(5, account=caller.account)
    seen, cursor = [], ""
    while cursor is not None:
        body = caller.get("/images", cursor=cursor, per_page=2).json()
        seen += ids_of(body["data"])
        cursor = body["meta"]["next_cursor"]
        GeneratedImageFactory(account=caller.account)

    assert seen == [str(image.uuid) for image in reversed(images)]
    assert caller.get("/images", cursor="x!").json() == failure(
        "cursor", "Not a cursor that this list gave out"
    )
    assert caller.get("/images", cursor="", page=1).status_code == 422


def test_a_page_costs_the_same_queries_however_long_it_is(caller, django_assert_num_queries):
    for number in range(12):
        GeneratedImageFactory(account=caller.account, sku=f"SKU-{number}")

    for per_page in (1, 10):
        with django_assert_num_queries(4):  # token, count, images, statuses
            assert len(caller.data("/images", per_page=per_page)) == per_page


def test_another_accounts_image_does_not_exist(caller):
    image = GeneratedImageFactory()

    answer = caller.get(f"/images/{image.uuid}")

    assert answer.status_code == 404
    assert answer.json() == failure("id", "There is no image with this id")


@pytest.mark.parametrize("scope", [Scope.READ, Scope.IMAGERY, Scope.REVIEW])
def test_any_scope_that_deals_with_images_reads_them(db, scope):
    assert program(None, scope).get("/images").status_code == 200


def test_other_scopes_read_nothing(db):
    answer = program(None, Scope.UPLOADS, Scope.CATALOG).get("/images")

    assert answer.status_code == 403
    assert answer.json() == failure(
        "authorization", "The token has none of the scopes read, imagery, review"
    )
