"""POST /images/{id}/review."""

import json

import pytest

from accounts.scopes import Scope
from imagery.models import Decision, GeneratedImage, ReviewDecision
from tests.api_client import failure, program
from tests.factories.accounts import AccountFactory
from tests.factories.imagery import GeneratedImageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def image():
    return GeneratedImageFactory()


def review(asking, image, **body):
    path = f"/images/{image.uuid}/review"
    return asking.post(path, json.dumps(body), content_type="application/json")


def test_a_program_approves_and_the_trail_names_its_token(image):
    asking = program(image.account, Scope.REVIEW)
    answer = review(asking, image, decision="approve", note="Looks right.")
    assert answer.status_code == 200
    assert answer.json()["data"]["decision"] == "approved"
    assert answer.json()["data"]["qa_status"] == "approved"
    entry = ReviewDecision.objects.get()
    assert (entry.token, entry.user, entry.note) == (asking.token, None, "Looks right.")


def test_a_rejection_names_its_reason(image):
    asking = program(image.account, Scope.REVIEW)
    nameless = review(asking, image, decision="reject")
    assert nameless.status_code == 422
    assert nameless.json()["data"][0]["attribute_name"] == "reason_code"
    assert ReviewDecision.objects.count() == 0
    named = review(asking, image, decision="reject", reason_code="cropped")
    assert named.json()["data"]["decision"] == "rejected"


def test_a_late_decision_and_one_about_other_bytes_are_conflicts(image):
    asking = program(image.account, Scope.REVIEW)
    other = review(asking, image, decision="approve", sha256="0" * 63 + "x")
    assert other.status_code == 409
    review(asking, image, decision="approve")
    late = review(asking, image, decision="reject", reason_code="artefacts")
    assert late.status_code == 409
    assert ReviewDecision.objects.count() == 1
    withdrawn = review(asking, image, decision="reject", reason_code="artefacts", seen="approved")
    assert withdrawn.json()["data"]["decision"] == "rejected"


def test_other_accounts_and_other_scopes_decide_nothing(image):
    stranger = review(program(AccountFactory(), Scope.REVIEW), image, decision="approve")
    assert (stranger.status_code, stranger.json()) == (
        404,
        failure("id", "There is no image with this id"),
    )
    ordering = review(program(image.account, Scope.IMAGERY), image, decision="approve")
    assert ordering.status_code == 403
    assert GeneratedImage.objects.get().decision == Decision.PENDING
