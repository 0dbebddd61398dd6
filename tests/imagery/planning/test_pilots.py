"""Pilots: which SKUs go first, and what becomes of the rest."""

import pytest

from imagery.errors import InvalidRequest, PlanningInterrupted
from imagery.models import BatchState, ImageBatch, ImageJob, JobState, SkuImagery
from imagery.planning import chunk_sizes, pilots, requests
from imagery.planning.pilots import BatchIsBeingPlanned, BatchIsDecided, RecipeWasTried
from imagery.planning.sampling import Candidate, choose, chosen
from imagery.planning.targets import Target
from jobs import clock
from jobs.models import FollowUp
from jobs.tasks import run_follow_up
from tests.factories.accounts import AccountFactory, UserFactory
from tests.factories.bulk_uploads import BulkUploadFactory
from tests.factories.catalog import AttributeDefinitionFactory
from tests.imagery.planning import catalogs
from tests.imagery.planning.catalogs import CHAIN, ask, deliver, recipe, variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    return AccountFactory.create()


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    """So that few jobs are many."""
    for module in (pilots, pilots.replanning):
        monkeypatch.setattr(module, "at_once", lambda: 3)


def states(**which):
    jobs = ImageJob.objects.filter(**which).order_by("id")
    return [
        f"{state}{'*' if pilot else ''}" for state, pilot in jobs.values_list("state", "is_pilot")
    ]


def piloted(account, count=8, size=2, **more):
    skus = [f"S{number}" for number in range(count)]
    version = recipe(account)
    return ask(account, version, *skus, pilot_size=size, **more).batch


def follow():
    for follow_up in FollowUp.objects.filter(finished_at=None):
        run_follow_up(follow_up.pk)


def test_some_go_ahead_and_the_rest_is_held_with_its_estimate(account):
    batch = piloted(account)

    assert sorted(states()) == ["held"] * 6 + ["waiting*"] * 2
    assert (batch.state, batch.pilot_size) == (BatchState.PILOT, 2)
    assert not ImageJob.objects.filter(state=JobState.HELD, run_after__isnull=False).exists()
    assert pilots.begin(batch=batch) == list(
        ImageJob.objects.filter(is_pilot=True).values_list("id", flat=True).order_by("id")
    )
    generating = SkuImagery.objects.filter(qa_status="generating")
    assert generating.count() == 2


def test_a_pilot_of_everything_is_none(account):
    batch = piloted(account, count=2, size=2)

    assert batch.state == BatchState.RELEASED
    assert states() == ["waiting"] * 2


def test_what_is_there_already_is_no_part_of_the_pilot(account):
    ask(account, recipe(account), "S0", "S1", "S2")
    deliver(account)
    piloted(account)

    assert sorted(states(batch=ImageBatch.objects.first())) == [
        *["delivered"] * 3, *["held"] * 3, *["waiting*"] * 2,
    ]  # fmt: skip


def test_released_all_go_however_many_there_are(account):
    batch, person = piloted(account), UserFactory.create()
    pilots.release(batch, person)
    follow()

    assert sorted(states()) == ["waiting"] * 6 + ["waiting*"] * 2
    batch.refresh_from_db()
    assert (batch.state, batch.decided_by) == ("released", person)
    assert batch.decided_at is not None
    assert SkuImagery.objects.filter(qa_status="generating").count() == 8


def test_dropped_what_is_held_is_cancelled_and_the_pilot_goes_on(account):
    batch = piloted(account)
    pilots.drop(batch, None)
    follow()

    assert sorted(states()) == ["cancelled"] * 6 + ["waiting*"] * 2
    assert ImageJob.objects.filter(state="cancelled", ended_at=None).count() == 0


@pytest.mark.parametrize("first", [pilots.release, pilots.drop])
@pytest.mark.parametrize("second", [pilots.release, pilots.drop])
def test_a_batch_is_decided_once(account, first, second):
    batch = piloted(account)
    first(batch, None)
    before = sorted(states())
    with pytest.raises(BatchIsDecided):
        second(batch, None)
    with pytest.raises(BatchIsDecided):
        pilots.change_recipe(batch, recipe(account, *CHAIN), None)

    assert sorted(states()) == before


