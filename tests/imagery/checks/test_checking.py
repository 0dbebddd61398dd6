"""The job that measures and judges: what it writes, what it writes again, and what stops it."""

from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from imagery.checks import checking, round
from imagery.checks.checking import enqueue_all, enqueue_for, judge_by, wake_due
from imagery.checks.findings import Verdict
from imagery.checks.tasks import run_slice
from imagery.engine.events import tell_of
from imagery.models import (
    ChannelProfile,
    ChannelVerdict,
    GeneratedImage,
    ImageChecking,
    ImageMeasures,
    RejectReason,
    Role,
)
from imagery.review.deciding import Seen, reject
from imagery.review.trail import Reviewer
from imagery.samples import draw_sample
from imagery.studio.composing import on_white
from imagery.studio.cutting import cut_out
from jobs import clock
from jobs.claims import claim
from tests.factories.accounts import AccountFactory, UserFactory
from tests.factories.catalog import ProductFactory, VariantFactory
from tests.factories.imagery import GeneratedImageFactory
from tests.imagery.checks.checked import check, made_after, stored_image, work
from tests.imagery.checks.pictures import boxed

SHOE = draw_sample("shoe", side=250).photo
SHOE_AGAIN = SHOE.resize((230, 230))
SHOE_OF_ANOTHER_COLOUR = Image.merge("RGB", SHOE.split()[::-1])
CHANNELS = {"amazon", "ebay", "flipkart", "google", "myntra", "shopify", "walmart"}


@pytest.fixture
def account(db):
    return AccountFactory()


def verdicts(image: GeneratedImage) -> dict[str, str]:
    rows = ChannelVerdict.objects.filter(image=image).select_related("profile")
    return {row.profile.channel: row.get_verdict_display() for row in rows}


def test_image_is_measured_and_judged_by_every_channel(account):
    image = stored_image(account, boxed(0.5, side=500))

    check(image)

    row = ImageMeasures.objects.get(image=image)
    assert (row.due_at, row.attempts, row.sha256) == (None, 0, image.sha256)
    assert (row.width, row.height, row.file_format) == (500, 500, "JPEG")
    assert row.missing == {
        "fidelity": ["no_reference", "There is no reference photo to compare it with."]
    }
    assert verdicts(image) == {
        "amazon": "Fail",
        "ebay": "Not measurable",
        "flipkart": "Warning",
        "google": "Fail",
        "myntra": "Fail",
        "shopify": "Warning",
        "walmart": "Warning",
    }
    amazon = ChannelVerdict.objects.get(image=image, profile__channel="amazon")
    assert [finding[:2] for finding in amazon.findings] == [
        ["longest_side", 2],
        ["zoom", 2],
        ["fill", 3],
        ["fidelity", 1],
    ]


def test_image_is_compared_with_the_photo_it_was_made_after(account):
    sample = draw_sample("mug", side=400)
    picture = on_white(cut_out(sample.photo).picture, side=400)
    image = stored_image(account, picture, want=made_after(account, sample.photo))

    check(image)

    row = ImageMeasures.objects.get(image=image)
    assert row.fidelity is not None
    assert row.fidelity > 0.9


def test_engine_s_new_images_are_checked_and_placeholders_are_not(account):
    real = stored_image(account)
    placeholder = stored_image(account, is_placeholder=True, sha256="0" * 64)
    on_the_way = stored_image(account, role="", sha256="1" * 64)

    tell_of([real, placeholder, on_the_way])

    assert list(ImageMeasures.objects.values_list("image_id", flat=True)) == [real.pk]
    assert ImageChecking.objects.get(account=account).run_after is not None


def test_writing_many_down_costs_the_same_queries(account, django_assert_num_queries):
    images = [stored_image(account, sku=f"SKU-{number}") for number in range(9)]

    with django_assert_num_queries(4):
        enqueue_all(images)

    assert ImageMeasures.objects.filter(due_at__isnull=False).count() == 9


def test_image_is_decoded_once_however_often_it_is_judged(account, monkeypatch):
    image = stored_image(account)
    check(image)
    monkeypatch.setattr(round, "measure", None)

    check(image)

    assert ImageMeasures.objects.get(image=image).due_at is None


