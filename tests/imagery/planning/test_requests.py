"""From SKUs to jobs and wants: the same want is never planned twice."""

import threading
from dataclasses import replace

import pytest
from django.db import connection

from imagery.errors import InvalidRequest
from imagery.models import ImageBatch, ImageJob, JobState, JobWant, Trigger, Want, WantState
from imagery.planning.estimating import estimate_images
from imagery.planning.requests import request_images
from imagery.planning.targets import Target
from jobs.models import FollowUp
from tests.factories.accounts import AccountFactory
from tests.factories.bulk_uploads import BulkUploadFactory
from tests.factories.catalog import AttributeDefinitionFactory, ProductFactory, link_media
from tests.imagery.planning.catalogs import (
    CHAIN,
    HERO,
    ask,
    deliver,
    fetch,
    media_paths,
    recipe,
    variant,
    wants,
)

pytestmark = pytest.mark.django_db
PHOTO = "https://cdn.example.com/mug.png"


@pytest.fixture
def account():
    return AccountFactory.create()


def test_a_job_wants_what_its_steps_make_each_behind_what_it_starts_from(account):
    variant(account, "MUG", PHOTO, display_name="Mug")
    requested = ask(account, recipe(account, HERO, *CHAIN), "MUG")

    job = ImageJob.objects.get()
    assert (job.pk,) == requested.jobs
    assert (job.state, job.trigger, job.batch) == ("waiting", "api", requested.batch)
    assert job.run_after is not None
    planned = {want.step.name: want for want in job.wants.all()}
    assert {name: (each.role, each.prompt) for name, each in planned.items()} == {
        "hero": ("hero", "A photo of Mug."),
        "cut": ("cutout", ""),
        "large": ("", ""),
        "room": ("lifestyle", "Mug in a room."),
    }
    assert planned["hero"].reference == planned["cut"].reference == job.reference
    assert job.reference.url == PHOTO
    assert planned["large"].input_want == planned["cut"]
    assert planned["room"].input_want == planned["large"]
    assert planned["room"].reference is None


def test_what_was_asked_for_before_is_not_wanted_again(account):
    variant(account, "MUG", PHOTO)
    version = recipe(account, *CHAIN)
    first = ask(account, version, "MUG")
    under_way = ask(account, version, "MUG")
    deliver(account)
    later = ask(account, version, "MUG")

    assert wants(account) == 3
    assert (first.already, under_way.already, later.already) == (0, 0, 1)
    job = ImageJob.objects.get(pk=later.jobs[0])
    assert (job.state, job.run_after, job.calls.count()) == ("delivered", None, 0)
    assert job.ended_at is not None
    assert JobWant.objects.count() == 9


def test_a_changed_title_is_wanted_anew_only_where_it_is_said(account):
    mug = variant(account, "MUG", PHOTO, display_name="Mug")
    variant(account, "CUP", PHOTO, display_name="Cup")
    version = recipe(account, *CHAIN)
    ask(account, version, "MUG", "CUP")
    deliver(account)
    mug.display_name = "Large mug"
    mug.save()
    ask(account, version, "MUG", "CUP")

    new = Want.objects.get(state=WantState.OPEN)
    assert (new.sku, new.step.name, new.prompt) == ("MUG", "room", "Large mug in a room.")


def test_a_changed_photo_is_worked_on_anew_from_the_first_step_on(account):
    mug = variant(account, "MUG", PHOTO)
    version = recipe(account, HERO, *CHAIN)
    ask(account, version, "MUG")
    deliver(account)
    mug.media_links.all().delete()
    link_media(mug, media_paths(account), "https://cdn.example.com/other.png")
    ask(account, version, "MUG")

    again = Want.objects.filter(state=WantState.OPEN).values_list("step__name", flat=True)
    assert sorted(again) == ["cut", "hero", "large", "room"]