def test_a_changed_recipe_plans_all_anew_with_a_pilot_again(account):
    upload = BulkUploadFactory(account=account, succeeded=True)
    old = recipe(account)
    targets = [
        Target(f"S{n}", inputs={"title": f"T{n}"}, images=2, upload_row=n + 2) for n in range(8)
    ]
    batch = ask(account, old, targets=targets, pilot_size=2, upload=upload).batch
    deliver(account, jobs__is_pilot=True)
    new = recipe(account, *CHAIN)
    pilots.change_recipe(batch, new, None)
    follow()
    follow()

    assert sorted(states(recipe_version=old)) == ["cancelled"] * 6 + ["delivered*"] * 2
    assert sorted(states(recipe_version=new)) == ["held"] * 6 + ["waiting*"] * 2
    planned = ImageJob.objects.filter(recipe_version=new)
    assert sorted(planned.values_list("sku", "inputs", "images", "upload_row", "upload")) == [
        (f"S{n}", {"title": f"T{n}"}, 2, n + 2, upload.pk) for n in range(8)
    ]
    batch.refresh_from_db()
    assert (batch.state, batch.recipe_version) == (BatchState.PILOT, new)


def test_planning_anew_that_is_killed_goes_on_where_it_was(account, monkeypatch):
    batch = piloted(account)
    new = recipe(account, *CHAIN)
    pilots.change_recipe(batch, new, None)
    rest, strikes = pilots.rest, iter([1, 0, 1])

    def struck():
        rest()
        if next(strikes, 0):
            raise ConnectionError("killed")

    monkeypatch.setattr(pilots, "rest", struck)
    for _ in range(4):
        FollowUp.objects.filter(finished_at=None).update(run_after="2020-01-01T00:00Z")
        follow()

    assert sorted(states(recipe_version=new)) == ["held"] * 6 + ["waiting*"] * 2


@pytest.mark.parametrize("decide", [pilots.release, pilots.drop])
def test_while_all_is_planned_anew_nobody_decides(account, decide):
    batch = piloted(account)
    new = recipe(account, *CHAIN)
    pilots.change_recipe(batch, new, None)
    before = states()
    with pytest.raises(BatchIsBeingPlanned):
        decide(batch, None)
    with pytest.raises(BatchIsBeingPlanned):
        pilots.change_recipe(batch, recipe(account, *CHAIN, name="third"), None)

    assert states() == before
    follow()
    decide(batch, None)
    follow()
    assert not ImageJob.objects.filter(state="held").exists()
    open_jobs = ImageJob.objects.filter(state="waiting", is_pilot=False)
    assert set(open_jobs.values_list("recipe_version", flat=True)) <= {new.pk}


def test_planning_anew_that_was_given_up_leaves_the_decision_to_people(account):
    batch = piloted(account)
    pilots.change_recipe(batch, recipe(account, *CHAIN), None)
    follow_up = FollowUp.objects.get(kind=pilots.REPLANNED)
    FollowUp.objects.filter(pk=follow_up.pk).update(run_after=None, failed_at=clock.now())
    pilots.release(batch, None)
    pilots.after_decision(follow_up)
    pilots.after_change(follow_up)

    assert sorted(states()) == ["waiting"] * 6 + ["waiting*"] * 2


def test_a_batch_waits_for_the_file_that_asks_for_it(account):
    upload = BulkUploadFactory(account=account, applying=True)
    batch = piloted(account, upload=upload)
    with pytest.raises(BatchIsBeingPlanned):
        pilots.release(batch, None)

    assert sorted(states()) == ["held"] * 6 + ["waiting*"] * 2


def at_rest(monkeypatch, act):
    """`act` is done once, between the first and the second three SKUs of a request."""
    acts = iter([act])
    monkeypatch.setattr(chunk_sizes, "at_once", lambda: 3)
    monkeypatch.setattr(requests, "rest", lambda: next(acts, lambda: None)())


@pytest.mark.parametrize(
    "decide",
    [
        pilots.release,
        pilots.drop,
        lambda batch, by: pilots.change_recipe(
            batch, recipe(batch.account, *CHAIN, name="other"), by
        ),
    ],
)
def test_nobody_decides_while_what_a_person_asked_for_is_planned(account, monkeypatch, decide):
    def decide_too_early():
        with pytest.raises(BatchIsBeingPlanned):
            decide(ImageBatch.objects.get(), None)

    at_rest(monkeypatch, decide_too_early)
    batch = piloted(account)
    old = batch.recipe_version

    assert sorted(states()) == ["held"] * 6 + ["waiting*"] * 2
    decide(batch, None)
    follow()
    assert states(recipe_version=old, state=JobState.HELD) == []


