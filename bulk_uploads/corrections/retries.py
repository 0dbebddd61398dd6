"""Retrying an upload: a child upload of the rows that failed or were not applied."""

from django.db import IntegrityError, transaction

from accounts.models import ApiToken, User
from bulk_uploads.corrections.line import root_id_of
from bulk_uploads.corrections.settled import count_rows_left
from bulk_uploads.errors import NotEnded, NothingToRetry, RetryRunning
from bulk_uploads.models import ENDED, BulkUpload, Phase, Relation
from bulk_uploads.options import options_for_rows_left
from bulk_uploads.services import draft_upload

#: Ends of an upload that lie neither in its file nor in its rows.
_INTERRUPTED = frozenset({"cancelled", "stuck"})


def retry_upload(
    *, upload: BulkUpload, created_by: User | None = None, token: ApiToken | None = None
) -> BulkUpload:
    """The child; its rows have the numbers they have here, and its options are the same, but for
    those that speak of a file as a whole.

    Raises NotEnded, NothingToRetry, or RetryRunning while an earlier retry has not ended.
    """
    ensure_retryable(upload)
    try:
        with transaction.atomic():
            return draft_upload(
                account=upload.account,
                file=upload.file,
                processor_name=upload.processor_name,
                options=options_for_rows_left(upload.options),
                created_by=created_by,
                token=token,
                parent=upload,
                relation=Relation.RETRY,
                root_id=root_id_of(upload),
                saved_mapping=upload.saved_mapping,
            )
    except IntegrityError as error:
        # The database lets one of two who ask at once have it.
        raise RetryRunning from error


def ensure_retryable(upload: BulkUpload) -> None:
    """Raises NotEnded, NothingToRetry or RetryRunning."""
    if not upload.has_ended:
        raise NotEnded
    if upload.is_dry_run:
        raise NothingToRetry("A dry run writes nothing, so there is nothing to retry. Import it.")
    if upload.children.filter(relation=Relation.RETRY).exclude(status__in=ENDED).exists():
        raise RetryRunning
    if upload.phase == Phase.READING:
        if (upload.output or {}).get("code") not in _INTERRUPTED:
            raise NothingToRetry(
                "The file itself was refused, so it would be again. Correct it and upload it."
            )
    elif not count_rows_left(upload):
        raise NothingToRetry("No row of this upload is left that failed or was not applied.")


def can_retry(upload: BulkUpload) -> bool:
    try:
        ensure_retryable(upload)
    except (NotEnded, NothingToRetry, RetryRunning):
        return False
    return True
