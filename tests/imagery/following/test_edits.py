"""Edits by people, programs and undos: what pictures show of them is asked for again."""

import pytest

from catalog import editing
from catalog.writing.context import Actor
from imagery.engine.cancelling import cancel
from imagery.following import asking_again, edits
from imagery.models import (
    Decision,
    GeneratedImage,
    ImageJob,
    ImagerySettings,
    RejectReason,
    SkuImagery,
    Want,
)
from imagery.planning import pilots
from imagery.planning.targets import Target
from imagery.recipes.editing import archive
from imagery.review.deciding import Seen, reject
from imagery.review.trail import Reviewer
from jobs.models import FollowUp
from jobs.tasks import run_follow_up
from tests.factories.accounts import AccountFactory, UserFactory
from tests.factories.catalog import ProductFactory
from tests.factories.imagery import ProviderCallFactory
from tests.imagery.planning.catalogs import (
    CHAIN,
    HERO,
    ask,
    deliver,
    media_paths,
    recipe,
    variant,
    wants,
)
from tests.meanwhile import Meanwhile, needs_row_locks

pytestmark = pytest.mark.django_db
PHOTO = "https://cdn.example.com/mug.png"


@pytest.fixture
def account():
    return AccountFactory.create()


@pytest.fixture
def actor():
    return Actor(user_id=UserFactory.create().pk)


@pytest.fixture
def mug(account):
    """A variant whose pictures are there, by two recipes."""
    mug = variant(account, "MUG", PHOTO, display_name="Mug", product__name="Mugs")
    for version in (recipe(account, HERO, name="first"), recipe(account, *CHAIN, name="second")):
        ask(account, version, "MUG")
    deliver(account)
    return mug


def noted():
    return FollowUp.objects.filter(kind=edits.CHANGED, finished_at=None)


def follow():
    for follow_up in noted():
        run_follow_up(follow_up.pk)


def new_wants(account):
    new = Want.objects.filter(account=account, state="open").order_by("step_id")
    return list(new.values_list("step__name", flat=True))


def edit(variant, actor, **changes):
    return editing.edit_variant(
        account_id=variant.account_id, actor=actor, variant_id=variant.pk, **changes
    )


def test_a_title_is_followed_by_the_recipes_that_show_it(account, mug, actor):
    edit(mug, actor, values={"display_name": "Large mug"})
    assert noted().count() == 1
    follow()

    assert new_wants(account) == ["hero", "room"]
    jobs = ImageJob.objects.filter(trigger="catalog")
    assert sorted(jobs.values_list("recipe_version__recipe__name", flat=True)) == [
        "first", "second",
    ]  # fmt: skip


@pytest.mark.parametrize("values", [{"price": "3"}, {"active": False}, {"display_name": "Mug"}])
def test_what_no_picture_shows_is_not_even_noted(mug, actor, values):
    edit(mug, actor, values=values)

    assert not noted().exists()


def test_a_description_is_noted_and_makes_nothing_where_no_prompt_has_it(account, mug, actor):
    edit(mug, actor, values={"description": "Fired twice"})
    assert noted().count() == 1
    follow()

    assert new_wants(account) == []
    assert not ImageJob.objects.filter(trigger="catalog").exists()


def test_a_new_photo_makes_all_anew_and_lets_the_approval_lapse(account, mug, actor):
    GeneratedImage.objects.filter(role="hero").update(decision=Decision.APPROVED)
    edit(mug, actor, media={media_paths(account).pk: ["https://cdn.example.com/new.png"]})
    follow()

    assert sorted(new_wants(account)) == ["cut", "hero", "large", "room"]
    assert GeneratedImage.objects.get(lapsed_at__isnull=False).role == "hero"


@needs_row_locks
@pytest.mark.django_db(transaction=True)
def test_a_reviewer_and_who_plans_anew_do_not_wait_for_one_another(
    account, mug, actor, monkeypatch
):
    """Planning has locked the SKU when the reviewer, who has the picture, comes to it."""
    ImagerySettings.objects.create(account=account, follows_catalog=True)
    hero = GeneratedImage.objects.get(role="hero")
    GeneratedImage.objects.filter(pk=hero.pk).update(decision=Decision.APPROVED)
    seen = Seen(hero.pk, hero.sha256, Decision.APPROVED)
    edit(mug, actor, media={media_paths(account).pk: ["https://cdn.example.com/new.png"]})
    reviewing, reason = [], RejectReason.WRONG_COLOUR

    def decide():
        reject(account_id=account.pk, seen=seen, reviewer=Reviewer(), reason=reason)

    def plan_slowly(**known):
        planned = plan_again(**known)
        list(SkuImagery.objects.filter(sku="MUG").select_for_update())
        reviewing.append(Meanwhile(decide))
        assert reviewing[0].has_to_wait()
        return planned

    plan_again = edits.plan_again
    monkeypatch.setattr(edits, "plan_again", plan_slowly)
    edits.after_change(noted().get())

    reviewing[0].end()
    hero.refresh_from_db()
    assert hero.decision == "rejected"


