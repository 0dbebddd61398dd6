"""GET /image_jobs: image jobs with every step, image and call."""

from imagery.models import CallWant, JobWant, ProviderCall, UploadBudget
from imagery.money import ledger
from imagery.money.budgets import set_budget
from imagery.summary import ImagerySummary
from jobs import clock
from tests.api_client import BASE, failure
from tests.factories.bulk_uploads import BulkUploadFactory
from tests.factories.imagery import (
    GeneratedImageFactory,
    ImageJobFactory,
    ProviderCallFactory,
    RecipeStepFactory,
    WantFactory,
)
from tests.imagery.money.outcomes import UNKNOWN


def job_for(caller, **fields):
    """One that wants two heroes of a recipe of one step."""
    step = RecipeStepFactory(version__recipe__account=caller.account, name="front")
    job = ImageJobFactory(account=caller.account, recipe_version=step.version, **fields)
    for number in (1, 2):
        want = WantFactory(account=caller.account, step=step, sku=job.sku, image_number=number)
        JobWant.objects.create(job=job, want=want)
    return job


def deliver(want):
    want.state = "satisfied"
    want.save()
    return GeneratedImageFactory(account=want.account, want=want, sku=want.sku)


def test_the_list_tells_how_far_each_job_is(caller):
    job = job_for(caller, sku="MUG", images=2)
    deliver(job.wants.get(image_number=1))
    ImageJobFactory()  # another account's

    (document,) = caller.data("/image_jobs")

    assert document.pop("created_at").endswith("Z")
    assert document == {
        "id": str(job.uuid),
        "sku": "MUG",
        "product_key": None,
        "recipe": job.recipe_version.recipe.name,
        "recipe_version": 1,
        "state": "waiting",
        "trigger": "api",
        "bulk_upload_id": None,
        "row": None,
        "batch_id": None,
        "variants": 2,
        "redo_number": 0,
        "error": None,
        "message": None,
        "images": {"wanted": 2, "delivered": 1, "open": 1, "missing": 0},
        "started_at": None,
        "ended_at": None,
    }


def test_jobs_are_found_by_what_they_are_for(caller):
    upload = BulkUploadFactory(account=caller.account)
    first = ImageJobFactory(account=caller.account, sku="A", upload=upload, upload_row=2)
    second = ImageJobFactory(account=caller.account, sku="B", state="held", run_after=None)

    def found(**wanted):
        return [job["id"] for job in caller.data("/image_jobs", **wanted)]

    assert found() == [str(second.uuid), str(first.uuid)]
    assert found(sku="A") == [str(first.uuid)]
    assert found(state="held") == [str(second.uuid)]
    assert found(recipe=second.recipe_version.recipe.name) == [str(second.uuid)]
    assert found(bulk_upload=upload.uuid) == [str(first.uuid)]
    assert caller.get("/image_jobs", state="lost").status_code == 422


def test_a_page_costs_the_same_queries_however_long_it_is(caller, django_assert_num_queries):
    for _ in range(8):
        job_for(caller)

    for per_page in (1, 8):
        with django_assert_num_queries(4):  # token, count, jobs, wants
            assert len(caller.data("/image_jobs", per_page=per_page)) == per_page


def test_one_job_tells_of_every_step_image_and_call(caller):
    set_budget(account=caller.account, monthly_cap_micros=1_000_000)
    job = job_for(caller, sku="MUG", inputs={"title": "A mug"})
    first, second = job.wants.order_by("image_number")
    image = deliver(first)
    call = ProviderCallFactory(account=caller.account, job=job, step=first.step, images=2)
    ledger.mark_at_risk(call=ledger.reserve(call=call, maximum_micros=80_000), outcome=UNKNOWN)
    for position, want in enumerate((first, second)):
        CallWant.objects.create(call=call, want=want, position=position, is_open=False)

    document = caller.data(f"/image_jobs/{job.uuid}")

    assert document["inputs"] == {"title": "A mug"}
    assert document["cost"] == {
        "reserved": "0.00",
        "settled": "0.00",
        "released": "0.00",
        "at_risk": "0.08",
    }
    assert document["currency"] == "INR"
    (step,) = document["steps"]
    assert (step["name"], step["role"], step["input_step"]) == ("front", "hero", None)
    made, open_one = step["wants"]
    assert made["state"] == "satisfied"
    assert made["image"]["url"] == f"http://testserver{BASE}/images/{image.uuid}/content"
    assert (open_one["state"], open_one["image"]) == ("open", None)
    (told,) = document["calls"]
    assert told["needs_resolving"] is True
    assert (told["outcome"], told["state"], told["images"]) == ("unknown", "ended", 2)
    assert told["cost"] == document["cost"]
    assert told["id"] == caller.data(f"/image_jobs/{job.uuid}")["calls"][0]["id"]


