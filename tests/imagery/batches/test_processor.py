"""Image batches: rows become image jobs, and new SKUs come into the catalog."""

from pathlib import Path

import pytest
from django.db import transaction

from bulk_uploads.errors import InvalidOptions
from bulk_uploads.foretelling import foretold
from bulk_uploads.undoers import UndoContext
from catalog.models import AttributeDefinition, Change, MediaAsset, Variant
from imagery.batches import undoing
from imagery.batches.undoing import BatchUndoer
from imagery.engine.cancelling import cancel
from imagery.models import ImageBatch, ImageJob, UploadBudget, Want
from imagery.recipes.editing import archive
from jobs import clock
from tests.factories.accounts import AccountFactory
from tests.imagery.batches.batch_files import (
    BAG,
    HEADER,
    MUG,
    SHOE,
    deliver,
    give,
    jobs_of,
    prompts,
)
from tests.imagery.planning.catalogs import CHAIN, recipe, variant
from tests.imports import (
    catalog_of,
    counts,
    draft,
    import_bytes,
    import_rows,
    issues,
    judgement_of,
    outcomes,
    run_to_end,
)
from tests.meanwhile import Meanwhile, needs_row_locks
from tests.undos import forecast, things_of, undo

SAMPLE = Path(__file__).parents[2] / "data" / "creativeai-catalog.csv"
PROCESSOR = "image_batch_csv_upload_processor"


def test_each_row_becomes_a_job_with_what_the_row_says(account):
    upload = give(account, variants=4)

    assert counts(upload) == {"created": 3}
    assert upload.output["message"].endswith("3 image jobs asked for.")
    assert (upload.output["image_jobs"], upload.output["images_already_there"]) == (3, 0)
    mug, _, bag = jobs_of(upload)
    assert (mug.sku, mug.upload_row, mug.trigger, mug.images) == ("SKU-1001", 2, "batch_file", 4)
    assert mug.inputs == {
        "title": "Ceramic mug",
        "image_url": "https://cdn.example.com/mug.png",
        "brand": "Northline",
        "style_tags": "studio",
    }
    assert mug.reference.url == "https://cdn.example.com/mug.png"
    assert prompts([bag]) == ["A photo of Travel bag. Look: warm tones."] * 4
    batch = ImageBatch.objects.get()
    assert (batch.upload, {job.batch for job in jobs_of(upload)}) == (upload, {batch})


def test_a_new_sku_comes_into_the_catalog_with_what_the_row_says(account):
    give(account, MUG)

    (row,) = catalog_of(account)["variants"]
    found = Variant.objects.get()
    assert (found.sku, found.product.name) == ("SKU-1001", "Ceramic mug")
    names = dict(AttributeDefinition.objects.values_list("name", "id"))
    assert found.attributes == {
        str(names["brand"]): "Northline",
        str(names["style tags"]): "studio",
    }
    assert MediaAsset.objects.get().url == "https://cdn.example.com/mug.png"
    assert row["sku"] == "SKU-1001"


def test_of_a_known_sku_nothing_in_the_catalog_changes(account):
    variant(account, "SKU-1001", "https://cdn.example.com/own.png", display_name="Own mug")
    before = catalog_of(account)

    upload = give(account, MUG)

    assert counts(upload) == {"unchanged": 1}
    after = catalog_of(account)
    assert after["variants"] == before["variants"]
    assert after["products"] == before["products"]
    assert not Change.objects.exists()
    assert prompts(jobs_of(upload)) == ["A photo of Ceramic mug. Look: studio."]


def test_a_known_sku_needs_no_title(account):
    variant(account, "SKU-1001", display_name="Own mug")

    upload = give(account, ("SKU-1001",), ("NEW",), header=("sku",))

    assert outcomes(upload) == {2: "unchanged", 3: "failed"}
    assert issues(upload) == [(3, "Product Name", "", "required_to_create")]
    assert prompts(jobs_of(upload)) == ["A photo of Own mug."]


def test_the_same_file_again_wants_nothing_new(account):
    deliver(*jobs_of(give(account)))
    wants = Want.objects.count()

    again = give(account)

    assert counts(again) == {"unchanged": 3}
    assert Want.objects.count() == wants == 3
    assert [job.state for job in jobs_of(again)] == ["delivered"] * 3
    assert again.output["message"].endswith(
        "3 image jobs asked for, 3 of which had their images already."
    )


def test_a_changed_title_wants_only_that_skus_images_anew(account):
    deliver(*jobs_of(give(account)))

    again = give(account, MUG, ("SKU-1002", "Trail shoe", *SHOE[2:]), BAG)

    assert [job.state for job in jobs_of(again)] == ["delivered", "waiting", "delivered"]
    assert Want.objects.count() == 4


def test_a_sku_that_was_deleted_and_comes_again_finds_its_images(account):
    deliver(*jobs_of(give(account, MUG)))
    Variant.objects.all().delete()

    again = give(account, MUG)

    assert counts(again) == {"created": 1}
    assert [job.state for job in jobs_of(again)] == ["delivered"]