def killed():
    raise ConnectionError("killed")


def test_of_a_request_that_dies_a_worker_chooses_the_pilot(account, monkeypatch):
    at_rest(monkeypatch, killed)
    with pytest.raises(ConnectionError):
        piloted(account)
    batch = ImageBatch.objects.get()
    follow()
    assert states() == ["held"] * 3
    with pytest.raises(BatchIsBeingPlanned):
        pilots.release(batch, None)

    FollowUp.objects.update(lease_expires_at=clock.now())
    follow()
    assert sorted(states()) == ["held", "waiting*", "waiting*"]
    pilots.release(batch, None)
    assert sorted(states()) == ["waiting", "waiting*", "waiting*"]


def test_a_request_that_was_taken_for_dead_plans_no_more(account, monkeypatch):
    def taken_over():
        FollowUp.objects.update(lease_expires_at=clock.now())
        follow()

    at_rest(monkeypatch, taken_over)
    with pytest.raises(PlanningInterrupted, match="Only 3 of 8 SKUs were asked for"):
        piloted(account)

    assert sorted(states()) == ["held", "waiting*", "waiting*"]
    assert catalogs.wants(account) == 3


def test_a_pilot_is_not_chosen_behind_a_decision(account):
    batch = piloted(account)
    stale = ImageBatch.objects.get(pk=batch.pk)
    ImageJob.objects.update(is_pilot=False)
    pilots.release(batch, None)
    follow()

    assert pilots.begin(batch=stale) == []
    assert not ImageJob.objects.filter(is_pilot=True).exists()


def test_neither_another_accounts_recipe_nor_one_that_was_tried_is_taken(account):
    batch = piloted(account)
    with pytest.raises(InvalidRequest):
        pilots.change_recipe(batch, recipe(AccountFactory.create()), None)
    with pytest.raises(RecipeWasTried):
        pilots.change_recipe(batch, batch.recipe_version, None)

    assert sorted(states()) == ["held"] * 6 + ["waiting*"] * 2


def candidates():
    """Two shelves, one of them large; among the rest, one of each difficulty."""
    usual = [
        Candidate(place, f"U{place}", "Mugs" if place % 5 else "Bowls", True, 20, "blue")
        for place in range(40)
    ]
    return [
        *usual,
        Candidate(40, "dark", "Mugs", False, 20, "blue"),
        Candidate(41, "white", "Mugs", True, 20, "off-white"),
        Candidate(42, "long", "Mugs", True, 150, "blue"),
        Candidate(43, "lost", "", True, 20, "blue"),
        Candidate(44, "grey", "Mugs", True, 20, ""),
    ]


def test_difficult_cases_go_first_then_every_shelf_in_turn():
    picked = chosen(candidates(), 9)

    assert {each.key for each in picked} >= {"dark", "white", "long", "lost", "grey"}
    shelves = [each.shelf for each in picked if each.key.startswith("U")]
    assert sorted(shelves) == ["Bowls", "Bowls", "Mugs", "Mugs"]
    assert picked == sorted(picked)
    assert picked == chosen(reversed(candidates()), 9)


def test_as_many_are_chosen_as_were_asked_for_and_there_are():
    assert [len(chosen(candidates(), n)) for n in (0, 1, 3, 45, 99)] == [0, 1, 3, 45, 45]


def test_choosing_looks_at_the_catalog_and_at_what_is_said_beside_it(account):
    colour = AttributeDefinitionFactory(account=account, name="Color")
    for number in range(6):
        variant(
            account, f"S{number}", f"https://cdn.example.com/{number}.png",
            attributes={str(colour.pk): "White" if number == 4 else "Red"},
            product__category_path="A/Mugs",
        )  # fmt: skip
    targets = [Target(f"S{number}") for number in range(6)] + [Target("NEW")]
    picked = choose(account=account, targets=targets, n=2)

    assert {target.sku for target in picked} == {"NEW", "S4"}
    assert catalogs.wants(account) == 0
    assert choose(account=account, targets=targets, n=2) == picked
