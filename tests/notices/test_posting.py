"""A person is told of one thing once, and old notices are forgotten."""

from datetime import timedelta

import pytest

from jobs import clock
from jobs.models import FollowUp
from notices.models import Notice, Tone
from notices.posting import MOST_POINTS, Message, post
from notices.retention import AT_ONCE, KEPT_FOR, forget_old_notices
from tests.factories.accounts import UserFactory
from tests.factories.notices import NoticeFactory

pytestmark = pytest.mark.django_db


def test_however_often_it_is_posted_a_person_is_told_once():
    user, other = UserFactory(), UserFactory()
    message = Message(tone=Tone.GOOD, title="Done")

    told = [
        post(user=person, account=None, about="test:1", message=message, by_mail=True)
        for person in (user, user, other)
    ]

    assert told == [True, False, True]
    assert Notice.objects.count() == 2
    assert FollowUp.objects.filter(kind="notices.mail").count() == 2


def test_without_mail_there_is_only_the_notice():
    user = UserFactory()

    post(
        user=user,
        account=None,
        about="test:1",
        message=Message(tone=Tone.BAD, title="No"),
        by_mail=False,
    )

    assert Notice.objects.get().title == "No"
    assert not FollowUp.objects.exists()


def test_a_message_is_cut_to_what_a_notice_holds():
    message = Message(tone=Tone.BAD, title="long " * 100, points=["point " * 200] * 30)

    post(user=UserFactory(), account=None, about="test:1", message=message, by_mail=False)

    notice = Notice.objects.get()
    assert len(notice.title) == 200
    assert len(notice.points) == MOST_POINTS
    assert {len(point) for point in notice.points} == {500}


def test_notices_are_forgotten_after_90_days():
    kept, old = NoticeFactory(), NoticeFactory(read=True)
    Notice.objects.filter(pk=kept.pk).update(created_at=clock.now() - timedelta(days=89))
    Notice.objects.filter(pk=old.pk).update(created_at=clock.now() - timedelta(days=91))

    assert forget_old_notices() == 1
    assert list(Notice.objects.all()) == [kept]
    assert (timedelta(days=90), 1_000) == (KEPT_FOR, AT_ONCE)