@pytest.mark.parametrize("batch_rows", [1, 2, 7])
def test_the_cut_into_batches_makes_no_difference(account, batch_rows):
    rows = [MUG, ("SKU-1001", "Twice", "", "", ""), SHOE, ("", "No SKU", "", "", ""), BAG]
    rows += [("SKU-1002", "Again", "", "", ""), ("LAMP", "Lamp", "not a URL", "", "")]
    variant(account, "SKU-1002")
    variant(account, "LAMP")

    upload = give(account, *rows, batch_rows=batch_rows)

    assert outcomes(upload) == {
        2: "created",
        3: "failed",
        4: "unchanged",
        5: "failed",
        6: "created",
        7: "failed",
        8: "failed",
    }
    assert issues(upload) == [
        (3, "sku", "SKU-1001", "repeated_key"),
        (5, "sku", "", "missing_key"),
        (7, "sku", "SKU-1002", "repeated_key"),
        (8, "image_url", "not a URL", "invalid_url"),
    ]
    assert [(job.sku, job.upload_row) for job in jobs_of(upload)] == [
        ("SKU-1001", 2),
        ("SKU-1002", 4),
        ("SKU-1003", 6),
    ]
    assert ImageBatch.objects.count() == 1


def test_headers_are_known_by_other_names(account):
    header = ("Product-Title", "Vendor", "SKU", "Image Link", "Tags", "Price")

    upload = give(
        account, ("Mug", "Northline", "A", "https://a.example/b.png", "warm", "9"), header=header
    )

    (job,) = jobs_of(upload)
    assert job.inputs == {
        "title": "Mug",
        "image_url": "https://a.example/b.png",
        "brand": "Northline",
        "style_tags": "warm",
    }
    assert issues(upload) == [(1, "Price", "Price", "ignored_header")]
    assert Variant.objects.get().price is None


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (("title", "image_url"), "missing_key_column"),
        (("sku", "title", "SKU"), "repeated_header"),
    ],
    ids=["no SKU", "two of them"],
)
def test_a_header_that_cannot_be_worked_with_ends_the_upload(account, header, code):
    upload = give(account, ("a", "b", "c")[: len(header)], header=header)

    assert upload.status == "failure"
    assert code in {issue[-1] for issue in issues(upload)}
    assert not Variant.objects.exists()
    assert not ImageJob.objects.exists()


def test_a_likely_slip_in_a_header_is_pointed_at(account):
    upload = give(account, ("A", "Mug"), header=("sku", "titel"))

    (issue,) = upload.issues.filter(code="ignored_header")
    assert issue.message.endswith("Did you mean 'title'?")


def test_a_dry_run_asks_for_nothing_and_says_what_it_would_cost(account):
    variant(account, "SKU-1001")

    upload = give(account, dry_run=True, variants=2)

    assert counts(upload) == {"created": 2, "unchanged": 1}
    assert not ImageJob.objects.exists()
    assert Variant.objects.count() == 1
    told = foretold(upload)["imagery"]
    assert told.document["skus"] == 3
    assert told.document["images"] == 6
    assert told.document["recipe"] == "own"


def test_a_dry_run_without_a_recipe_is_told_of_by_the_one_that_is_used(account):
    dry = import_rows(account, HEADER, [MUG], processor_name=PROCESSOR, dry_run=True)

    told = foretold(dry)["imagery"]
    assert told.remark.startswith("By the recipe hero.")
    assert told.document["recipe"] == "hero"
    recipe(account, *CHAIN, name="hero")
    assert foretold(dry)["imagery"].remark.startswith("The recipe hero was changed since")


def test_a_real_run_does_what_its_dry_run_said(account):
    variant(account, "SKU-1001")
    rows = [MUG, SHOE, ("SKU-1002", "Twice", "", "", ""), ("NEW", "", "", "", "")]
    dry = give(account, *rows, dry_run=True)
    real = give(account, *rows)

    said, done = judgement_of(dry), judgement_of(real)
    assert (said["rows"], said["issues"]) == (done["rows"], done["issues"])


def test_all_or_nothing_asks_for_nothing_if_a_row_fails(account):
    upload = give(account, MUG, ("", "No SKU", "", "", ""), on_error="abort")

    assert upload.status == "failure"
    assert not ImageJob.objects.exists()
    assert not Variant.objects.exists()


def test_a_pilot_goes_ahead_and_the_rest_is_held(account):
    rows = [(f"S{number}", f"Thing {number}", "", "", "") for number in range(5)]

    upload = give(account, *rows, pilot=2, batch_rows=2)

    states = sorted(job.state for job in jobs_of(upload))
    assert states == ["held", "held", "held", "waiting", "waiting"]
    assert upload.output["message"].endswith("3 wait until the pilot has been looked at.")
    assert ImageBatch.objects.get().state == "pilot"


