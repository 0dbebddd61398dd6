"""Notices, unread and read."""

from datetime import timedelta

from factory.declarations import LazyFunction, Sequence, SubFactory, Trait
from factory.django import DjangoModelFactory

from jobs import clock
from notices.models import Notice, Tone
from tests.factories.accounts import UserFactory


class NoticeFactory(DjangoModelFactory[Notice]):
    """Of no account, so that its person needs no membership to see it."""

    class Meta:
        model = Notice

    class Params:
        read = Trait(read_at=LazyFunction(lambda: clock.now() - timedelta(minutes=1)))

    user = SubFactory(UserFactory)
    about = Sequence(lambda number: f"test:{number}")
    tone = Tone.GOOD
    title = Sequence(lambda number: f"Something happened, number {number}")
    text = "It went well."
    link = "/admin/"
