"""Images to decide about, and what is told of decisions."""

from collections.abc import Iterator

import pytest

from imagery.models import Decision, GeneratedImage
from imagery.review.deciding import Seen
from imagery.review.signals import approval_withdrawn, image_approved, image_rejected
from imagery.review.trail import Reviewer
from tests.factories.accounts import UserFactory


@pytest.fixture
def reviewer(db) -> Reviewer:
    return Reviewer(user=UserFactory())


@pytest.fixture
def told() -> Iterator[list[tuple[str, int]]]:
    """Signals in the order they were sent: what, and the image's id."""
    heard: list[tuple[str, int]] = []

    def approved(*, image: GeneratedImage, **_: object) -> None:
        heard.append(("approved", image.pk))

    def withdrawn(*, image: GeneratedImage, **_: object) -> None:
        heard.append(("withdrawn", image.pk))

    def rejected(*, image: GeneratedImage, **_: object) -> None:
        heard.append(("rejected", image.pk))

    listeners = (
        (image_approved, approved),
        (approval_withdrawn, withdrawn),
        (image_rejected, rejected),
    )
    for signal, listener in listeners:
        signal.connect(listener)
    yield heard
    for signal, listener in listeners:
        signal.disconnect(listener)


def seen(image: GeneratedImage) -> Seen:
    return Seen(image.pk, image.sha256, Decision(image.decision))


def decision_of(image: GeneratedImage) -> str:
    return GeneratedImage.objects.values_list("decision", flat=True).get(pk=image.pk)
