"""Catalog uploads with a recipe: which of their rows get jobs, once, whatever happens."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bulk_uploads.corrections.retries import retry_upload
from bulk_uploads.ending import after_end
from bulk_uploads.errors import InvalidOptions
from bulk_uploads.models import BulkUpload
from bulk_uploads.services import cancel_upload
from bulk_uploads.tasks import run_slice
from catalog import editing
from catalog.models import Variant
from catalog.writing.context import Actor
from imagery.engine.cancelling import cancel
from imagery.following import tasks, uploads
from imagery.following.tasks import follow_upload
from imagery.following.trying_again import NothingToTryAgain, try_again
from imagery.image_sets.status import refresh
from imagery.models import (
    BatchState,
    CallState,
    CallWant,
    Decision,
    GeneratedImage,
    ImageBatch,
    ImageJob,
    JobState,
    SkuImagery,
    UploadBudget,
    UploadFollowing,
    Want,
)
from imagery.planning import pilots
from imagery.planning.pilots import BatchIsBeingPlanned
from imagery.recipes.editing import archive
from jobs import clock
from jobs.models import FollowUp
from jobs.tasks import run_follow_up
from tests.factories.accounts import AccountFactory, UserFactory
from tests.factories.imagery import ProviderCallFactory
from tests.imagery.planning.catalogs import CHAIN, HERO, ask, deliver, fetch, recipe, wants
from tests.imports import csv_bytes, draft, import_rows, run_to_end
from tests.undos import forecast, undo

pytestmark = pytest.mark.django_db
HEADER = ["Product Name", "SKU", "Display Name", "Price", "Media Paths"]


@pytest.fixture
def account():
    return AccountFactory.create()


def row(sku, title=None, price="10", photo=None):
    url = f"https://cdn.example.com/{sku if photo is None else photo}.png"
    return [f"Product {sku}", sku, title or f"Title {sku}", price, url]


def upload(account, *rows, follow=True, **options):
    made = import_rows(account, HEADER, rows, **options)
    if follow:
        run_follow_ups()
        follow_all()
    return made


def run_follow_ups():
    for pk in list(FollowUp.objects.filter(finished_at=None).values_list("pk", flat=True)):
        run_follow_up(pk)


def follow_all():
    for following in UploadFollowing.objects.filter(ended_at=None):
        follow_upload(following.pk)


def skus_of_jobs(made):
    return list(ImageJob.objects.filter(upload=made).order_by("id").values_list("sku", flat=True))


def test_what_a_file_creates_gets_its_pictures(account):
    version = recipe(account, *CHAIN)
    made = upload(account, row("A"), row("B"), recipe="own")

    jobs = ImageJob.objects.filter(upload=made).order_by("id")
    assert list(jobs.values_list("sku", "upload_row", "trigger", "state", "recipe_version")) == [
        ("A", 2, "upload", "waiting", version.pk),
        ("B", 3, "upload", "waiting", version.pk),
    ]
    assert wants(account) == 6
    batch = ImageBatch.objects.get()
    assert (batch.upload, batch.recipe_version, batch.state) == (made, version, "released")
    following = UploadFollowing.objects.get()
    assert (following.jobs, following.checkpoint_row, following.problem) == (2, 3, "")
    assert following.ended_at is not None


def test_a_file_without_a_recipe_makes_nothing(account):
    recipe(account)
    upload(account, row("A"))

    assert not ImageJob.objects.exists()
    assert not UploadFollowing.objects.exists()


def test_the_same_file_again_wants_nothing(account):
    recipe(account, *CHAIN)
    upload(account, row("A"), row("B"), recipe="own")
    fetch(account, "https://cdn.example.com/A.png", b"A")
    again = upload(account, row("A"), row("B"), recipe="own")
    deliver(account)
    after_delivery = upload(account, row("A"), row("B"), recipe="own")

    assert wants(account) == 6
    assert skus_of_jobs(again) == skus_of_jobs(after_delivery) == []
    assert ImageBatch.objects.count() == 1
    assert UploadFollowing.objects.filter(ended_at__isnull=False).count() == 3


def test_only_what_a_recipe_shows_counts_as_a_change(account):
    recipe(account, *CHAIN)
    upload(account, row("A"), row("B"), row("C"), recipe="own")
    deliver(account)
    changed = upload(
        account, row("A", title="Other"), row("B", price="11"), row("C", photo="new"), recipe="own"
    )

    assert skus_of_jobs(changed) == ["A", "C"]
    new = Want.objects.filter(state="open").order_by("sku", "step__position")
    assert list(new.values_list("sku", "step__name")) == [
        ("A", "room"), ("C", "cut"), ("C", "large"), ("C", "room"),
    ]  # fmt: skip


def test_a_sku_that_was_never_asked_for_is_also_if_its_row_changes_nothing(account):
    recipe(account)
    upload(account, row("A"))
    made = upload(account, row("A"), recipe="own")

    assert skus_of_jobs(made) == ["A"]


def test_a_new_version_of_the_recipe_is_no_reason_to_make_unchanged_skus_anew(account):
    recipe(account)
    upload(account, row("A"), row("B"), recipe="own")
    deliver(account)
    recipe(account, *CHAIN)
    made = upload(account, row("A"), row("B", title="Other"), recipe="own")

    assert skus_of_jobs(made) == ["B"]


@pytest.mark.parametrize("value", ["unknown", "", 3, None, ["own"], "x" * 5_000])
def test_an_unknown_recipe_is_refused_before_anything_is_stored(account, value):
    recipe(AccountFactory.create(), name="unknown")
    with pytest.raises(InvalidOptions) as refused:
        draft(account, csv_bytes(HEADER, [row("A")]), recipe=value)

    assert list(refused.value.errors) == ["recipe"]
    assert not BulkUpload.objects.exists()


@pytest.mark.parametrize("value", [-1, 1_001, "5", True, 1.5])
def test_a_pilot_is_a_number_of_skus(account, value):
    with pytest.raises(InvalidOptions):
        draft(account, csv_bytes(HEADER, [row("A")]), recipe="hero", pilot=value)


def test_the_default_recipes_can_be_named_before_they_were_ever_used(account):
    made = upload(account, row("A"), recipe="hero")

    assert skus_of_jobs(made) == ["A"]


def test_a_recipe_that_was_archived_meanwhile_is_told_of(account):
    version = recipe(account)
    made = upload(account, row("A"), recipe="own", follow=False)
    archive(recipe=version.recipe)
    run_follow_ups()
    follow_all()

    following = UploadFollowing.objects.get(upload=made)
    assert "own" in following.problem
    assert following.ended_at is not None
    assert not ImageJob.objects.exists()


def test_an_upload_that_ends_twice_is_followed_once(account):
    recipe(account)
    upload(account, row("A"), recipe="own")
    for follow_up in FollowUp.objects.filter(kind="bulk_upload.ended"):
        after_end(follow_up)
    follow_all()

    assert UploadFollowing.objects.count() == ImageJob.objects.count() == 1


def test_dry_runs_and_failed_uploads_plan_nothing(account):
    recipe(account)
    upload(account, row("A"), recipe="own", dry_run=True)
    upload(account, row(""), recipe="own")

    assert not UploadFollowing.objects.exists()


def test_a_pilot_of_an_upload_goes_ahead_and_the_rest_is_held(account):
    recipe(account)
    made = upload(account, *(row(f"S{n}") for n in range(8)), recipe="own", pilot=3)

    states = sorted(ImageJob.objects.filter(upload=made).values_list("state", "is_pilot"))
    assert states == [("held", False)] * 5 + [("waiting", True)] * 3
    assert ImageBatch.objects.get().state == BatchState.PILOT


def test_a_following_that_is_killed_anywhere_loses_and_doubles_nothing(account, monkeypatch):
    monkeypatch.setattr(uploads, "at_once", lambda: 2)
    recipe(account, HERO, *CHAIN)
    upload(account, *(row(f"S{n}") for n in range(7)), recipe="own", follow=False)
    run_follow_ups()
    plan_chunk, settle = uploads.plan_chunk, uploads.settle
    strikes = iter([1, 0, 0, 1, 0, 1, 1])

    def struck(*args, **kwargs):
        if next(strikes, 0):
            raise ConnectionError("killed")
        return plan_chunk(*args, **kwargs)

    def struck_late(*args, **kwargs):
        settle(*args, **kwargs)
        if next(strikes, 0):
            raise ConnectionError("killed after everything was written")

    monkeypatch.setattr(uploads, "plan_chunk", struck)
    monkeypatch.setattr(uploads, "settle", struck_late)
    for _ in range(6):
        UploadFollowing.objects.filter(ended_at=None).update(run_after="2020-01-01T00:00Z")
        follow_all()

    assert UploadFollowing.objects.get().ended_at is not None
    assert sorted(ImageJob.objects.values_list("sku", flat=True)) == [f"S{n}" for n in range(7)]
    assert wants(account) == 28
    assert UploadFollowing.objects.get().jobs == 7


def test_a_following_is_done_in_slices_and_given_up_without_progress(account, monkeypatch):
    monkeypatch.setattr(uploads, "at_once", lambda: 1)
    monkeypatch.setattr(uploads, "SLICE", uploads.SLICE * 0)
    recipe(account)
    upload(account, row("A"), row("B"), recipe="own")
    assert ImageJob.objects.count() == 1

    UploadFollowing.objects.update(attempts=tasks.MOST_ATTEMPTS)
    follow_all()
    following = UploadFollowing.objects.get()
    assert following.problem.startswith("No progress")
    assert following.ended_at is not None
    assert ImageJob.objects.count() == 1


def test_what_was_given_up_goes_on_where_it_stopped(account, monkeypatch):
    monkeypatch.setattr(uploads, "at_once", lambda: 1)
    monkeypatch.setattr(uploads, "SLICE", uploads.SLICE * 0)
    recipe(account)
    made = upload(account, row("A"), row("B"), recipe="own")
    UploadFollowing.objects.update(attempts=tasks.MOST_ATTEMPTS)
    follow_all()
    monkeypatch.setattr(uploads, "SLICE", timedelta(minutes=1))
    try_again(made)
    follow_all()

    following = UploadFollowing.objects.get()
    assert (following.problem, following.jobs) == ("", 2)
    assert skus_of_jobs(made) == ["A", "B"]
    with pytest.raises(NothingToTryAgain):
        try_again(made)


def test_a_recipe_that_is_known_again_is_followed_from_the_first_row(account):
    version = recipe(account)
    made = upload(account, row("A"), row("B"), recipe="own", follow=False)
    archive(recipe=version.recipe)
    run_follow_ups()
    follow_all()
    assert "own" in try_again(made).problem
    follow_all()
    assert UploadFollowing.objects.get().ended_at is not None
    archive(recipe=version.recipe, archived=False)
    assert try_again(made).problem == ""
    follow_all()

    assert skus_of_jobs(made) == ["A", "B"]


def test_approvals_lapse_where_a_file_changes_the_photo_also_without_a_recipe(account):
    recipe(account)
    upload(account, row("A"), row("B"), recipe="own")
    deliver(account)
    GeneratedImage.objects.update(decision=Decision.APPROVED)
    upload(account, row("A", photo="other"), row("B", title="Other"))

    lapsed = GeneratedImage.objects.exclude(lapsed_at=None).values_list("sku", "decision")
    assert list(lapsed) == [("A", "approved")]


def test_a_second_picture_leaves_an_approval_alone_that_was_given_anew(account):
    recipe(account)
    upload(account, row("A"), recipe="own")
    deliver(account)
    GeneratedImage.objects.update(decision=Decision.APPROVED)
    upload(account, row("A", photo="other"))
    assert GeneratedImage.objects.get().lapsed_at is not None
    GeneratedImage.objects.update(lapsed_at=None)
    fetch(account, "https://cdn.example.com/other.png", b"other")
    *values, url = row("A", photo="other")
    upload(account, [*values, f"{url}#;https://cdn.example.com/second.png"])

    assert Variant.objects.get().media_links.count() == 2
    assert GeneratedImage.objects.get().lapsed_at is None


def test_approvals_have_lapsed_before_anything_is_planned(account, monkeypatch):
    recipe(account)
    upload(account, row("A"), recipe="own")
    deliver(account)
    GeneratedImage.objects.update(decision=Decision.APPROVED)

    def broken(*_):
        raise RuntimeError

    monkeypatch.setattr(uploads, "plan_chunk", broken)
    upload(account, row("A", photo="other"), recipe="own")

    assert not ImageJob.objects.filter(state=JobState.WAITING).exists()
    assert GeneratedImage.objects.exclude(lapsed_at=None).get().sku == "A"


def test_queries_are_as_many_whatever_the_number_of_rows(
    account, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(uploads, "at_once", lambda: 1_000)
    recipe(account, HERO, *CHAIN)
    counts = []
    for size in (2, 40):
        upload(account, *(row(f"{size}-{n}") for n in range(size)), recipe="own", follow=False)
        run_follow_ups()
        with django_assert_max_num_queries(120) as queries:
            follow_all()
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert ImageJob.objects.filter(state=JobState.WAITING).count() == 42


def test_a_sku_that_was_removed_and_imported_again_finds_its_pictures(account):
    recipe(account, *CHAIN)
    upload(account, row("A"), row("B"), recipe="own")
    deliver(account)
    refresh(account=account, skus=["A"])
    actor = Actor(user_id=UserFactory.create().pk)
    removed = Variant.objects.get(sku="A")
    editing.delete_variant(account_id=account.pk, actor=actor, variant_id=removed.pk)
    again = upload(account, row("A"), row("B"), recipe="own")

    assert Variant.objects.get(sku="A").pk != removed.pk
    assert skus_of_jobs(again) == []
    assert wants(account) == 6
    assert SkuImagery.objects.get(sku="A").qa_status == "pending_review"
    assert GeneratedImage.objects.filter(sku="A").count() == 3


def test_what_an_undo_brings_back_is_followed_as_an_edit(account):
    recipe(account, HERO)
    upload(account, row("A"), recipe="own")
    deliver(account)
    changed = upload(account, row("A", title="Other"), row("B", title="New"), recipe="own")
    assert skus_of_jobs(changed) == ["A", "B"]
    undo(changed)
    run_follow_ups()

    assert list(Variant.objects.values_list("sku", "display_name")) == [("A", "Title A")]
    assert sorted(Want.objects.filter(sku="A").values_list("prompt", "state")) == [
        ("A photo of Other.", "open"),
        ("A photo of Title A.", "satisfied"),
    ]
    assert ImageJob.objects.get(upload=changed, sku="A").state == JobState.CANCELLED


def test_what_an_undo_removes_is_not_made(account):
    recipe(account)
    rows = [row(f"S{number}") for number in range(6)]
    made = upload(account, *rows, recipe="own", pilot=2)
    waiting = ImageJob.objects.filter(state="waiting").order_by("id")
    for_money = waiting.first()
    call = ProviderCallFactory.create(account=account, job=for_money)
    CallWant.objects.create(call=call, want=for_money.wants.get(), position=0)
    undo(made)
    run_follow_ups()

    assert not Variant.objects.exists()
    assert set(ImageJob.objects.values_list("state", flat=True)) == {"cancelled"}
    call.refresh_from_db()
    assert call.state == CallState.ENDED
    assert not SkuImagery.objects.filter(qa_status="generating").exists()


def test_the_forecast_of_an_undo_counts_the_jobs_that_it_stops(account):
    version = recipe(account)
    upload(account, row("OLD"), recipe="own")
    made = upload(account, *(row(f"S{number}") for number in range(5)), recipe="own", pilot=2)
    editing.edit_variant(
        account_id=account.pk,
        actor=Actor(user_id=UserFactory.create().pk),
        variant_id=Variant.objects.get(sku="S4").pk,
        values={"price": Decimal(11)},
    )
    ask(account, version, "S0")

    assert forecast(made)[:2] == [
        "Remove 4 variants and 4 products that this upload created.",
        "Stop 4 image jobs of what is removed.",
    ]
    undo(made)
    run_follow_ups()
    removed = ImageJob.objects.filter(upload=made, state=JobState.CANCELLED)
    assert removed.filter(error_code__in=["removed", "cancelled"]).count() == 4


def test_the_forecast_of_an_undo_that_stops_no_job_says_nothing_of_jobs(account):
    made = upload(account, row("A"))

    assert forecast(made) == ["Remove 1 variant and 1 product that this upload created."]


def test_what_is_removed_and_there_again_is_made(account):
    recipe(account)
    upload(account, row("A"), row("B"), recipe="own")
    actor = Actor(user_id=UserFactory.create().pk)
    for found in Variant.objects.all():
        editing.delete_variant(account_id=account.pk, actor=actor, variant_id=found.pk)
    import_rows(account, HEADER, [row("B")])
    run_follow_ups()

    states = ImageJob.objects.order_by("sku").values_list("sku", "state", "error_code")
    assert list(states) == [("A", "cancelled", "removed"), ("B", "waiting", "")]


@pytest.mark.parametrize("trigger", ["api", "batch_file", "admin"])
def test_what_was_asked_for_beside_the_catalog_is_made_of_removed_skus_too(account, trigger):
    version = recipe(account)
    upload(account, row("A"))
    ask(account, version, "A", trigger=trigger)
    actor = Actor(user_id=UserFactory.create().pk)
    found = Variant.objects.get()
    editing.delete_variant(account_id=account.pk, actor=actor, variant_id=found.pk)
    run_follow_ups()

    assert ImageJob.objects.get().state == JobState.WAITING


def cut_short(account, settings, *rows, applied, **options):
    """An upload that somebody cancels when so many of its rows are applied."""
    made = draft(account, csv_bytes(HEADER, rows), **options)
    settings.UPLOAD_SLICE_SECONDS = 0
    for _ in range(applied):
        run_slice(made.pk, batch_rows=1)
    settings.UPLOAD_SLICE_SECONDS = 60
    cancel_upload(upload=made)
    made = run_to_end(made)
    assert (made.status, made.created_rows + made.updated_rows) == ("failure", applied)
    run_follow_ups()
    follow_all()
    return made


def test_what_a_file_changed_before_it_was_cut_short_is_followed(account, settings):
    recipe(account)
    upload(account, row("A"), row("B"), row("C"), recipe="own")
    deliver(account)
    GeneratedImage.objects.update(decision=Decision.APPROVED)
    changed = [
        row("A", photo="other"), row("B", title="Other"), row("NEW"), row("C", title="Other"),
    ]  # fmt: skip
    made = cut_short(account, settings, *changed, applied=3, recipe="own", pilot=1)

    lapsed = GeneratedImage.objects.exclude(lapsed_at=None)
    assert list(lapsed.values_list("sku", flat=True)) == ["A"]
    assert skus_of_jobs(made) == ["A", "B"]
    states = ImageJob.objects.filter(upload=made).values_list("state", flat=True)
    assert sorted(states) == ["held", "waiting"]

    again = upload(account, *changed, recipe="own")
    assert skus_of_jobs(again) == ["NEW", "C"]


def test_a_file_without_a_recipe_that_is_cut_short_lets_approvals_lapse(account, settings):
    recipe(account)
    upload(account, row("A"), row("B"), recipe="own")
    deliver(account)
    GeneratedImage.objects.update(decision=Decision.APPROVED)
    changed = [row("A", photo="other"), row("B", photo="other")]
    made = cut_short(account, settings, *changed, applied=1)

    lapsed = GeneratedImage.objects.exclude(lapsed_at=None)
    assert list(lapsed.values_list("sku", flat=True)) == ["A"]
    assert skus_of_jobs(made) == []


def retried(made, *, cancelled=False):
    again = retry_upload(upload=made)
    if cancelled:
        run_slice(again.pk, batch_rows=1)
        cancel_upload(upload=again)
    again = run_to_end(again)
    run_follow_ups()
    follow_all()
    return again


def test_a_retry_asks_for_what_the_part_before_it_created(account, settings, monkeypatch):
    recipe(account)
    rows = [row(f"S{number}") for number in range(5)]
    made = cut_short(account, settings, *rows, applied=3, recipe="own")
    assert skus_of_jobs(made) == []

    monkeypatch.setattr(uploads, "at_once", lambda: 2)
    again = retried(made)
    assert (again.status, again.created_rows) == ("success", 2)
    jobs = ImageJob.objects.order_by("id").values_list("sku", "upload", "upload_row")
    assert list(jobs) == [(f"S{number}", again.pk, number + 2) for number in range(5)]
    assert wants(account) == 5

    for follow_up in FollowUp.objects.filter(kind="bulk_upload.ended"):
        after_end(follow_up)
    follow_all()
    assert skus_of_jobs(upload(account, *rows, recipe="own")) == []
    assert ImageJob.objects.count() == wants(account) == 5


def test_the_last_of_several_retries_asks_for_what_all_parts_created(account, settings):
    recipe(account)
    rows = [row(f"S{number}") for number in range(5)]
    made = cut_short(account, settings, *rows, applied=2, recipe="own", pilot=1)
    settings.UPLOAD_SLICE_SECONDS = 0
    second = retried(made, cancelled=True)
    assert (second.status, second.created_rows) == ("failure", 1)
    assert not ImageJob.objects.exists()

    settings.UPLOAD_SLICE_SECONDS = 60
    third = retried(second)
    assert skus_of_jobs(third) == [f"S{number}" for number in range(5)]
    assert sorted(ImageJob.objects.values_list("state", flat=True)) == ["held"] * 4 + ["waiting"]
    assert UploadFollowing.objects.get(upload=third).checkpoint_row == 6


def test_a_retry_leaves_what_a_person_called_off_of_the_part_before_it(account, settings):
    version = recipe(account)
    upload(account, row("OLD"), recipe="own")
    changed = [row("OLD", title="Other"), row("NEW"), row("THIRD"), row("LAST")]
    made = cut_short(account, settings, *changed, applied=3, recipe="own")
    assert skus_of_jobs(made) == ["OLD"]
    ask(account, version, "NEW")
    for job in ImageJob.objects.filter(state=JobState.WAITING):
        cancel(job, None)

    again = retried(made)
    assert skus_of_jobs(again) == ["THIRD", "LAST"]


def test_a_retry_asks_for_nothing_of_a_part_that_was_taken_back(account, settings):
    recipe(account)
    upload(account, row("A"))
    made = cut_short(account, settings, row("A", title="Other"), row("B"), applied=1, recipe="own")
    undo(made)

    assert skus_of_jobs(retried(made)) == ["B"]


def test_a_file_that_is_cut_short_before_its_first_row_is_not_followed(account, settings):
    recipe(account)
    cut_short(account, settings, row("A"), applied=0, recipe="own")

    assert not UploadFollowing.objects.exists()


@pytest.mark.parametrize("decide", [pilots.release, pilots.drop])
def test_nobody_decides_about_a_batch_that_is_being_planned(account, monkeypatch, decide):
    monkeypatch.setattr(uploads, "at_once", lambda: 2)
    monkeypatch.setattr(uploads, "SLICE", uploads.SLICE * 0)
    recipe(account)
    upload(account, *(row(f"S{n}") for n in range(6)), recipe="own", pilot=2)
    batch = ImageBatch.objects.get()
    assert ImageJob.objects.count() == 2
    with pytest.raises(BatchIsBeingPlanned):
        decide(batch, None)

    assert (batch.state, ImageBatch.objects.get().state) == (BatchState.PILOT, BatchState.PILOT)
    assert set(ImageJob.objects.values_list("state", flat=True)) == {"held"}
    while UploadFollowing.objects.filter(ended_at=None).exists():
        follow_all()
    assert ImageJob.objects.filter(is_pilot=True, state="waiting").count() == 2
    decide(batch, None)
    assert not ImageJob.objects.filter(state="held").exists()


@pytest.mark.parametrize(
    ("state", "jobs"), [("released", ["waiting"] * 6), ("dropped", ["held"] * 2)]
)
def test_rows_that_are_planned_behind_a_decision_keep_to_it(account, monkeypatch, state, jobs):
    """However it came about: a worker knows the batch as it was when its slice began."""
    monkeypatch.setattr(uploads, "at_once", lambda: 2)
    recipe(account)
    chunks = iter(range(9))

    def decided_meanwhile():
        if next(chunks) == 0:
            ImageBatch.objects.update(state=state)
            if state == "released":
                now = clock.now()
                ImageJob.objects.filter(state="held").update(state="waiting", run_after=now)

    monkeypatch.setattr(uploads, "rest", decided_meanwhile)
    upload(account, *(row(f"S{n}") for n in range(6)), recipe="own", pilot=2)

    assert sorted(ImageJob.objects.values_list("state", flat=True)) == jobs
    assert not ImageJob.objects.filter(is_pilot=True).exists()


def test_what_an_uploads_pictures_may_cost_is_its_own_purse(account):
    recipe(account)
    made = upload(account, row("A"), recipe="own", image_cap="2.5")

    assert UploadBudget.objects.get(upload=made).cap_micros == 2_500_000


def test_a_pilot_of_all_that_is_new_is_none(account):
    recipe(account)
    upload(account, row("A"), row("B"), recipe="own", pilot=2)

    assert list(ImageJob.objects.values_list("state", flat=True)) == ["waiting", "waiting"]
    assert ImageBatch.objects.get().state == BatchState.RELEASED