def test_new_profile_has_all_images_judged_without_a_second_look(account):
    images = [stored_image(account, sku=f"SKU-{number}") for number in range(3)]
    check(*images)
    for image in images:
        default_storage.delete(image.storage_path)

    profile = ChannelProfile.objects.create(
        account=account,
        channel="own",
        title="Own shop",
        from_date=date(2024, 1, 1),
        source="Us",
        least_longest_side=201,
    )
    judge_by(profile)
    work(account)

    own = ChannelVerdict.objects.filter(profile=profile)
    assert {row.image_id: row.verdict for row in own} == dict.fromkeys(
        [image.pk for image in images], Verdict.FAIL
    )
    assert {row.findings[0][2] for row in own} == {"200 px"}


def test_changed_profile_changes_its_verdicts_and_a_deleted_one_takes_them_away(account):
    image = stored_image(account)
    profile = ChannelProfile.objects.create(
        account=account,
        channel="own",
        title="Own shop",
        from_date=date(2024, 1, 1),
        source="Us",
        least_longest_side=201,
    )
    check(image)
    assert verdicts(image)["own"] == "Fail"

    profile.least_longest_side = 200
    profile.save()
    judge_by(profile)
    work(account)
    assert verdicts(image)["own"] == "Pass"

    profile.delete()
    judge_by(profile)
    work(account)
    assert set(verdicts(image)) == CHANNELS


def test_profile_that_begins_on_a_day_is_in_force_that_day(account, monkeypatch):
    image = stored_image(account)
    tomorrow = clock.now() + timedelta(days=1)
    own = ChannelProfile.objects.create(
        account=account,
        channel="ebay",
        title="eBay",
        from_date=tomorrow.date(),
        source="Us",
        least_longest_side=5000,
    )
    check(image)
    assert ChannelVerdict.objects.filter(image=image, profile__channel="ebay").count() == 2

    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    wake_due()
    work(account)

    assert ChannelVerdict.objects.get(image=image, profile__channel="ebay").profile == own


def test_job_at_rest_is_left_alone_while_nothing_is_due(account):
    check(stored_image(account))

    wake_due()

    assert ImageChecking.objects.get(account=account).run_after is None


def test_due_image_is_found_though_nobody_rang(account):
    """Written while the worker was just putting its job to rest."""
    image = stored_image(account)
    check(image)
    ImageMeasures.objects.update(due_at=clock.now())

    wake_due()

    assert ImageChecking.objects.get(account=account).run_after is not None


def test_second_worker_gets_nothing(account):
    image = stored_image(account)
    enqueue_for(image)
    job = ImageChecking.objects.get(account=account)
    held = claim(ImageChecking, job.pk, lease=timedelta(minutes=1))

    assert held is not None
    assert run_slice(job.pk) is False
    assert ImageMeasures.objects.get(image=image).measured_at is None


def test_worker_whose_job_went_to_another_writes_nothing(account, monkeypatch):
    image = stored_image(account)
    enqueue_for(image)
    job = ImageChecking.objects.get(account=account)
    measure = round.measure

    def robbed(*args, **kwargs):
        ImageChecking.objects.update(claim_token="00000000-0000-0000-0000-000000000001")
        return measure(*args, **kwargs)

    monkeypatch.setattr(round, "measure", robbed)

    assert run_slice(job.pk) is False
    assert ImageMeasures.objects.get(image=image).measured_at is None
    assert not ChannelVerdict.objects.exists()


def test_picture_that_stops_whoever_looks_at_it_is_given_up(account, monkeypatch):
    image = stored_image(account)
    enqueue_for(image)
    job = ImageChecking.objects.get(account=account)

    def killed(*_args, **_kwargs):
        raise SystemExit

    monkeypatch.setattr(round, "measure", killed)
    for _ in range(round.MOST_ATTEMPTS):
        with pytest.raises(SystemExit):
            run_slice(job.pk)
    work(account)

    row = ImageMeasures.objects.get(image=image)
    assert row.due_at is None
    assert row.missing["fill"][0] == "worker_stopped"
    assert verdicts(image)["ebay"] == "Fail"


