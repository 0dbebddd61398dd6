"""GET /bulk_uploads/{id}/manifest: what became of a batch's images, a line a row."""

import json
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from accounts.scopes import Scope
from imagery.models import CallWant, GeneratedImage, ImageJob
from imagery.money import ledger
from imagery.money.budgets import set_budget
from imagery.providers.protocol import CallOutcome, OutcomeClass
from tests.api_client import BASE, failure, program
from tests.factories.bulk_uploads import BulkUploadFactory
from tests.factories.imagery import GeneratedImageFactory, ProviderCallFactory
from tests.imagery.batches.batch_files import BAG, MUG, SHOE, deliver, end, give, jobs_of
from tests.imagery.money.outcomes import UNKNOWN
from tests.imagery.planning.catalogs import CHAIN, recipe
from tests.imports import import_rows
from tests.signing_in import STRANGER, client_as

CONTENT = f"http://testserver{BASE}/images/{{}}/content"


@pytest.fixture
def shop(caller):
    recipe(caller.account)
    return caller


def manifest(caller, upload, **query):
    response = caller.get(f"/bulk_uploads/{upload.uuid}/manifest", **query)
    assert response.status_code == 200, response.content
    assert response.headers["Content-Type"] == "application/jsonl"
    return [json.loads(line) for line in b"".join(response.streaming_content).splitlines()]


def call_for(job, *, outcome=None, **fields):
    """A call that served all of the job's wants."""
    set_budget(account=job.account, monthly_cap_micros=1_000_000)
    call = ProviderCallFactory(account=job.account, job=job, **fields)
    for place, want in enumerate(job.wants.order_by("id")):
        CallWant.objects.create(call=call, want=want, position=place, is_open=False)
    if outcome is not None:
        held = ledger.reserve(call=call, maximum_micros=10)
        is_open = outcome.outcome is OutcomeClass.UNKNOWN
        (ledger.mark_at_risk if is_open else ledger.release)(call=held, outcome=outcome)
    return call


def test_a_line_tells_of_each_row_in_the_documented_shape(shop):
    upload = give(shop.account, MUG, SHOE, BAG, ("", "No SKU", "", "", ""), variants=2)
    mug, shoe, bag = jobs_of(upload)
    call = call_for(mug, request_id="gen_abc123", model_actual="openai/gpt-image-1")
    images = [
        deliver_one(mug, want, call, number)
        for number, want in enumerate(mug.wants.order_by("image_number"))
    ]
    end(mug, "delivered")
    refused = CallOutcome(
        OutcomeClass.REFUSED, http_status=402, code="insufficient_quota", message="No credits"
    )
    call_for(shoe, outcome=refused)
    end(shoe, "missing_image", error_code="insufficient_quota", message="No credits")
    end(bag, "cancelled", error_code="cancelled", message="Cancelled by anna.")

    assert manifest(shop, upload) == [
        {
            "sku": "SKU-1001",
            "status": "completed",
            "image_count": 2,
            "image_urls": [CONTENT.format(image.uuid) for image in images],
            "request_id": "gen_abc123",
            "model_actual": "openai/gpt-image-1",
            "request_ids": ["gen_abc123"],
        },
        {"sku": "SKU-1002", "status": "failed", "error": "HTTP 402: insufficient_quota"},
        {"sku": "SKU-1003", "status": "failed", "error": "cancelled: Cancelled by anna."},
        {
            "sku": "",
            "status": "failed",
            "error": "missing_key: The row has no sku; it needs one.",
        },
    ]


def deliver_one(job, want, call, number):
    want.state = "satisfied"
    want.save()
    return GeneratedImageFactory(
        account=job.account, want=want, sku=job.sku, call=call, position_in_call=number
    )


def test_an_approved_image_is_named_by_its_public_address(shop):
    upload = give(shop.account, ("A/B ü", "Mug", "", "", ""))
    (job,) = jobs_of(upload)
    deliver(job)
    GeneratedImage.objects.update(decision="approved")

    (line,) = manifest(shop, upload)

    renditions = f"http://testserver{BASE}/renditions/{shop.account.uuid}"
    assert line["image_urls"] == [f"{renditions}/A%2FB%20%C3%BC/hero/zoom"]