def test_a_photo_that_was_fetched_meanwhile_is_the_same_photo(account):
    variant(account, "MUG", PHOTO)
    version = recipe(account, *CHAIN)
    ask(account, version, "MUG")
    fetch(account, PHOTO, b"a mug")
    ask(account, version, "MUG")
    ask(account, version, "MUG", targets=[Target("MUG", inputs={"image_url": PHOTO})])

    assert wants(account) == 3


def test_a_variant_that_was_removed_and_came_again_finds_its_pictures(account):
    mug = variant(account, "MUG", PHOTO)
    version = recipe(account, *CHAIN)
    ask(account, version, "MUG")
    deliver(account)
    mug.media_links.all().delete()
    mug.delete()
    variant(account, "MUG", PHOTO)

    assert ask(account, version, "MUG").already == 1
    assert wants(account) == 3


def test_a_sku_that_the_catalog_does_not_know_is_made_of_its_inputs(account):
    inputs = {"title": "Mug", "style_tags": "warm", "image_url": PHOTO, "brand": "unused"}
    version = recipe(account)
    ask(account, version, targets=[Target("NEW", inputs=inputs, images=3)])

    job = ImageJob.objects.get()
    assert job.inputs == inputs
    assert job.reference.url == PHOTO
    prompts = set(job.wants.values_list("prompt", "image_number"))
    assert prompts == {("A photo of Mug. Look: warm.", number) for number in (1, 2, 3)}


def test_inputs_come_before_what_the_variant_says(account):
    product = ProductFactory(account=account, name="Range", tags=["cosy"], category_path="A/Mugs")
    colour = AttributeDefinitionFactory(account=account, name="Colour")
    variant(
        account, "MUG", PHOTO, product=product, display_name="",
        description="<p>Fired&nbsp;twice</p>", attributes={str(colour.pk): "Blue"},
    )  # fmt: skip
    template = (
        "{title}|{product}|{category}|{style_tags}|{description}|{attributes}|"
        "{attribute:colour}|{sku}"
    )
    version = recipe(account, replace(HERO, prompt_template=template))
    ask(account, version, targets=[Target("MUG", inputs={"style_tags": "bold"})])

    prompt = Want.objects.get().prompt
    assert prompt == "Range|Range|Mugs|bold|Fired twice|Colour: Blue|Blue|MUG"


def test_more_images_are_asked_only_of_steps_that_make_others(account):
    variant(account, "MUG", PHOTO)
    version = recipe(account, HERO, *CHAIN)
    ask(account, version, targets=[Target("MUG", images=3)])

    numbers = sorted(Want.objects.values_list("step__name", "image_number"))
    assert numbers == [
        ("cut", 1), ("hero", 1), ("hero", 2), ("hero", 3), ("large", 1),
        ("room", 1), ("room", 2), ("room", 3),
    ]  # fmt: skip


def test_roles_leave_out_what_they_do_not_need(account):
    variant(account, "MUG", PHOTO)
    version = recipe(account, HERO, *CHAIN)
    ask(account, version, "MUG", roles={"cutout"})
    assert list(Want.objects.values_list("step__name", flat=True)) == ["cut"]

    ask(account, version, "MUG", roles={"lifestyle"})
    assert wants(account) == 3


def test_a_redo_makes_anew_what_delivers_and_not_what_it_starts_from(account):
    variant(account, "MUG", PHOTO)
    version = recipe(account, *CHAIN)
    first = ask(account, version, "MUG")
    deliver(account)
    job = ImageJob.objects.get(pk=first.jobs[0])
    for number in (1, 2):
        ask(account, version, "MUG", redo_of=job, roles={"lifestyle"}, trigger=Trigger.REDO)
        again = Want.objects.get(state=WantState.OPEN)
        assert (again.step.name, again.redo_number) == ("room", number)
        deliver(account)

    assert wants(account) == 5


def test_what_was_given_up_is_tried_again_when_it_is_asked_for_again(account):
    version = recipe(account)
    ask(account, version, "MUG")
    given_up = {"rung": 2, "attempts": 3, "unknowns": 1, "error_code": "refused"}
    Want.objects.update(state=WantState.EXHAUSTED, **given_up)
    ask(account, version, "MUG")

    want = Want.objects.get()
    assert (want.state, want.rung, want.attempts) == ("open", 0, 0)
    assert (want.unknowns, want.error_code) == (0, "")