def test_a_file_smaller_than_the_pilot_goes_as_a_whole(account):
    upload = give(account, MUG, SHOE, pilot=5)

    assert [job.state for job in jobs_of(upload)] == ["waiting", "waiting"]
    assert ImageBatch.objects.get().state == "released"


def test_a_cap_of_its_own_bounds_what_the_images_cost(account):
    upload = give(account, MUG, image_cap="1.25")

    assert UploadBudget.objects.get(upload=upload).cap_micros == 1_250_000


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("variants", 0),
        ("variants", 11),
        ("variants", True),
        ("image_cap", -1),
        ("image_cap", "a lot"),
        ("image_cap", "NaN"),
        ("image_cap", "0.0000001"),
        ("pilot", -1),
        ("recipe", "nobody's"),
        ("absent", "deactivate"),
    ],
)
def test_options_that_make_no_sense_are_refused(account, option, value):
    with pytest.raises(InvalidOptions) as refusal:
        give(account, **{option: value})

    assert list(refusal.value.errors) == [option]
    assert not ImageJob.objects.exists()


def test_another_accounts_recipe_is_refused(account):
    recipe(AccountFactory.create(), name="theirs")

    with pytest.raises(InvalidOptions):
        give(account, recipe="theirs")


def test_a_recipe_that_was_archived_meanwhile_fails_the_upload(account):
    upload = draft(account, b"sku,title\nA,Mug\n", processor_name=PROCESSOR, recipe="own")
    archive(recipe=account.recipes.get(name="own"))

    ended = run_to_end(upload)

    assert ended.status == "failure"
    assert issues(ended)[0][-1] == "unknown_recipe"
    assert not Variant.objects.exists()


def test_without_a_word_about_it_the_recipe_is_hero(account):
    upload = import_bytes(account, b"sku,title\nA,Mug\n", processor_name=PROCESSOR)

    (job,) = jobs_of(upload)
    assert job.recipe_version.recipe.name == "hero"


def test_an_undo_stops_what_is_open_and_keeps_what_was_made(account):
    variant(account, "SKU-1001")
    before = things_of(account)
    upload = give(account)
    mug, *_ = jobs_of(upload)
    (image,) = deliver(mug)

    assert forecast(upload)[0] == ("Stop 2 image jobs that have not ended. Images that exist stay.")
    undo(upload)

    assert [job.state for job in jobs_of(upload)] == ["delivered", "cancelled", "cancelled"]
    assert things_of(account) == before
    image.refresh_from_db()
    assert image.sku == "SKU-1001"


def test_an_undo_stops_one_job_a_step(account):
    """Each locks wants first and the job last: two at once, and workers might wait for it."""
    upload = give(account)
    undoer = BatchUndoer.of(upload)
    context = UndoContext(now=clock.now())

    step = undoer.step(cursor=None, context=context)

    assert (step.done, step.removed) == (False, 0)
    assert [job.state for job in jobs_of(upload)] == ["cancelled", "waiting", "waiting"]


@needs_row_locks
@pytest.mark.django_db(transaction=True)
def test_an_undo_and_who_has_another_jobs_wants_do_not_wait_for_one_another(account, monkeypatch):
    """Who locked the wants of the second job wakes the first one, which the undo has stopped."""
    first, second, _ = jobs_of(upload := give(account))
    undoer, context = BatchUndoer.of(upload), UndoContext(now=clock.now())
    waking = []

    @transaction.atomic
    def wake():
        list(Want.objects.filter(jobs=second).order_by("pk").select_for_update(of=("self",)))
        ImageJob.objects.filter(pk=first.pk).update(dispatched_at=None)

    def cancel_slowly(*args):
        cancel(*args)
        if not waking:
            waking.append(Meanwhile(wake))
            assert waking[0].has_to_wait()

    monkeypatch.setattr(undoing, "cancel", cancel_slowly)
    for _ in range(3):
        with transaction.atomic():
            undoer.step(cursor=None, context=context)

    waking[0].end()
    assert {job.state for job in jobs_of(upload)} == {"cancelled"}


def test_a_batch_costs_the_same_queries_however_large(account, django_assert_max_num_queries):
    def rows(*numbers):
        return [(f"S{number}", f"T{number}", "", "", "") for number in numbers]

    give(account, *rows(*range(3)))
    with django_assert_max_num_queries(400) as few:
        give(account, *rows(3))
    with django_assert_max_num_queries(len(few)):
        give(account, *rows(*range(4, 34)))


def test_the_sample_of_the_source_is_taken_as_it_is(account):
    upload = import_bytes(account, SAMPLE.read_bytes(), processor_name=PROCESSOR)

    assert counts(upload) == {"created": 3}
    assert [job.sku for job in jobs_of(upload)] == ["SKU-1001", "SKU-1002", "SKU-1003"]
    assert tuple(upload.header) == HEADER