def test_placeholders_and_pictures_made_on_the_way_are_no_delivery(shop):
    recipe(shop.account, *CHAIN, name="chain")
    upload = give(shop.account, MUG, SHOE, recipe="chain")
    mug, shoe = jobs_of(upload)
    deliver(mug)
    deliver(shoe)
    GeneratedImage.objects.filter(sku="SKU-1002").update(is_placeholder=True)

    completed, failed = manifest(shop, upload)

    assert (completed["status"], completed["image_count"]) == ("completed", 2)
    assert failed["status"] == "failed"


def test_images_that_came_in_part_are_a_completed_line_with_fewer(shop):
    upload = give(shop.account, MUG, variants=3)
    (job,) = jobs_of(upload)
    want = job.wants.order_by("image_number").first()
    deliver_one(job, want, None, 0)
    end(job, "partly_delivered")

    (line,) = manifest(shop, upload)

    assert (line["status"], line["image_count"], line["request_id"]) == ("completed", 1, None)


def test_while_jobs_are_open_only_a_partial_manifest_is_given(shop):
    upload = give(shop.account)
    mug, shoe, _ = jobs_of(upload)
    deliver(mug)
    call_for(shoe, outcome=UNKNOWN)

    refused = shop.get(f"/bulk_uploads/{upload.uuid}/manifest")

    assert refused.status_code == 409
    assert refused.json() == failure(
        "manifest",
        "not_finished",
        "2 image jobs are still open. Ask for what there is with partial=true.",
    )
    lines = manifest(shop, upload, partial="true")
    assert [line["status"] for line in lines] == ["completed", "unknown", "pending"]
    assert lines[2] == {"sku": "SKU-1003", "status": "pending"}


def test_an_upload_that_has_not_ended_is_not_finished(shop):
    upload = BulkUploadFactory(account=shop.account, status="in_progress")

    refused = shop.get(f"/bulk_uploads/{upload.uuid}/manifest")

    assert refused.status_code == 409
    assert refused.json()["data"][0]["messages"][0] == "not_finished"


def test_of_other_uploads_only_rows_that_asked_for_images_are_told(shop):
    upload = import_rows(shop.account, ("SKU", "Product Name"), [("A", "Mug"), ("B", "")])

    assert manifest(shop, upload) == []


def test_large_batches_are_read_in_parts(shop, monkeypatch, django_assert_max_num_queries):
    upload = give(shop.account, *((f"S{number}", "T", "", "", "") for number in range(7)))
    whole = manifest(shop, upload, partial="true")
    monkeypatch.setattr("imagery.batches.manifest._AT_ONCE", 3)

    with django_assert_max_num_queries(2 + 3 * 6 + 1):
        assert manifest(shop, upload, partial="true") == whole
    assert len(whole) == 7


def test_a_batch_whose_recipe_was_changed_tells_of_the_newest_job(shop):
    upload = give(shop.account, MUG)
    (old,) = jobs_of(upload)
    end(old, "cancelled")
    version = recipe(shop.account, *CHAIN, name="chain")
    new = ImageJob.objects.get(pk=old.pk)
    new.pk, new.uuid, new.recipe_version = None, uuid.uuid4(), version
    new.state, new.ended_at = "waiting", None
    new.save()

    assert manifest(shop, upload, partial="true") == [{"sku": "SKU-1001", "status": "pending"}]


@pytest.mark.parametrize("scope", [Scope.READ, Scope.UPLOADS, Scope.IMAGERY])
def test_a_token_of_another_account_gets_nothing(shop, scope):
    upload = give(shop.account, MUG)
    path = f"/bulk_uploads/{upload.uuid}/manifest"

    assert program(None, scope).get(path).status_code == 404
    assert program(shop.account, scope).get(path).status_code == 409


def test_a_token_for_something_else_gets_nothing(shop):
    upload = give(shop.account, MUG)

    answer = program(shop.account, Scope.REVIEW).get(f"/bulk_uploads/{upload.uuid}/manifest")

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("who", "status"),
    [(Role.MERCHANDISER, 200), (Role.REVIEWER, 200), (Role.MANAGER, 200), (STRANGER, 404)],
)
def test_in_the_admin_members_download_their_accounts_manifests(shop, who, status):
    upload = give(shop.account, MUG)
    path = reverse("platform_api:manifest", args=[upload.uuid])

    answer = client_as(who, shop.account).get(path, {"partial": "true"})

    assert answer.status_code == status
    if status == 200:
        assert json.loads(b"".join(answer.streaming_content))["sku"] == "SKU-1001"


def test_nobody_else_gets_anything(shop):
    upload = give(shop.account, MUG)

    assert Client().get(reverse("platform_api:manifest", args=[upload.uuid])).status_code == 401