def test_approvals_have_lapsed_before_anything_is_planned(account, mug, actor, monkeypatch):
    """In one transaction with the planning, a reviewer and it would wait for one another."""
    GeneratedImage.objects.filter(role="hero").update(decision=Decision.APPROVED)
    edit(mug, actor, media={media_paths(account).pk: ["https://cdn.example.com/new.png"]})

    def broken(**_):
        raise RuntimeError

    monkeypatch.setattr(edits, "plan_again", broken)
    with pytest.raises(RuntimeError):
        edits.after_change(noted().get())

    assert GeneratedImage.objects.get(lapsed_at__isnull=False).role == "hero"


def test_a_products_tags_are_followed_by_all_its_variants(account, mug, actor):
    other = variant(account, "CUP", product=mug.product, display_name="Cup")
    ask(account, recipe(account, HERO, name="first"), "CUP")
    deliver(account)
    editing.edit_product(
        account_id=account.pk, actor=actor, product_id=mug.product_id, tags=["cosy"]
    )
    follow()

    prompts = Want.objects.filter(state="open").values_list("prompt", flat=True)
    assert sorted(prompts) == ["A photo of Cup. Look: cosy.", "A photo of Mug. Look: cosy."]
    assert other.product == mug.product


def test_what_was_said_of_a_sku_is_said_again(account, actor):
    mug = variant(account, "MUG", display_name="Mug")
    target = Target("MUG", inputs={"title": "Given", "style_tags": "bold"}, images=2)
    ask(account, recipe(account), targets=[target])
    deliver(account)
    edit(mug, actor, values={"display_name": "Other"})
    follow()
    assert new_wants(account) == []

    tags = {"account_id": account.pk, "actor": actor, "product_id": mug.product_id}
    editing.edit_product(**tags, name="Something else")
    follow()
    assert wants(account) == 2


def test_a_follow_up_that_runs_twice_plans_once(account, mug, actor):
    edit(mug, actor, values={"display_name": "Large mug"})
    follow_up = noted().get()
    edits.after_change(follow_up)
    edits.after_change(follow_up)

    assert ImageJob.objects.filter(trigger="catalog").count() == 2
    assert new_wants(account) == ["hero", "room"]


def test_accounts_that_never_asked_for_pictures_have_nothing_to_follow(actor):
    mug = variant(AccountFactory.create(), "MUG")
    edit(mug, actor, values={"display_name": "Large mug"})

    assert not FollowUp.objects.exists()


def test_following_can_be_switched_off_and_archived_recipes_rest(account, mug, actor):
    ImagerySettings.objects.create(account=account, follows_catalog=False)
    edit(mug, actor, values={"display_name": "Large mug"})
    follow()
    assert new_wants(account) == []

    ImagerySettings.objects.update(follows_catalog=True)
    archive(recipe=recipe(account, HERO, name="first").recipe)
    edit(mug, actor, values={"display_name": "Small mug"})
    follow()
    assert new_wants(account) == ["room"]


def test_new_variants_get_pictures_where_the_account_wants_that(account, actor):
    product = ProductFactory.create(account=account)
    new = {"account_id": account.pk, "actor": actor, "product_id": product.pk}
    editing.create_variant(**new, sku="FIRST", values={"display_name": "First"})
    assert not noted().exists()

    version = recipe(account)
    ImagerySettings.objects.create(account=account, recipe_for_new=version.recipe)
    editing.create_variant(**new, sku="SECOND", values={"display_name": "Second"})
    follow()

    job = ImageJob.objects.get()
    assert (job.sku, job.trigger, job.recipe_version) == ("SECOND", "catalog", version)


def test_an_edit_that_is_rolled_back_leaves_no_follow_up(account, mug, actor):
    with pytest.raises(Exception, match="EAN"):
        edit(mug, actor, values={"display_name": "Large mug", "ean": "123"})

    assert not noted().exists()


def test_another_accounts_changes_in_between_are_not_looked_at(account, mug, actor):
    theirs = variant(AccountFactory.create(), "MUG", display_name="Theirs")
    ask(theirs.account, recipe(theirs.account), "MUG")
    deliver(theirs.account)
    edit(mug, actor, values={"display_name": "Large mug"})
    edit(theirs, actor, values={"display_name": "Changed"})
    mine, other = noted().order_by("id")
    mine.payload["last"] = other.payload["last"]
    edits.after_change(mine)

    assert new_wants(account) == ["hero", "room"]
    assert new_wants(theirs.account) == []


