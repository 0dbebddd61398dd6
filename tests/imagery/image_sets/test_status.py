"""Which roles a SKU needs, how it stands with them, and how to get the rest."""

import pytest

from imagery.errors import InvalidRequest
from imagery.image_sets import tasks
from imagery.image_sets.generation import offers, request_missing
from imagery.image_sets.rules import rules_of, set_rules
from imagery.image_sets.status import missing_roles, refresh, roles_of
from imagery.models import (
    Decision,
    GeneratedImage,
    ImageBatch,
    ImageJob,
    ImageSetRule,
    ImageSetSweep,
    JobState,
    SkuImagery,
    Want,
    WantState,
)
from imagery.review.deciding import Seen, approve, reject
from imagery.review.trail import Reviewer
from jobs import clock
from tests.factories.accounts import AccountFactory, UserFactory
from tests.factories.catalog import CategoryFactory
from tests.imagery.planning.catalogs import CHAIN, HERO, ask, deliver, recipe, variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    return AccountFactory.create()


def stored(account):
    return dict(SkuImagery.objects.filter(account=account).values_list("sku", "qa_status"))


def shelved(account, sku, path):
    return variant(account, sku, product__category_path=path)


def test_the_nearest_category_with_rules_says_what_is_needed(account):
    top, low = (CategoryFactory(account=account, path=path) for path in ("A", "A/B/C"))
    set_rules(account=account, category=None, roles=["hero"])
    set_rules(account=account, category=top, roles=["lifestyle", "hero"])
    set_rules(account=account, category=low, roles=["cutout"])
    rules = rules_of(account_id=account.pk)

    assert [rules.required(path) for path in ("", "Z", "A", "A/B", "A/B/C", "A/B/C/D", "AB")] == [
        ("hero",), ("hero",), ("hero", "lifestyle"), ("hero", "lifestyle"), ("cutout",),
        ("cutout",), ("hero",),
    ]  # fmt: skip


def test_rules_are_replaced_as_a_whole_and_have_every_sku_looked_at(account):
    other = ImageSetRule.objects.create(account=AccountFactory(), role="hero")
    set_rules(account=account, category=None, roles=["hero", "cutout"])
    set_rules(account=account, category=None, roles=["cutout", "angle_1"])

    mine = ImageSetRule.objects.filter(account=account).values_list("role", flat=True)
    assert sorted(mine) == ["angle_1", "cutout"]
    assert ImageSetSweep.objects.get().asked == 2
    assert ImageSetRule.objects.filter(pk=other.pk).exists()


def test_rules_of_other_accounts_categories_and_unknown_roles_are_refused(account):
    theirs = CategoryFactory(account=AccountFactory())
    with pytest.raises(InvalidRequest):
        set_rules(account=account, category=theirs, roles=["hero"])
    with pytest.raises(InvalidRequest):
        set_rules(account=account, category=None, roles=["portrait"])

    assert not ImageSetRule.objects.exists()
    assert not ImageSetSweep.objects.exists()


def test_a_sku_goes_the_way_from_not_requested_to_approved(account):
    variant(account, "MUG")
    version = recipe(account)
    seen = [stored(account)]
    ask(account, version, "MUG")
    seen.append(stored(account))
    (image,) = deliver(account)
    refresh(account=account, skus=["MUG"])
    seen.append(stored(account))
    reviewer = Reviewer(UserFactory())
    approve(account_id=account.pk, seen=Seen.of(image), reviewer=reviewer)
    seen.append(stored(account))
    image.refresh_from_db()
    reject(account_id=account.pk, seen=Seen.of(image), reviewer=reviewer, reason="bad_edges")
    seen.append(stored(account))

    assert seen == [
        {},
        {"MUG": "generating"},
        {"MUG": "pending_review"},
        {"MUG": "approved"},
        {"MUG": "rejected"},
    ]


def test_the_worst_role_that_is_needed_counts(account):
    set_rules(account=account, category=None, roles=["hero", "lifestyle"])
    variant(account, "MUG")
    ask(account, recipe(account, HERO, *CHAIN), "MUG")
    deliver(account)
    GeneratedImage.objects.filter(role__in=["hero", "lifestyle"]).update(decision=Decision.APPROVED)
    refresh(account=account, skus=["MUG"])
    assert SkuImagery.objects.get().roles == {"hero": "approved", "lifestyle": "approved"}
    assert stored(account) == {"MUG": "approved"}

    Want.objects.filter(role="cutout").update(state=WantState.EXHAUSTED)
    refresh(account=account, skus=["MUG"])
    assert stored(account) == {"MUG": "approved"}


def test_skus_that_the_catalog_does_not_know_need_what_was_asked_for(account):
    set_rules(account=account, category=None, roles=["lifestyle"])
    ask(account, recipe(account), "NEW")

    assert roles_of(account=account, skus=["NEW"]) == {"NEW": {"hero": "generating"}}


