"""Uploaded files (with their bytes in storage), uploads in every state, and their rows."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import factory
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from factory.django import DjangoModelFactory
from tests.factories.accounts import AccountFactory

from bulk_uploads.models import (
    BulkUpload,
    Level,
    Outcome,
    Phase,
    RowIssue,
    RowResult,
    Status,
    UploadedFile,
)

STARTED = datetime(2024, 3, 15, 9, 0, tzinfo=UTC)


class UploadedFileFactory(DjangoModelFactory[UploadedFile]):
    """`content` is what lies in storage; size and digest follow from it."""

    class Meta:
        model = UploadedFile

    class Params:
        content = b"SKU,Price\nFAN-1,5830\n"

    account = factory.SubFactory(AccountFactory)
    name = factory.Sequence(lambda number: f"catalog-{number}.csv")
    content_type = "text/csv"
    byte_size = factory.LazyAttribute(lambda file: len(file.content))
    sha256 = factory.LazyAttribute(lambda file: hashlib.sha256(file.content).hexdigest())
    storage_path = factory.LazyAttributeSequence(
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
        applying = factory.Trait(
            status=Status.IN_PROGRESS, phase=Phase.APPLYING, started_at=STARTED, progress=40
        )
        succeeded = factory.Trait(
            status=Status.SUCCESS,
            phase=Phase.FINISHING,
            started_at=STARTED,
            ended_at=STARTED + timedelta(seconds=10),
            progress=100,
        )
        failed = factory.Trait(
            status=Status.FAILURE,
            phase=Phase.FINISHING,
            started_at=STARTED,
            ended_at=STARTED + timedelta(seconds=10),
        )

    account = factory.SubFactory(AccountFactory)
    file = factory.SubFactory(UploadedFileFactory, account=factory.SelfAttribute("..account"))
    processor_name = "catalog_csv_upload_processor"

    @classmethod
    def _create(cls, model_class: type[BulkUpload], *args: Any, **fields: Any) -> BulkUpload:
        if "is_dry_run" not in fields:
            fields["is_dry_run"] = bool(fields.get("options", {}).get("dry_run"))
        return super()._create(model_class, *args, **fields)


class RowResultFactory(DjangoModelFactory[RowResult]):
    class Meta:
        model = RowResult

    upload = factory.SubFactory(BulkUploadFactory)
    is_dry = factory.SelfAttribute("upload.is_dry_run")
    row = factory.Sequence(lambda number: number + 2)
    key = factory.LazyAttribute(lambda result: f"SKU-{result.row}")
    outcome = Outcome.CREATED


class RowIssueFactory(DjangoModelFactory[RowIssue]):
    class Meta:
        model = RowIssue

    upload = factory.SubFactory(BulkUploadFactory)
    is_dry = factory.SelfAttribute("upload.is_dry_run")
    row = factory.Sequence(lambda number: number + 2)
    column = "Price"
    value = "cheap"
    level = Level.ERROR
    code = "invalid_number"
    message = "'cheap' is not a number. Expected digits such as 1234.50 or 1,234.50."
