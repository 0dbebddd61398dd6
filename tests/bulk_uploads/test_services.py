"""Creating, cancelling and running uploads; a refusal leaves nothing behind."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import Account
from bulk_uploads import services
from bulk_uploads.errors import (
    BulkUploadError,
    EmptyFile,
    FileTooLarge,
    InvalidOptions,
    NotADryRun,
    UnknownProcessor,
)
from bulk_uploads.models import BulkUpload, UploadedFile
from jobs import clock
from tests.factories.accounts import AccountFactory, ApiTokenFactory, UserFactory
from tests.imports import CATALOG, counts, csv_bytes, draft, import_rows, run_to_end

pytestmark = pytest.mark.django_db

CONTENT = b"SKU,Product Name\nA,Fan\n"


@pytest.fixture
def account():
    return AccountFactory.create()


def create(account: Account, content: bytes = CONTENT, **given: Any) -> BulkUpload:
    arguments: dict[str, Any] = {
        "name": "fans.csv",
        "content_type": "text/csv",
        "processor_name": CATALOG,
        "options": {"dry_run": True},
        **given,
    }
    return services.create_upload(account=account, content=ContentFile(content), **arguments)


def stored_files(directory: Path) -> list[Path]:
    return [path for path in directory.rglob("*") if path.is_file()]


def test_an_upload_is_a_stored_file_and_a_draft_that_is_due(account, private_files):
    person, token = UserFactory.create(), ApiTokenFactory.create(account=account)
    before = clock.now()

    upload = create(account, created_by=person, token=token)

    upload.refresh_from_db()
    assert (upload.status, upload.phase, upload.processor_name) == ("draft", "reading", CATALOG)
    assert (upload.options, upload.is_dry_run) == ({"dry_run": True}, True)
    assert (upload.created_by, upload.token, upload.parent) == (person, token, None)
    assert before <= upload.run_after <= clock.now()
    file = upload.file
    assert (file.account, file.created_by) == (account, person)
    assert (file.name, file.content_type, file.byte_size) == ("fans.csv", "text/csv", len(CONTENT))
    assert file.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert file.storage_path.startswith(f"{account.uuid}/private/uploads/")
    with default_storage.open(file.storage_path) as stored:
        assert stored.read() == CONTENT
    assert len(stored_files(private_files)) == 1


@pytest.mark.parametrize(
    ("name", "kept", "ending"),
    [
        ("fans.CSV", "fans.CSV", ".csv"),
        ("../../etc/passwd", "passwd", ""),
        ("a" * 300 + ".csv", "a" * 251 + ".csv", ".csv"),
        ("größe.tsv", "größe.tsv", ".tsv"),
        ("x.verylongending", "x.verylongending", ""),
        ("x.c s", "x.c s", ""),
        ("", "file", ""),
    ],
)
def test_a_files_own_name_is_kept_but_never_becomes_a_path(account, name, kept, ending):
    file = create(account, name=name).file

    assert file.name == kept
    directory, _, stored = file.storage_path.rpartition("/")
    assert directory == f"{account.uuid}/private/uploads"
    assert Path(stored).suffix == ending
    assert len(Path(stored).stem) == 32


@pytest.mark.parametrize(
    ("content", "given", "error"),
    [
        (CONTENT, {"processor_name": "nobody"}, UnknownProcessor),
        (CONTENT, {"options": {"dry_run": "yes"}}, InvalidOptions),
        (b"", {}, EmptyFile),
        (b"x" * 1_025, {}, FileTooLarge),
    ],
)
def test_a_refused_upload_leaves_nothing_behind(
    account, private_files, settings, content, given, error
):
    settings.UPLOAD_MAX_BYTES = 1_024

    with pytest.raises(error) as caught:
        create(account, content, **given)

    assert isinstance(caught.value, BulkUploadError)
    assert caught.value.messages
    assert stored_files(private_files) == []
    assert not UploadedFile.objects.exists()
    assert not BulkUpload.objects.exists()


def test_a_file_over_the_limit_is_refused_before_it_is_read_whole(account, settings):
    settings.UPLOAD_MAX_BYTES = 1_024
    read: list[int] = []

    class Endless(ContentFile):
        def read(self, size: int | None = None) -> bytes:
            read.append(size or -1)
            assert len(read) < 5
            return b"x" * 1_000

        def seek(self, *where: int) -> int:
            return 0

    with pytest.raises(FileTooLarge) as caught:
        services.create_upload(
            account=account,
            content=Endless(b""),
            name="x.csv",
            content_type="text/csv",
            processor_name=CATALOG,
        )

    assert len(read) == 2
    assert caught.value.messages == [
        "The file is larger than the 1,024 bytes that are allowed. Split it into parts."
    ]


def test_a_file_of_just_the_limit_is_taken(account, settings):
    settings.UPLOAD_MAX_BYTES = len(CONTENT)

    assert create(account).file.byte_size == len(CONTENT)


def test_a_file_whose_rows_cannot_be_written_is_not_left_in_storage(account, private_files):
    with pytest.raises(ValueError, match="ApiToken"), transaction.atomic():
        services.create_upload(
            account=account,
            content=ContentFile(CONTENT),
            name="fans.csv",
            content_type="text/csv",
            processor_name=CATALOG,
            token="not a token",
        )

    assert stored_files(private_files) == []
    assert not BulkUpload.objects.exists()


def test_the_same_content_twice_is_two_files(account, private_files):
    first, second = create(account), create(account)

    assert first.file_id != second.file_id
    assert first.file.key != second.file.key
    assert len(stored_files(private_files)) == 2


def test_cancelling_twice_is_no_error_while_it_has_not_ended(account):
    upload = draft(account, CONTENT)

    services.cancel_upload(upload=upload)
    services.cancel_upload(upload=upload)

    upload.refresh_from_db()
    assert upload.status == "draft"
    assert upload.cancel_requested_at is not None
    assert upload.run_after <= clock.now()


def test_a_dry_run_is_run_for_real_with_its_file_and_options(account):
    dry = import_rows(
        account, ["SKU", "Titre"], [["A", "Fan"]], dry_run=True, mapping={"Titre": "title"}
    )
    person = UserFactory.create()

    real = services.run_dry_run(upload=dry, created_by=person)

    assert (real.file_id, real.parent_id) == (dry.file_id, dry.pk)
    assert (real.options, real.is_dry_run) == ({"mapping": {"Titre": "title"}}, False)
    assert (real.created_by, real.account_id) == (person, account.pk)
    assert counts(run_to_end(real)) == {"created": 1}
    dry.refresh_from_db()
    assert (dry.status, dry.is_dry_run) == ("success", True)


def no_dry_runs(account) -> Iterator[BulkUpload]:
    yield import_rows(account, ["SKU", "Product Name"], [["A", "Fan"]])
    yield import_rows(account, ["SKU", "Product Name"], [["A", "a#;b"]], dry_run=True)
    yield draft(account, csv_bytes(["SKU"], [["A"]]), dry_run=True)


def test_only_a_dry_run_that_succeeded_can_be_run_for_real(account):
    for upload in list(no_dry_runs(account)):
        before = BulkUpload.objects.count()

        with pytest.raises(NotADryRun):
            services.run_dry_run(upload=upload)

        assert BulkUpload.objects.count() == before