def test_what_changes_again_before_it_was_made_is_made_once(account, mug, actor):
    for title in ("Large mug", "Larger mug"):
        edit(mug, actor, values={"display_name": title})
        follow()
    jobs = ImageJob.objects.filter(trigger="catalog").order_by("id")

    assert list(jobs.values_list("state", flat=True)) == ["cancelled"] * 2 + ["waiting"] * 2
    edit(mug, actor, values={"display_name": "Large mug"})
    follow()
    open_jobs = jobs.filter(state="waiting")
    assert open_jobs.count() == 2
    prompts = open_jobs.filter(wants__state="open").values_list("wants__prompt", flat=True)
    assert all("Large mug" in prompt for prompt in prompts)


def test_what_has_begun_or_was_asked_for_by_a_person_is_not_cancelled(account, mug, actor):
    edit(mug, actor, values={"display_name": "Large mug"})
    follow()
    begun, other = ImageJob.objects.filter(trigger="catalog").order_by("id")
    ProviderCallFactory.create(account=account, job=begun)
    ImageJob.objects.filter(pk=other.pk).update(trigger="admin")
    edit(mug, actor, values={"display_name": "Larger mug"})
    follow()

    assert not ImageJob.objects.filter(state="cancelled").exists()


def test_a_title_that_is_taken_back_leaves_nothing_generating(account, actor):
    mug = variant(account, "MUG", display_name="Mug")
    ask(account, recipe(account), "MUG")
    deliver(account)
    GeneratedImage.objects.update(decision=Decision.APPROVED)
    statuses = []
    for title in ("Other", "Mug"):
        edit(mug, actor, values={"display_name": title})
        follow()
        statuses.append(SkuImagery.objects.get().qa_status)

    assert ImageJob.objects.get(trigger="catalog").state == "cancelled"
    assert statuses == ["generating", "approved"]


def cancel_it(job):
    cancel(job, None)


def drop_its_batch(job):
    pilots.drop(job.batch, None)


def plan_it_anew(job):
    pilots.change_recipe(job.batch, recipe(job.account, *CHAIN, name="other"), None)
    run_follow_up(FollowUp.objects.get(kind=pilots.REPLANNED).pk)


@pytest.mark.parametrize("call_off", [cancel_it, drop_its_batch, plan_it_anew])
def test_what_a_person_called_off_is_not_asked_for_again(account, actor, call_off):
    mugs = [variant(account, f"S{number}", display_name=f"S{number}") for number in range(4)]
    version = recipe(account)
    ask(account, version, *(mug.sku for mug in mugs), pilot_size=1, trigger="upload")
    held = ImageJob.objects.filter(state="held").order_by("id").first()
    call_off(held)
    mug = next(mug for mug in mugs if mug.sku == held.sku)
    edit(mug, actor, values={"display_name": "Other"})
    follow()

    again = ImageJob.objects.filter(trigger="catalog")
    assert not again.filter(recipe_version=version).exists()
    held.refresh_from_db()
    assert held.state == "cancelled"


def test_what_was_outdated_is_asked_for_again(account, mug, actor):
    for title in ("Other", "Mug", "Large mug"):
        edit(mug, actor, values={"display_name": title})
        follow()

    assert ImageJob.objects.filter(trigger="catalog", state="waiting").count() == 2


def test_a_sku_whose_batch_was_released_meanwhile_is_not_held(account, actor, monkeypatch):
    mugs = [variant(account, f"S{number}", display_name=f"S{number}") for number in range(4)]
    batch = ask(account, recipe(account), *(mug.sku for mug in mugs), pilot_size=1).batch
    held = ImageJob.objects.filter(state="held").order_by("id").first()
    mug = next(mug for mug in mugs if mug.sku == held.sku)
    edit(mug, actor, values={"display_name": "Other"})
    begin_plan = asking_again.begin_plan

    def released_meanwhile(version):
        pilots.release(batch, None)
        return begin_plan(version)

    monkeypatch.setattr(asking_again, "begin_plan", released_meanwhile)
    follow()

    again = ImageJob.objects.get(trigger="catalog")
    assert (again.state, again.batch) == ("waiting", batch)
    assert again.run_after is not None


def test_a_sku_that_is_held_with_its_batch_stays_held(account, actor):
    mugs = [variant(account, f"S{number}", display_name=f"S{number}") for number in range(4)]
    ask(account, recipe(account), *(mug.sku for mug in mugs), pilot_size=1, trigger="upload")
    held = ImageJob.objects.filter(state="held").order_by("id").first()
    mug = next(mug for mug in mugs if mug.sku == held.sku)
    edit(mug, actor, values={"display_name": "Other"})
    follow()

    again = ImageJob.objects.get(trigger="catalog")
    assert (again.state, again.batch, again.run_after) == ("held", held.batch, None)
    held.refresh_from_db()
    assert held.state == "cancelled"
