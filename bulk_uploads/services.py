"""What people and programs do with uploads: give a file, cancel, run a dry run for real."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from django.core.files import File
from django.db import transaction

from accounts.models import Account, ApiToken, User
from bulk_uploads.engine.reading import read_limits
from bulk_uploads.errors import (
    AlreadyRunning,
    InvalidOptions,
    NotADryRun,
    NotCancellable,
)
from bulk_uploads.file_keeping import stored_file
from bulk_uploads.header_checks import header_errors
from bulk_uploads.mappings import with_saved_mapping
from bulk_uploads.models import ENDED, BulkUpload, Relation, SavedMapping, Status, UploadedFile
from bulk_uploads.options import clean_options
from bulk_uploads.peeking import peek
from bulk_uploads.processors import Processor, processor_named
from bulk_uploads.readers import UnreadableFile
from jobs import clock
from jobs.enqueue import enqueue


def create_upload(
    *,
    account: Account,
    content: "File[bytes]",
    name: str,
    content_type: str,
    processor_name: str,
    options: Mapping[str, object] | None = None,
    created_by: User | None = None,
    token: ApiToken | None = None,
    on_created: Callable[[BulkUpload], object] = lambda upload: None,
) -> BulkUpload:
    """Store the file and ring for its upload.

    `on_created` is called in the transaction that makes the upload: both come to be, or neither.
    Raises UnknownProcessor, InvalidOptions, EmptyFile or FileTooLarge, with nothing stored.
    """
    processor = processor_named(processor_name)
    given, saved = with_saved_mapping(account=account, processor=processor, given=options)
    try:
        cleaned = clean_options(processor=processor, given=given, account=account)
    except InvalidOptions as error:
        wrong = _with_header_errors(error.errors, processor, account, given, content, name)
        raise InvalidOptions(wrong) from error
    with stored_file(
        account=account,
        content=content,
        name=name,
        content_type=content_type,
        created_by=created_by,
    ) as stored:
        upload = draft_upload(
            account=account,
            file=stored,
            processor_name=processor_name,
            options=cleaned,
            created_by=created_by,
            token=token,
            saved_mapping=saved,
        )
        on_created(upload)
    return upload


def _with_header_errors(
    wrong: Mapping[str, Sequence[str]],
    processor: Processor,
    account: Account,
    options: Mapping[str, object],
    content: "File[bytes]",
    name: str,
) -> dict[str, list[str]]:
    """Where a mapping is wrong in itself, what is wrong with it for this file is said with it."""
    found = {option: list(messages) for option, messages in wrong.items()}
    if "mapping" not in found or not content.size:
        return found
    try:
        glimpse = peek(content, name=name, limits=read_limits())
    except UnreadableFile:
        # Whoever corrects the mapping is told next.
        return found
    for message in header_errors(
        processor=processor, account=account, options=options, glimpse=glimpse
    ):
        if message not in found["mapping"]:
            found["mapping"].append(message)
    return found


def upload_kept_file(
    *,
    file: UploadedFile,
    processor_name: str,
    options: Mapping[str, object] | None = None,
    created_by: User | None = None,
) -> BulkUpload:
    """Ring for the upload of a file that is stored. Raises UnknownProcessor or InvalidOptions."""
    processor = processor_named(processor_name)
    given, saved = with_saved_mapping(account=file.account, processor=processor, given=options)
    cleaned = clean_options(processor=processor, given=given, account=file.account)
    with transaction.atomic():
        return draft_upload(
            account=file.account,
            file=file,
            processor_name=processor_name,
            options=cleaned,
            created_by=created_by,
            token=None,
            saved_mapping=saved,
        )


def cancel_upload(*, upload: BulkUpload) -> None:
    """Ask for the upload to stop; a worker ends it after its current batch.

    Raises NotCancellable if it has ended.
    """
    now = clock.now()
    running = BulkUpload.objects.filter(pk=upload.pk, status__in=(Status.DRAFT, Status.IN_PROGRESS))
    if not running.update(cancel_requested_at=now, updated_at=now):
        raise NotCancellable
    # One that waits, for its turn or for its next attempt, can end at once.
    running.filter(claim_token=None).update(run_after=now)
    enqueue(upload)


def run_dry_run(
    *,
    upload: BulkUpload,
    strict: bool = False,
    created_by: User | None = None,
    token: ApiToken | None = None,
) -> BulkUpload:
    """The real upload of a dry run's file, with its options.

    What comes out otherwise than in the dry run is listed; `strict` stops before the first batch
    that would. Raises NotADryRun, or AlreadyRunning while an earlier run of it has not ended: a
    button pressed twice imports once. After that it may be run again.
    """
    if not (upload.is_dry_run and upload.status == Status.SUCCESS):
        raise NotADryRun
    options = {name: value for name, value in upload.options.items() if name != "dry_run"}
    if strict:
        options["strict"] = True
    with transaction.atomic():
        # Whoever comes second waits here, and then sees the first one's upload.
        preview = BulkUpload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
        if preview.children.filter(relation=Relation.RUN).exclude(status__in=ENDED).exists():
            raise AlreadyRunning
        return draft_upload(
            account=upload.account,
            file=upload.file,
            processor_name=upload.processor_name,
            options=options,
            created_by=created_by,
            token=token,
            parent=upload,
            relation=Relation.RUN,
            root_id=upload.root_id,
            saved_mapping=upload.saved_mapping,
        )


def draft_upload(
    *,
    account: Account,
    file: UploadedFile,
    processor_name: str,
    options: dict[str, object],
    created_by: User | None,
    token: ApiToken | None,
    parent: BulkUpload | None = None,
    relation: Relation | Literal[""] = "",
    root_id: int | None = None,
    saved_mapping: SavedMapping | None = None,
) -> BulkUpload:
    """A new upload of a stored file, and the bell for it; inside a transaction of the caller's."""
    upload = BulkUpload.objects.create(
        account=account,
        file=file,
        processor_name=processor_name,
        options=options,
        is_dry_run=bool(options.get("dry_run")),
        parent=parent,
        relation=relation,
        root_id=root_id,
        saved_mapping=saved_mapping,
        created_by=created_by,
        token=token,
        run_after=clock.now(),
    )
    enqueue(upload)
    return upload