def test_a_call_that_another_job_began_is_told_of_too(caller):
    job = job_for(caller)
    want = job.wants.first()
    other = ImageJobFactory(account=caller.account)
    call = ProviderCallFactory(account=caller.account, job=other)
    CallWant.objects.create(call=call, want=want, position=0)

    assert len(caller.data(f"/image_jobs/{job.uuid}")["calls"]) == 1
    assert caller.data(f"/image_jobs/{other.uuid}")["calls"] == []


def test_another_accounts_job_does_not_exist(caller):
    answer = caller.get(f"/image_jobs/{ImageJobFactory().uuid}")

    assert answer.status_code == 404
    assert answer.json() == failure("id", "There is no image job with this id")


class TestSummary:
    def ended(self, caller, state, **fields):
        return ImageJobFactory(
            account=caller.account, state=state, ended_at=clock.now(), run_after=None, **fields
        )

    def test_of_nothing_the_rate_is_zero(self, caller):
        assert caller.data("/imagery/summary") == {
            "total": 0,
            "success": 0,
            "failed": 0,
            "open": 0,
            "success_rate": "0.0%",
            "failed_skus": [],
            "more_failed_skus": 0,
            "spend": {
                "currency": "INR",
                "cap": "0.00",
                "settled": "0.00",
                "reserved": "0.00",
                "at_risk": "0.00",
                "free": "0.00",
            },
        }

    def test_jobs_are_counted_by_how_they_ended(self, caller):
        for _ in range(38):
            self.ended(caller, "delivered")
        self.ended(caller, "partly_delivered")
        self.ended(caller, "missing_image", sku="LAMP")
        self.ended(caller, "cancelled")
        ImageJobFactory(account=caller.account)
        ImageJobFactory()

        said = caller.data("/imagery/summary")

        assert (said["total"], said["success"], said["failed"], said["open"]) == (41, 39, 1, 1)
        assert said["success_rate"] == "97.5%"
        assert said["failed_skus"] == ["LAMP"]

    def test_one_failure_among_thousands_is_no_full_success(self):

        assert ImagerySummary(9_999, 1, 0, ["A"], 0).success_rate == "99.9%"
        assert ImagerySummary(2, 1, 0, ["A"], 0).success_rate == "66.7%"

    def test_an_upload_has_its_own_counts_and_spending(self, caller):
        set_budget(account=caller.account, monthly_cap_micros=1_000_000)
        upload = BulkUploadFactory(account=caller.account)
        UploadBudget.objects.create(upload=upload, cap_micros=50_000)
        job = self.ended(caller, "missing_image", sku="LAMP", upload=upload, upload_row=2)
        self.ended(caller, "delivered")
        call = ProviderCallFactory(account=caller.account, job=job, upload=upload)
        ledger.reserve(call=call, maximum_micros=20_000)

        said = caller.data("/imagery/summary", bulk_upload=upload.uuid)

        assert (said["total"], said["failed"], said["success_rate"]) == (1, 1, "0.0%")
        assert said["spend"] == {
            "currency": "INR",
            "cap": "0.05",
            "settled": "0.00",
            "reserved": "0.02",
            "at_risk": "0.00",
            "free": "0.03",
        }
        assert ProviderCall.objects.count() == 1

    def test_another_accounts_upload_does_not_exist(self, caller):
        upload = BulkUploadFactory()

        answer = caller.get("/imagery/summary", bulk_upload=upload.uuid)

        assert answer.status_code == 404
