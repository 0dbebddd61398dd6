"""A notice goes out by mail once, however the mail server behaves, and to nobody who objects."""

import re
from datetime import timedelta

import pytest

from accounts.roles import Role
from jobs import clock
from jobs.models import FollowUp
from jobs.tasks import MOST_ATTEMPTS, run_follow_up
from notices.mailing import MAIL_FOLLOW_UP
from notices.models import MailChoice, Notice, Tone, Wanted
from notices.posting import Message, post
from tests.factories.accounts import AccountFactory, MembershipFactory, UserFactory
from tests.notices.mail_server import mail_server

pytestmark = pytest.mark.django_db

MESSAGE = Message(
    tone=Tone.WARNING,
    title="Upload 7 of fans.csv ended; some rows failed",
    text="998 rows of 1,000 taken.",
    facts=[("Rows", "1,000"), ("Failed", "2")],
    points=["Row 42, EAN: '<b>12</b>' is not a GTIN.", "Row 43: no key."],
    next_step="Correct these rows and upload them again.",
    link="/admin/bulk_uploads/bulkupload/7/change/",
)
PLAIN = """\
Upload 7 of fans.csv ended; some rows failed

998 rows of 1,000 taken.

Rows: 1,000
Failed: 2

- Row 42, EAN: '<b>12</b>' is not a GTIN.
- Row 43: no key.

Correct these rows and upload them again.

https://catalog.example.com/admin/bulk_uploads/bulkupload/7/change/

--
You get this mail because it is about something you started. Choose which mails you get:
https://catalog.example.com/admin/notices/notice/
"""


@pytest.fixture
def server(settings):
    with mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_TIMEOUT = 5
        settings.DEFAULT_FROM_EMAIL = "Catalog <catalog@shop.example>"
        settings.PUBLIC_URL = "https://catalog.example.com"
        yield running


def told(message: Message = MESSAGE, **person: object) -> tuple[Notice, FollowUp]:
    """A notice just posted, and the follow-up that is to mail it."""
    user = UserFactory(email="asha@shop.example", **person)
    post(user=user, account=None, about="test:1", message=message, by_mail=True)
    notice = Notice.objects.get()
    return notice, FollowUp.objects.get(kind=MAIL_FOLLOW_UP, payload={"notice_id": notice.pk})


def run(follow_up: FollowUp) -> FollowUp:
    """As if its time had come."""
    FollowUp.objects.filter(pk=follow_up.pk, failed_at=None).update(run_after=clock.now())
    run_follow_up(follow_up.pk)
    follow_up.refresh_from_db()
    return follow_up


def test_a_notice_goes_out_as_plain_text_and_html(server):
    notice, follow_up = told()

    run(follow_up)

    (mail,) = server.taken
    plain, html = (part.get_content() for part in mail.iter_parts())
    assert (mail["From"], mail["To"]) == ("Catalog <catalog@shop.example>", "asha@shop.example")
    assert mail["Subject"] == "Upload 7 of fans.csv ended; some rows failed"
    assert mail["Message-ID"] == f"<{notice.uuid}@shop.example>"
    assert plain.replace("\r\n", "\n").strip() == PLAIN.strip()
    assert "&lt;b&gt;12&lt;/b&gt;" in html
    assert "<b>" not in html
    assert re.findall(r'href="([^"]+)"', html) == [
        "https://catalog.example.com/admin/bulk_uploads/bulkupload/7/change/",
        "https://catalog.example.com/admin/notices/notice/",
    ]
    notice.refresh_from_db()
    assert notice.mailed_at is not None
    assert follow_up.finished_at is not None


def test_a_follow_up_that_runs_twice_mails_once(server):
    _, follow_up = told()
    run(follow_up)
    FollowUp.objects.filter(pk=follow_up.pk).update(finished_at=None)

    run(follow_up)

    assert len(server.taken) == 1


