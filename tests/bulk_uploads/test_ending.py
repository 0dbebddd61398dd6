"""When an upload ends, who gave the file is told how it went, and the next upload is woken."""

import pytest

from accounts.roles import Role
from bulk_uploads.ending import after_end, message_of
from bulk_uploads.models import BulkUpload
from jobs.models import FollowUp
from jobs.tasks import run_follow_up
from notices.models import Notice, Tone
from tests.factories.accounts import AccountFactory, ApiTokenFactory, MembershipFactory, UserFactory
from tests.factories.bulk_uploads import BulkUploadFactory, RowIssueFactory
from tests.imports import import_rows

pytestmark = pytest.mark.django_db

HEADER = ["Product Name", "SKU", "Price"]


def ended(upload: BulkUpload) -> FollowUp:
    follow_up = FollowUp.objects.create(
        kind="bulk_upload.ended", payload={"upload_id": upload.pk}, account=upload.account
    )
    after_end(follow_up)
    return follow_up


def given_by_a_person(role: str = Role.MERCHANDISER, **fields: object) -> BulkUpload:
    member = MembershipFactory(role=role)
    return BulkUploadFactory(account=member.account, created_by=member.user, **fields)


def test_a_real_upload_tells_its_person_by_notice_and_mail(mailoutbox):
    member = MembershipFactory(role=Role.MERCHANDISER)
    upload = import_rows(
        member.account, HEADER, [["ZESTER", "FAN-1", "5830"], ["ZESTER", "FAN-2", "cheap"]]
    )
    BulkUpload.objects.filter(pk=upload.pk).update(created_by=member.user)

    run_follow_up(FollowUp.objects.get(kind="bulk_upload.ended").pk)
    run_follow_up(FollowUp.objects.get(kind="notices.mail").pk)

    notice = Notice.objects.get()
    assert (notice.user, notice.account, notice.tone) == (member.user, member.account, "warn")
    assert notice.title == f"Upload {upload.pk} of catalog.csv ended; some rows failed"
    assert notice.text == "1 row of 2 taken (1 created); 1 failed."
    assert notice.facts == [["Rows", "2"], ["Created", "1"], ["Failed", "1"]]
    assert notice.points == [
        "Row 3, Price: 'cheap' is not a number. Expected digits such as 1234.50 or 1,234.50."
    ]
    assert notice.next_step == "Look at the issues, correct these rows and upload them again."
    assert notice.link == f"/admin/bulk_uploads/bulkupload/{upload.pk}/change/"
    (mail,) = mailoutbox
    assert mail.to == [member.user.email]
    assert f"http://localhost:8000{notice.link}" in mail.body


def test_a_follow_up_that_runs_again_tells_nothing_twice():
    upload = given_by_a_person(succeeded=True, total_rows=1, created_rows=1)

    after_end(ended(upload))

    assert Notice.objects.count() == 1
    assert FollowUp.objects.filter(kind="notices.mail").count() == 1


@pytest.mark.parametrize(
    ("fields", "tone", "how", "next_step"),
    [
        ({"succeeded": True, "total_rows": 1, "created_rows": 1}, Tone.GOOD, "succeeded", ""),
        (
            {"succeeded": True, "options": {"dry_run": True}},
            Tone.GOOD,
            "succeeded",
            "Look at what would change, and import the file from there.",
        ),
        (
            {"failed": True, "output": {"code": "missing_key_column"}},
            Tone.BAD,
            "failed",
            "Look at what is wrong, correct the file and upload it again.",
        ),
        (
            {"failed": True, "output": {"code": "cancelled"}},
            Tone.BAD,
            "was cancelled",
            "Upload the file again to go on: what is stored already counts as unchanged.",
        ),
    ],
    ids=["success", "dry run", "failure", "cancelled"],
)
def test_the_message_says_how_it_ended_and_what_to_do(fields, tone, how, next_step):
    upload = BulkUploadFactory(**fields)

    message = message_of(upload)

    dry = " (dry run)" if upload.is_dry_run else ""
    assert message.tone is tone
    assert message.title == f"Upload {upload.pk}{dry} of {upload.file.name} {how}"
    assert message.next_step == next_step


def test_only_the_first_issues_are_told():
    upload = BulkUploadFactory(succeeded=True, total_rows=7, failed_rows=7)
    RowIssueFactory.create_batch(7, upload=upload)
    RowIssueFactory(upload=upload, row=None, column="", message="the file is odd.")

    points = message_of(upload).points

    assert len(points) == 6
    assert points[-1] == "…"


def test_what_the_message_says_already_is_not_told_again():
    upload = import_rows(AccountFactory(), ["Titre"], [["Crayon"]])

    message = message_of(upload)

    assert "an 'EAN' column is needed" in message.text
    assert message.points == []


@pytest.mark.parametrize("role", [Role.REVIEWER, None], ids=["reviewer", "gone"])
def test_who_may_not_look_at_uploads_any_more_is_not_told(role):
    upload = given_by_a_person(succeeded=True)
    if role:
        upload.account.memberships.update(role=role)
    else:
        upload.account.memberships.all().delete()

    ended(upload)

    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("fields", "notices"),
    [
        ({"succeeded": True, "total_rows": 1, "created_rows": 1}, 0),
        ({"succeeded": True, "total_rows": 1, "failed_rows": 1}, 1),
        ({"failed": True}, 1),
    ],
    ids=["success", "some rows failed", "failure"],
)
def test_a_programs_upload_is_told_without_mail_and_only_when_it_went_wrong(fields, notices):
    member = MembershipFactory(role=Role.MANAGER)
    token = ApiTokenFactory(account=member.account, created_by=member.user)

    ended(BulkUploadFactory(account=member.account, token=token, **fields))

    assert Notice.objects.filter(user=member.user).count() == notices
    assert not FollowUp.objects.filter(kind="notices.mail").exists()


def test_an_upload_from_the_shell_tells_nobody():
    UserFactory(is_superuser=True)

    ended(BulkUploadFactory(failed=True))

    assert not Notice.objects.exists()