def test_a_row_of_an_upload_has_one_job_of_a_version(account):
    upload = BulkUploadFactory(account=account)
    version = recipe(account)
    targets = [Target("A", upload_row=2), Target("B", upload_row=3)]
    first = ask(account, version, targets=targets[:1], upload=upload)
    second = ask(account, version, targets=targets, upload=upload, batch=first.batch)

    assert second.jobs[0] == first.jobs[0]
    assert ImageJob.objects.count() == 2
    assert ImageBatch.objects.count() == 1


@pytest.mark.parametrize(
    "target",
    [
        Target(""),
        Target(" "),
        Target("A", product_key="P"),
        Target("x" * 201),
        Target("A", images=0),
        Target("A", images=11),
        Target("A\0"),
        Target("A", inputs={"title": "x" * 4_001}),
        Target("A", inputs={"title": 3}),  # type: ignore[dict-item]
        Target("A", inputs={str(number): "" for number in range(31)}),
    ],
    ids=range(10),
)
def test_what_makes_no_sense_is_refused_and_nothing_is_planned(account, target):
    version = recipe(account)
    with pytest.raises(InvalidRequest):
        ask(account, version, targets=[Target("GOOD"), target])

    version.refresh_from_db()
    assert version.used_at is None
    assert not ImageJob.objects.exists()
    assert not ImageBatch.objects.exists()


def test_the_recipe_of_another_account_is_refused(account):
    version = recipe(AccountFactory.create())
    with pytest.raises(InvalidRequest):
        ask(account, version, "MUG")
    with pytest.raises(InvalidRequest):
        estimate_images(account=account, targets=[Target("MUG")], version=version)

    assert not Want.objects.exists()


def test_wants_of_two_accounts_have_nothing_to_do_with_each_other(account):
    other = AccountFactory.create()
    for owner in (account, other):
        variant(owner, "MUG", PHOTO)
        ask(owner, recipe(owner), "MUG")

    assert (wants(account), wants(other)) == (1, 1)
    assert Want.objects.values("reference").distinct().count() == 2


def test_an_estimate_says_what_a_request_would_make(account):
    for sku in ("A", "B", "C"):
        variant(account, sku, PHOTO)
    version = recipe(account, *CHAIN)
    ask(account, version, "A")
    targets = [Target(sku) for sku in ("A", "B", "C", "NEW")]
    estimate = estimate_images(account=account, targets=targets, version=version)

    assert (estimate.wanted, estimate.already_there) == (12, 3)
    assert (estimate.minimum, estimate.maximum, estimate.currency) == (0, 0, account.currency)
    assert wants(account) == 3


def test_the_queries_are_as_many_whatever_the_number_of_targets(
    account, django_assert_max_num_queries
):
    version = recipe(account, HERO, *CHAIN)
    counts = []
    for some in (("A", "B"), [f"S{number}" for number in range(60)]):
        for sku in some:
            variant(account, sku, f"https://cdn.example.com/{sku}.png")
        with django_assert_max_num_queries(100) as queries:
            ask(account, version, *some)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 45


@pytest.mark.django_db(transaction=True)
def test_two_planners_of_the_same_skus_plan_each_want_once(account):
    skus = [f"S{number}" for number in range(20)]
    version = recipe(account, *CHAIN)
    failures = []

    def plan():
        try:
            ask(account, version, *skus)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=plan) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert wants(account) == 60
    assert ImageJob.objects.count() == 40


def test_one_bell_is_rung_for_many_jobs(account, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as rung:
        request_images(
            account=account,
            targets=[Target(f"S{number}") for number in range(250)],
            version=recipe(account),
            trigger=Trigger.API,
        )

    assert len(rung) == 1
    assert ImageJob.objects.filter(state=JobState.WAITING).count() == 250
    assert not FollowUp.objects.exists()
