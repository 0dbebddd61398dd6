"""Approval by the account's own rule, once the checks are through."""

import pytest

from imagery.marking import DigitalSource, marked
from imagery.models import Decision, ImagerySettings, ReviewDecision
from tests.factories.accounts import AccountFactory
from tests.factories.imagery import GeneratedImageFactory
from tests.imagery.checks.checked import check, made_after, stored_image
from tests.imagery.checks.pictures import boxed, encoded
from tests.imagery.review.conftest import decision_of

pytestmark = pytest.mark.django_db

SIDE = 1500
AI = DigitalSource.TRAINED_ALGORITHMIC_MEDIA


@pytest.fixture
def account():
    account = AccountFactory()
    ImagerySettings.objects.create(account=account, auto_approve=True, auto_approve_fidelity=90)
    return account


def candidate(account, *, share=0.87, side=SIDE, **look):
    """An image of a box as the photo shows it, unless `look` makes it another one."""
    content = marked(encoded(boxed(share, side=side, **look)), AI)
    want = made_after(account, boxed(0.6, side=600))
    return stored_image(account, content, want=want)


def test_an_image_that_passes_and_is_true_is_approved_by_rule(account):
    image = candidate(account)
    check(image)
    assert decision_of(image) == Decision.APPROVED
    entry = ReviewDecision.objects.get()
    assert (entry.user, entry.token, entry.sha256) == (None, None, image.sha256)
    assert entry.note == "By rule: no channel's check finds a fault, fidelity 100% (at least 90%)."


@pytest.mark.parametrize(
    "look",
    [{"colour": (200, 40, 30)}, {"share": 0.4}, {"paper": (225, 225, 225)}, {"side": 1499}],
    ids=["recoloured", "too small", "not on white", "short of a channel's zoom"],
)
def test_one_that_fails_a_check_or_is_untrue_is_left_to_people(account, look):
    image = candidate(account, **look)
    check(image)
    assert decision_of(image) == Decision.PENDING
    assert ReviewDecision.objects.count() == 0


def test_without_the_rule_everything_is_left_to_people(account):
    ImagerySettings.objects.update(auto_approve=False)
    image = candidate(account)
    check(image)
    assert decision_of(image) == Decision.PENDING


def test_a_current_image_gives_way_to_people_alone(account):
    image = candidate(account)
    GeneratedImageFactory(account=account, sku=image.sku, decision=Decision.APPROVED)
    check(image)
    assert decision_of(image) == Decision.PENDING
