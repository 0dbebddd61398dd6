"""Uploaded files (with their bytes in storage), uploads in every state, and their rows."""

import hashlib
from datetime import UTC, datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from factory.declarations import (
    LazyAttribute,
    LazyAttributeSequence,
    LazyFunction,
    SelfAttribute,
    Sequence,
    SubFactory,
    Trait,
)
from factory.django import DjangoModelFactory

from bulk_uploads.models import (
    BulkUpload,
    Level,
    Outcome,
    Phase,
    RowIssue,
    RowResult,
    SavedMapping,
    Status,
    UploadedFile,
)
from tests.factories.accounts import AccountFactory

STARTED = datetime(2024, 3, 15, 9, 0, tzinfo=UTC)


class UploadedFileFactory(DjangoModelFactory[UploadedFile]):
    """`content` is what lies in storage; size and digest follow from it."""

    class Meta:
        model = UploadedFile

    class Params:
        content = b"SKU,Price\nFAN-1,5830\n"

    account = SubFactory(AccountFactory)
    name = Sequence(lambda number: f"catalog-{number}.csv")
    content_type = "text/csv"
    byte_size = LazyAttribute(lambda file: len(file.content))
    sha256 = LazyAttribute(lambda file: hashlib.sha256(file.content).hexdigest())
    storage_path = LazyAttributeSequence(
        lambda file, number: default_storage.save(
            f"{file.account.uuid}/private/uploads/{number}", ContentFile(file.content)
        )
    )


class BulkUploadFactory(DjangoModelFactory[BulkUpload]):
    """A fresh draft. The traits give it a life: `applying=True`, `succeeded=True`, `failed=True`.

    An ended one must name counts that add up to its `total_rows`.
    """

    class Meta:
        model = BulkUpload

    class Params:
        applying = Trait(
            status=Status.IN_PROGRESS, phase=Phase.APPLYING, started_at=STARTED, progress=40
        )
        succeeded = Trait(
            status=Status.SUCCESS,
            phase=Phase.FINISHING,
            started_at=STARTED,
            ended_at=STARTED + timedelta(seconds=10),
            progress=100,
        )
        failed = Trait(
            status=Status.FAILURE,
            phase=Phase.FINISHING,
            started_at=STARTED,
            ended_at=STARTED + timedelta(seconds=10),
        )

    account = SubFactory(AccountFactory)
    file = SubFactory(UploadedFileFactory, account=SelfAttribute("..account"))
    processor_name = "catalog_csv_upload_processor"
    options = LazyFunction(dict)
    is_dry_run = LazyAttribute(lambda upload: bool(upload.options.get("dry_run")))


class RowResultFactory(DjangoModelFactory[RowResult]):
    class Meta:
        model = RowResult

    upload = SubFactory(BulkUploadFactory)
    is_dry = SelfAttribute("upload.is_dry_run")
    row = Sequence(lambda number: number + 2)
    key = LazyAttribute(lambda result: f"SKU-{result.row}")
    outcome = Outcome.CREATED


class RowIssueFactory(DjangoModelFactory[RowIssue]):
    class Meta:
        model = RowIssue

    upload = SubFactory(BulkUploadFactory)
    is_dry = SelfAttribute("upload.is_dry_run")
    row = Sequence(lambda number: number + 2)
    column = "Price"
    value = "cheap"
    level = Level.ERROR
    code = "invalid_number"
    message = "'cheap' is not a number. Expected digits such as 1234.50 or 1,234.50."


class SavedMappingFactory(DjangoModelFactory[SavedMapping]):
    class Meta:
        model = SavedMapping

    account = SubFactory(AccountFactory)
    name = Sequence(lambda number: f"Supplier {number}")
    processor_name = "catalog_csv_upload_processor"
    mapping = LazyFunction(lambda: {"Artikel": "sku", "Preis": "price"})
    header = LazyFunction(lambda: ["Artikel", "Preis"])