def test_held_jobs_and_placeholders_are_no_pictures_on_their_way(account):
    variant(account, "MUG")
    ask(account, recipe(account), "MUG")
    ImageJob.objects.update(state=JobState.HELD, run_after=None)
    refresh(account=account, skus=["MUG"])
    assert stored(account) == {"MUG": "not_requested"}

    deliver(account)
    GeneratedImage.objects.update(is_placeholder=True)
    Want.objects.update(state=WantState.EXHAUSTED)
    refresh(account=account, skus=["MUG"])
    assert stored(account) == {"MUG": "missing_image"}


def test_other_accounts_pictures_say_nothing_of_ours(account):
    other = AccountFactory.create()
    for owner in (account, other):
        variant(owner, "MUG")
    ask(other, recipe(other), "MUG")
    refresh(account=account, skus=["MUG"])

    assert stored(account) == {}
    assert stored(other) == {"MUG": "generating"}


def test_a_sweep_looks_at_every_sku_and_begins_again_when_the_rules_change(account, monkeypatch):
    monkeypatch.setattr(tasks, "at_once", lambda: 2)
    for number in range(5):
        shelved(account, f"S{number}", "A" if number % 2 else "B")
    version = recipe(account, HERO, *CHAIN)
    ask(account, version, *(f"S{number}" for number in range(5)))
    deliver(account)
    GeneratedImage.objects.filter(role="hero").update(decision=Decision.APPROVED)
    shelf = CategoryFactory(account=account, path="A")
    set_rules(account=account, category=None, roles=["hero"])
    looked, chunks = tasks.refresh, []

    def change_rules_meanwhile(**given):
        looked(**given)
        chunks.append(given["skus"])
        if len(chunks) == 2:
            set_rules(account=account, category=shelf, roles=["lifestyle"])

    monkeypatch.setattr(tasks, "refresh", change_rules_meanwhile)
    for _ in range(3):
        tasks.sweep(ImageSetSweep.objects.get().pk)

    assert stored(account) == {
        "S0": "approved", "S1": "pending_review", "S2": "approved", "S3": "pending_review",
        "S4": "approved",
    }  # fmt: skip
    assert chunks[2] == ["S0", "S1"]
    sweep = ImageSetSweep.objects.get()
    assert (sweep.run_after, sweep.claim_token) == (None, None)


def test_recipes_are_offered_for_what_they_deliver_of_what_is_missing(account):
    set_rules(account=account, category=None, roles=["hero", "lifestyle"])
    for sku in ("A", "B"):
        variant(account, sku)
    hero = recipe(account, HERO, name="first")
    room = recipe(account, *CHAIN, name="second")
    recipe(account, CHAIN[0], name="third")
    ask(account, hero, "A")

    missing = missing_roles(account=account, skus=["A", "B"])
    assert missing == {"A": ("lifestyle",), "B": ("hero", "lifestyle")}
    found = offers(account=account, skus=["A", "B"])
    assert [(each.version, each.roles, each.skus) for each in found] == [
        (hero, ("hero",), ("B",)),
        (room, ("lifestyle",), ("A", "B")),
    ]
    assert [each.estimate.wanted for each in found] == [1, 6]

    batch = request_missing(account=account, version=room, skus=["A", "B"], by=None)
    assert sorted(batch.jobs.values_list("sku", flat=True)) == ["A", "B"]
    assert missing_roles(account=account, skus=["A", "B"]) == {"A": (), "B": ("hero",)}
    assert Want.objects.filter(sku="B", role="cutout").count() == 1


def test_what_was_rejected_is_offered_and_made_anew(account):
    variant(account, "A")
    version = recipe(account)
    ask(account, version, "A")
    deliver(account)
    GeneratedImage.objects.update(decision=Decision.REJECTED)

    (offer,) = offers(account=account, skus=["A"])
    assert (offer.estimate.wanted, offer.estimate.already_there) == (1, 0)
    request_missing(account=account, version=version, skus=["A"], by=None)
    assert Want.objects.get(state="open").redo_number == 1
    assert offers(account=account, skus=["A"]) == []


def test_queries_are_as_many_whatever_the_number_of_skus(account, django_assert_num_queries):
    set_rules(account=account, category=None, roles=["hero", "swatch_grid"])
    version = recipe(account)
    for count in (2, 30):
        skus = [f"{count}-{number}" for number in range(count)]
        for sku in skus:
            variant(account, sku)
        ask(account, version, *skus)
        with django_assert_num_queries(7):
            refresh(account=account, skus=skus)

    assert ImageBatch.objects.count() == 2
    assert ImageJob.objects.filter(planned_at__lte=clock.now()).count() == 32
