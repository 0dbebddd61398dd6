"""The bell and the page of notices: a person's own, and nobody else's."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from jobs import clock
from notices.models import MailChoice, Notice, Tone, Wanted
from tests.factories.accounts import AccountFactory, MembershipFactory
from tests.factories.notices import NoticeFactory
from tests.signing_in import EVERYBODY, client_as

pytestmark = pytest.mark.django_db

LIST = "admin:notices_notice_changelist"


def page(client, **query: object) -> str:
    answer = client.get(reverse(LIST), query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_sees_their_own_notices_and_nobody_elses(who):
    client = client_as(who, AccountFactory())
    NoticeFactory(user=client.user, title="Mine", text="It went well.")
    NoticeFactory(title="Not mine")

    text = page(client)

    assert "Mine" in text
    assert "Not mine" not in text


def test_without_notices_the_page_says_what_would_be_there():
    text = page(client_as(Role.MERCHANDISER, AccountFactory()))

    assert "Nothing to tell yet" in text
    assert "When an upload of yours ends" in text
    assert "Mark all read" not in text


def test_an_old_unread_notice_can_be_marked_read_from_the_first_page():
    client = client_as(Role.MERCHANDISER, AccountFactory())
    NoticeFactory(user=client.user)
    NoticeFactory.create_batch(40, user=client.user, read_at=clock.now())

    assert "Mark all read" in page(client)


def test_who_is_not_signed_in_is_sent_to_sign_in(client):
    for name in ("changelist", "bell"):
        answer = client.get(reverse(f"admin:notices_notice_{name}"))
        assert (answer.status_code, "login" in answer.headers["Location"]) == (302, True)


def test_what_somebody_was_told_of_an_account_they_left_is_not_shown():
    account = AccountFactory()
    client = client_as(Role.MANAGER, account)
    notice = NoticeFactory(user=client.user, account=account, title="Theirs")
    assert "Theirs" in page(client)

    account.memberships.all().delete()

    assert "Theirs" not in page(client)
    read = client.post(reverse("admin:notices_notice_read", args=[notice.pk]))
    assert read.status_code == 404


def test_the_bell_counts_what_is_unread():
    client = client_as(Role.REVIEWER, AccountFactory())
    bell = reverse("admin:notices_notice_bell")
    assert "unread" not in client.get(bell).content.decode()

    NoticeFactory.create_batch(3, user=client.user)
    NoticeFactory(user=client.user, read=True)
    NoticeFactory()

    assert "3 unread notices" in client.get(bell).content.decode()


def test_the_bell_counts_no_further_than_it_shows():
    client = client_as(Role.REVIEWER, AccountFactory())
    NoticeFactory.create_batch(101, user=client.user)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        text = client.get(reverse("admin:notices_notice_bell")).content.decode()

    assert "99+ unread notices" in text
    # Session, person, memberships, notices.
    assert len(queries) <= 4


def test_every_page_has_the_bell_and_asks_for_its_count_later():
    client = client_as(Role.MERCHANDISER, AccountFactory())

    text = client.get(reverse("admin:index")).content.decode()

    assert reverse("admin:notices_notice_bell") in text
    assert 'hx-trigger="load, every 30s' in text


def test_opening_a_notice_marks_it_read_and_leads_on():
    client = client_as(Role.MERCHANDISER, AccountFactory())
    notice = NoticeFactory(user=client.user, link="/admin/bulk_uploads/bulkupload/")
    other = NoticeFactory(user=client.user)

    answer = client.post(reverse("admin:notices_notice_read", args=[notice.pk]))

    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        "/admin/bulk_uploads/bulkupload/",
    )
    assert list(Notice.objects.unread()) == [other]


def test_nobody_marks_anothers_notice_read():
    client = client_as(Role.MANAGER, AccountFactory())
    notice = NoticeFactory()

    answer = client.post(reverse("admin:notices_notice_read", args=[notice.pk]))
    client.post(reverse("admin:notices_notice_read_all"))

    assert answer.status_code == 404
    assert Notice.objects.unread().count() == 1


def test_all_are_marked_read_at_once():
    client = client_as(Role.MANAGER, AccountFactory())
    NoticeFactory.create_batch(3, user=client.user)

    client.post(reverse("admin:notices_notice_read_all"))

    assert not Notice.objects.unread().exists()


@pytest.mark.parametrize("name", ["read_all", "mail"])
def test_looking_changes_nothing(name):
    client = client_as(Role.MANAGER, AccountFactory())
    NoticeFactory(user=client.user)

    assert client.get(reverse(f"admin:notices_notice_{name}")).status_code == 405
    assert Notice.objects.unread().count() == 1


def test_a_person_chooses_their_mails():
    client = client_as(Role.MERCHANDISER, AccountFactory())

    client.post(reverse("admin:notices_notice_mail"), {"wanted": "trouble"})
    client.post(reverse("admin:notices_notice_mail"), {"wanted": "everything there is"})

    assert MailChoice.of(client.user) is Wanted.TROUBLE
    assert 'value="trouble"\n' in page(client)
    assert MailChoice.objects.count() == 1


def test_older_notices_stand_on_the_next_page():
    client = client_as(Role.MERCHANDISER, AccountFactory())
    notices = NoticeFactory.create_batch(31, user=client.user)

    first = page(client)
    second = page(client, before=notices[1].pk)

    assert notices[30].title in first
    assert notices[0].title + "\n" not in first
    assert f"?before={notices[1].pk}" in first
    assert notices[0].title in second
    assert "Newest" in second


def test_markup_in_a_notice_is_text():
    client = client_as(Role.MERCHANDISER, AccountFactory())
    NoticeFactory(user=client.user, title="<script>alert(1)</script>", tone=Tone.BAD)

    assert "<script>alert(1)" not in page(client)


def test_a_page_of_notices_takes_a_fixed_number_of_queries():
    account = AccountFactory()
    client = client_as(Role.MERCHANDISER, account)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(client)
        return len(captured)

    NoticeFactory(user=client.user, account=account)
    before = queries()
    NoticeFactory.create_batch(20, user=client.user, account=account)

    assert queries() == before


def test_a_member_of_two_accounts_sees_the_notices_of_both():
    account, second = AccountFactory(), AccountFactory()
    client = client_as(Role.MERCHANDISER, account)
    MembershipFactory(account=second, user=client.user, role=Role.REVIEWER)
    NoticeFactory(user=client.user, account=account, title="One")
    NoticeFactory(user=client.user, account=second, title="Two")

    text = page(client)

    assert ("One" in text, "Two" in text) == (True, True)
