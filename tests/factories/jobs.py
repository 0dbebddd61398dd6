"""Follow-ups in every state a test may need."""

import factory
from factory.django import DjangoModelFactory

from jobs import clock
from jobs.models import FollowUp


class FollowUpFactory(DjangoModelFactory[FollowUp]):
    """Due at once, rung for by nobody."""

    class Meta:
        model = FollowUp

    kind = "test.nothing"
    payload = factory.LazyFunction(dict)
    run_after = factory.LazyFunction(clock.now)
