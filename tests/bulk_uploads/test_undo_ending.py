"""When an undo ends, who asked for it is told what was taken back and what was kept."""

import pytest

from accounts.roles import Role
from bulk_uploads.models import Status, UndoKept, UploadUndo
from bulk_uploads.undo_ending import after_undo
from jobs.models import FollowUp
from notices.models import Notice
from tests.factories.accounts import ApiTokenFactory, MembershipFactory
from tests.factories.bulk_uploads import BulkUploadFactory

pytestmark = pytest.mark.django_db


def undo_by_a_person(**fields: object) -> UploadUndo:
    member = MembershipFactory(role=Role.MERCHANDISER)
    upload = BulkUploadFactory(account=member.account, succeeded=True)
    wanted = {"status": Status.SUCCESS, "requested_by": member.user, "message": "Taken back."}
    return UploadUndo.objects.create(upload=upload, **(wanted | fields))


def end_of(undo: UploadUndo) -> FollowUp:
    return FollowUp.objects.create(
        kind="bulk_upload.undone", payload={"undo_id": undo.pk}, account=undo.upload.account
    )


def test_who_asked_for_an_undo_is_told_what_was_kept():
    undo = undo_by_a_person(restored=9_995, removed=2, kept=6)
    UndoKept.objects.bulk_create(
        UndoKept(undo=undo, key=f"FAN-{n}", reason_code="edited", message="Edited since.")
        for n in range(6)
    )

    after_undo(end_of(undo))

    notice = Notice.objects.get()
    name = f"Undo of upload {undo.upload_id} of {undo.upload.file.name}"
    assert (notice.user, notice.tone) == (undo.requested_by, "warn")
    assert (notice.title, notice.text) == (f"{name} is done; some rows were kept", "Taken back.")
    assert notice.facts == [["Restored", "9,995"], ["Removed", "2"], ["Kept", "6"]]
    assert notice.points == [*(f"FAN-{n}: Edited since." for n in range(5)), "…"]
    assert notice.next_step == "Look at what was kept, and why."
    assert notice.link == f"/admin/bulk_uploads/bulkupload/{undo.upload_id}/change/"
    assert FollowUp.objects.filter(kind="notices.mail").count() == 1


@pytest.mark.parametrize(
    ("status", "tone", "how"),
    [(Status.SUCCESS, "good", "is done"), (Status.FAILURE, "bad", "stopped")],
)
def test_how_it_ended_is_in_the_title(status, tone, how):
    undo = undo_by_a_person(status=status)

    after_undo(end_of(undo))

    notice = Notice.objects.get()
    assert (notice.tone, notice.title.rpartition(undo.upload.file.name)[2]) == (tone, f" {how}")


def test_an_undo_that_ends_a_second_time_is_told_of_again_and_each_end_once():
    undo = undo_by_a_person(status=Status.FAILURE)
    first = end_of(undo)
    after_undo(first)
    after_undo(first)
    undo.status = Status.SUCCESS
    undo.save()

    after_undo(end_of(undo))

    assert list(Notice.objects.order_by("id").values_list("tone", flat=True)) == ["bad", "good"]


def test_a_programs_undo_is_told_only_where_something_was_kept_and_without_mail():
    member = MembershipFactory(role=Role.MANAGER)
    token = ApiTokenFactory(account=member.account, created_by=member.user)
    for kept in (0, 1):
        upload = BulkUploadFactory(account=member.account, succeeded=True)
        undo = UploadUndo.objects.create(
            upload=upload, token=token, kept=kept, status=Status.SUCCESS
        )
        after_undo(end_of(undo))

    assert Notice.objects.get().tone == "warn"
    assert not FollowUp.objects.filter(kind="notices.mail").exists()
