"""A rejection that says why makes the image anew, with a prompt that says so, within a budget."""

import pytest

from imagery.engine.events import tell_of
from imagery.models import (
    Decision,
    GeneratedImage,
    ImageJob,
    ImagerySettings,
    RejectReason,
    ReviewDecision,
    ReviewTicket,
    Trigger,
    Want,
)
from imagery.planning.requests import request_images
from imagery.planning.targets import Target
from imagery.review.deciding import approve, reject
from imagery.review.redoing import after_rejection
from imagery.review.undoing import undo
from jobs.models import FollowUp
from tests.factories.imagery import GeneratedImageFactory, LadderRungFactory, RecipeStepFactory
from tests.imagery.review.conftest import seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def step():
    return RecipeStepFactory(images=2)


@pytest.fixture
def images(step):
    """Two candidates for the hero of MUG."""
    account = step.version.recipe.account
    request_images(
        account=account,
        targets=[Target("MUG", inputs={"title": "a mug"})],
        version=step.version,
        trigger=Trigger.API,
    )
    return [
        GeneratedImageFactory(account=account, sku="MUG", want=want)
        for want in Want.objects.order_by("image_number")
    ]


def refuse(image, reviewer, reason=RejectReason.WRONG_COLOUR):
    image.refresh_from_db()
    return reject(account_id=image.account_id, seen=seen(image), reviewer=reviewer, reason=reason)


def follow_up():
    """What a worker does, and what it does when it is asked twice."""
    for noted in FollowUp.objects.filter(kind="imagery.image_rejected"):
        after_rejection(noted)
        after_rejection(noted)


def redos():
    return ImageJob.objects.filter(trigger=Trigger.REDO)


def test_once_all_images_of_a_role_are_rejected_they_are_made_anew(images, reviewer):
    refuse(images[0], reviewer, RejectReason.CROPPED)
    follow_up()
    assert redos().count() == 0
    refuse(images[1], reviewer)
    follow_up()
    redo = redos().get()
    assert ReviewDecision.objects.filter(redo_job=redo).count() == 1
    assert (redo.sku, redo.redo_number, redo.requested_by) == ("MUG", 1, reviewer.user)
    assert set(redo.wants.values_list("prompt", "redo_number")) == {
        (
            "A photo of a mug. Keep the exact colours and materials of the product in the photo. "
            "Show the whole product, nothing cropped, filling most of the frame.",
            1,
        )
    }


def test_the_budget_bounds_how_often(images, reviewer, step):
    account = images[0].account
    for image in images:
        refuse(image, reviewer)
    follow_up()
    again = [
        GeneratedImageFactory(account=account, sku="MUG", want=want)
        for want in redos().get().wants.all()
    ]
    for image in again:
        refuse(image, reviewer)
    follow_up()
    assert redos().count() == 1
    ImagerySettings.objects.create(account=account, redo_budget=2)
    follow_up()
    assert sorted(redos().values_list("redo_number", flat=True)) == [1, 2]


@pytest.mark.parametrize("reason", [RejectReason.WRONG_PRODUCT])
def test_a_wrong_product_is_no_matter_of_the_prompt(images, reviewer, reason):
    for image in images:
        refuse(image, reviewer, reason)
    follow_up()
    assert redos().count() == 0


def test_what_comes_out_the_same_each_time_is_not_made_anew(images, reviewer, step):
    step.ladder.all().delete()
    LadderRungFactory(step=step, provider="studio", model="")
    for image in images:
        refuse(image, reviewer)
    follow_up()
    assert redos().count() == 0


def test_a_rejection_that_was_taken_back_makes_nothing(images, reviewer):
    refuse(images[0], reviewer)
    decision = refuse(images[1], reviewer)
    undo(account_id=images[1].account_id, decision_id=decision.pk, reviewer=reviewer)
    follow_up()
    assert redos().count() == 0


def test_new_images_wait_for_review_and_placeholders_do_not(images):
    placeholder = GeneratedImageFactory(sku="VASE", is_placeholder=True)
    tell_of([placeholder])
    tell_of(images)
    assert list(ReviewTicket.objects.values_list("sku", "waiting")) == [("MUG", 2)]


def test_a_decision_shows_in_how_the_sku_stands(images, reviewer):
    approve(account_id=images[0].account_id, seen=seen(images[0]), reviewer=reviewer)
    standing = images[0].account.sku_imagery.get(sku="MUG")
    assert (standing.qa_status, standing.roles) == ("approved", {"hero": "approved"})
    assert ReviewDecision.objects.filter(image=images[1], after=Decision.SUPERSEDED).count() == 1
    assert GeneratedImage.objects.filter(decision=Decision.APPROVED).count() == 1
