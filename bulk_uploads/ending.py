"""What follows the end of an upload: the next one of its account, and word to who gave the file."""

from collections.abc import Callable
from typing import Final

from django.urls import reverse

from accounts.access import may
from accounts.models import Account, ApiToken, User
from bulk_uploads.ledger import visible_issues
from bulk_uploads.models import BulkUpload, Level, RowIssue, Status
from bulk_uploads.state_machine import ENDED_FOLLOW_UP
from bulk_uploads.tasks import wake_next_upload
from jobs.models import FollowUp
from notices.models import Tone
from notices.posting import Message, post

FIRST_ISSUES: Final = 5
_PERMISSION: Final = "bulk_uploads.view_bulkupload"
_FACTS: Final = (
    ("Rows", "total_rows"),
    ("Created", "created_rows"),
    ("Updated", "updated_rows"),
    ("Unchanged", "unchanged_rows"),
    ("Merged", "merged_rows"),
    ("Failed", "failed_rows"),
    ("Not applied", "not_applied_rows"),
    ("Warnings", "warnings"),
)


#: Told of an upload that has ended, possibly more than once: a worker can die at any moment.
EndListener = Callable[[BulkUpload], None]

_listeners: list[EndListener] = []


def on_end(listener: EndListener) -> None:
    """Have the function told of each upload that ends; rooms above call it as they get ready."""
    if listener not in _listeners:
        _listeners.append(listener)


def after_end(follow_up: FollowUp) -> None:
    """The handler of `ENDED_FOLLOW_UP`. The next upload is woken first: nothing may keep it."""
    wake_next_upload(follow_up)
    upload = (
        BulkUpload.objects.select_related("account", "file", "created_by", "token__created_by")
        .filter(pk=follow_up.payload["upload_id"])
        .first()
    )
    if upload is not None:
        for listener in _listeners:
            listener(upload)
        tell_of_end(upload)


def tell_of_end(upload: BulkUpload) -> None:
    """Tell the person who gave the file, once, if they may still look at the upload.

    A program reads how its uploads end from the API. Who made its token is told, without mail, of
    those in which something went wrong.
    """
    tell(
        upload.created_by,
        upload.token,
        account=upload.account,
        about=f"{ENDED_FOLLOW_UP}:{upload.pk}",
        message=message_of(upload),
    )


def tell(
    person: User | None, token: ApiToken | None, *, account: Account, about: str, message: Message
) -> None:
    """Post the message to the person, or of something wrong to who made the program's token."""
    by_mail = person is not None
    if person is None and token is not None and message.tone is not Tone.GOOD:
        person = token.created_by
    if person is not None and may(person, _PERMISSION, account_id=account.pk):
        post(user=person, account=account, about=about, message=message, by_mail=by_mail)


def tone_of(upload: BulkUpload) -> Tone:
    if upload.status == Status.FAILURE:
        return Tone.BAD
    return Tone.WARNING if upload.failed_rows else Tone.GOOD


def message_of(upload: BulkUpload) -> Message:
    """How the upload ended, in numbers, with its first issues and what to do next."""
    output = upload.output or {}
    name = f"{upload} (dry run)" if upload.is_dry_run else str(upload)
    return Message(
        tone=tone_of(upload),
        title=f"{name} of {upload.file.name} {_how(upload)}",
        text=str(output.get("message", "")),
        facts=[
            (label, f"{count:,}")
            for label, field in _FACTS
            if (count := getattr(upload, field)) or field == "total_rows"
        ],
        points=_first_issues(upload),
        next_step=_next_step(upload),
        link=reverse("admin:bulk_uploads_bulkupload_change", args=[upload.pk]),
    )


def _how(upload: BulkUpload) -> str:
    if upload.status == Status.FAILURE:
        cancelled = (upload.output or {}).get("code") == "cancelled"
        return "was cancelled" if cancelled else "failed"
    return "ended; some rows failed" if upload.failed_rows else "succeeded"


def _first_issues(upload: BulkUpload) -> list[str]:
    """Those that the message of the end does not repeat, as it does what is wrong with a header."""
    errors = visible_issues(upload).filter(level=Level.ERROR)
    said = str((upload.output or {}).get("message", ""))
    issues = [issue for issue in errors[: FIRST_ISSUES + 1] if issue.message not in said]
    lines = [_line(issue) for issue in issues[:FIRST_ISSUES]]
    return [*lines, "…"] if len(issues) > FIRST_ISSUES else lines


def _line(issue: RowIssue) -> str:
    where = [f"row {issue.row:,}"] if issue.row is not None else []
    where += [issue.column] if issue.column else []
    text = f"{', '.join(where)}: {issue.message}" if where else issue.message
    return text[:1].upper() + text[1:]


def _next_step(upload: BulkUpload) -> str:
    code = (upload.output or {}).get("code")
    if code == "cancelled":
        return "Upload the file again to go on: what is stored already counts as unchanged."
    if upload.status == Status.FAILURE:
        return "Look at what is wrong, correct the file and upload it again."
    if upload.is_dry_run and not upload.failed_rows:
        return "Look at what would change, and import the file from there."
    if upload.failed_rows:
        return "Look at the issues, correct these rows and upload them again."
    return ""