@pytest.mark.parametrize("trouble", ["450 Busy", "451 Local error", "421 Closing"])
def test_a_server_in_trouble_is_tried_again_later(server, trouble):
    notice, follow_up = told()
    server.data_answers.append(trouble)

    follow_up = run(follow_up)

    assert (follow_up.finished_at, follow_up.failed_at) == (None, None)
    assert follow_up.run_after is not None
    assert clock.now() < follow_up.run_after <= clock.now() + timedelta(seconds=10)
    assert server.taken == []
    assert run(follow_up).finished_at is not None
    assert len(server.taken) == 1
    notice.refresh_from_db()
    assert notice.mailed_at is not None


def test_a_connection_that_breaks_in_the_middle_is_tried_again(server):
    _, follow_up = told()
    server.data_answers.append("")

    assert run(follow_up).finished_at is None
    assert run(follow_up).finished_at is not None
    assert len(server.taken) == 1


def test_without_a_server_the_mail_is_given_up_in_sight_and_the_notice_stays(server, settings):
    notice, follow_up = told()
    with mail_server() as gone:
        settings.EMAIL_PORT = gone.port

    for _ in range(MOST_ATTEMPTS):
        follow_up = run(follow_up)

    assert follow_up.failed_at is not None
    assert "refused" in follow_up.error
    notice.refresh_from_db()
    assert (notice.mailed_at, notice.mail_refusal) == (None, "")


def test_an_address_that_is_refused_for_good_is_not_tried_again(server):
    notice, follow_up = told()
    server.recipient_answers.append("550 No such mailbox")

    follow_up = run(follow_up)

    assert follow_up.finished_at is not None
    assert (server.attempts, server.taken) == (1, [])
    notice.refresh_from_db()
    assert notice.mailed_at is None
    assert "No such mailbox" in notice.mail_refusal


def test_a_mail_that_is_refused_for_good_is_not_tried_again(server):
    notice, follow_up = told()
    server.data_answers.append("554 Looks like spam")

    assert run(follow_up).finished_at is not None
    notice.refresh_from_db()
    assert "Looks like spam" in notice.mail_refusal


@pytest.mark.parametrize("person", [{"email": ""}, {"is_active": False}], ids=str)
def test_nobody_is_mailed_who_cannot_be_or_is_gone(server, person):
    user = UserFactory(**person)
    post(user=user, account=None, about="test:1", message=MESSAGE, by_mail=True)

    assert run(FollowUp.objects.get(kind=MAIL_FOLLOW_UP)).finished_at is not None
    assert server.attempts == 0


@pytest.mark.parametrize(
    ("wanted", "tone", "mails"),
    [
        (Wanted.ALL, Tone.GOOD, 1),
        (Wanted.TROUBLE, Tone.GOOD, 0),
        (Wanted.TROUBLE, Tone.WARNING, 1),
        (Wanted.TROUBLE, Tone.BAD, 1),
        (Wanted.NONE, Tone.BAD, 0),
    ],
)
def test_a_person_gets_the_mails_they_chose(server, wanted, tone, mails):
    notice, follow_up = told(Message(tone=tone, title="Something happened"))
    MailChoice.objects.create(user=notice.user, wanted=wanted)

    run(follow_up)

    assert len(server.taken) == mails
    assert Notice.objects.filter(user=notice.user).count() == 1


def test_who_has_left_the_account_is_not_mailed_about_it(server):
    member = MembershipFactory(account=AccountFactory(), user=UserFactory(), role=Role.MERCHANDISER)
    post(user=member.user, account=member.account, about="test:1", message=MESSAGE, by_mail=True)
    member.delete()

    run(FollowUp.objects.get(kind=MAIL_FOLLOW_UP))

    assert server.attempts == 0


def test_a_title_of_several_lines_makes_no_header_of_its_own(server):
    _, follow_up = told(Message(tone=Tone.BAD, title="Upload 7 of a\r\nBcc: all@shop.example.csv"))

    run(follow_up)

    (mail,) = server.taken
    assert mail["Subject"] == "Upload 7 of a Bcc: all@shop.example.csv"
    assert mail["Bcc"] is None