def test_picture_that_is_gone_says_so(account):
    image = GeneratedImageFactory(account=account)

    check(image)

    assert ImageMeasures.objects.get(image=image).missing["likeness"] == [
        "gone",
        "The picture is not in our storage (any more).",
    ]


def test_storage_that_fails_is_asked_again_later(account, monkeypatch, caplog):
    enqueue_for(stored_image(account))
    job = ImageChecking.objects.get(account=account)

    def broken(*_args, **_kwargs):
        raise OSError("no route to the storage")

    monkeypatch.setattr(round, "measure", broken)

    assert run_slice(job.pk) is False
    job.refresh_from_db()
    assert job.run_after is not None
    assert job.run_after > clock.now()
    assert "no route to the storage" in caplog.text


class TestDuplicates:
    def test_later_of_two_like_images_is_told_of_the_earlier(self, account):
        first = stored_image(account, SHOE)
        second = stored_image(account, SHOE_AGAIN, sku="SKU-2")

        check(first, second)

        assert ImageMeasures.objects.get(image=first).twin is None
        assert ImageMeasures.objects.get(image=second).twin == first
        found = ChannelVerdict.objects.get(image=second, profile__channel="ebay").findings
        assert ["duplicate", 2, "The same as SKU-1 Hero"] in [each[:3] for each in found]

    def test_order_of_measuring_does_not_matter(self, account):
        first = stored_image(account, SHOE)
        second = stored_image(account, SHOE_AGAIN, sku="SKU-2")

        check(second)
        assert ImageMeasures.objects.get(image=second).twin is None
        check(first)

        assert ImageMeasures.objects.get(image=second).twin == first

    def test_another_colour_is_another_picture(self, account):
        blue = stored_image(account, SHOE)
        red = stored_image(account, SHOE_OF_ANOTHER_COLOUR, sku="SKU-2")

        check(blue, red)

        assert not ImageMeasures.objects.filter(twin__isnull=False).exists()

    def test_other_account_s_image_is_nobody_s_twin(self, account):
        theirs = stored_image(AccountFactory(), SHOE)
        check(theirs)
        ours = stored_image(account, SHOE_AGAIN)

        check(ours)

        assert ImageMeasures.objects.get(image=ours).twin is None

    def test_variants_of_one_product_may_look_alike(self, account):
        product = ProductFactory(account=account)
        for sku in ("SKU-1", "SKU-2"):
            VariantFactory(account=account, product=product, sku=sku)
        first = stored_image(account, SHOE)
        second = stored_image(account, SHOE_AGAIN, sku="SKU-2")

        check(first, second)

        assert ImageMeasures.objects.get(image=second).twin is None

    def test_cut_out_is_no_twin_of_what_it_is_cut_out_of(self, account):
        hero = stored_image(account, SHOE)
        cut = stored_image(account, SHOE_AGAIN, role=Role.CUTOUT)

        check(hero, cut)

        assert ImageMeasures.objects.get(image=cut).twin is None

    def test_rejected_image_is_no_twin_any_more(self, account):
        first = stored_image(account, SHOE)
        second = stored_image(account, SHOE_AGAIN, sku="SKU-2")
        check(first, second)

        reject(
            account_id=account.pk,
            seen=Seen.of(first),
            reviewer=Reviewer(user=UserFactory()),
            reason=RejectReason.WRONG_SHAPE,
            note="No.",
        )
        work(account)

        assert ImageMeasures.objects.get(image=second).twin is None
        found = ChannelVerdict.objects.get(image=second, profile__channel="ebay").findings
        assert "duplicate" not in [each[0] for each in found]


def test_judging_anew_costs_the_same_queries_however_many(account):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            ImageChecking.objects.update(judged_by="", looked_on=None)
            checking.wake({account.pk})
            work(account)
        return len(captured)

    check(*(stored_image(account, sku=f"SKU-{number}") for number in range(2)))
    few = queries()
    check(*(stored_image(account, sku=f"SKU-{number}") for number in range(2, 12)))

    assert queries() == few
