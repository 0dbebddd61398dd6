"""What the API document says of answers about uploads; answers are encoded without these models."""

import uuid
from datetime import datetime
from typing import Any, Literal

from ninja import Field, Schema
from pydantic import ConfigDict

StatusWord = Literal["draft", "in_progress", "success", "failure"]
OutcomeWord = Literal["created", "updated", "unchanged", "merged", "failed"]


class FileOut(Schema):
    id: uuid.UUID
    key: str
    content_type: str = Field(examples=["text/csv"])
    byte_size: int
    url: str = Field(description="Download of the file as it was given, with the same token.")


class BulkUploadOut(Schema):
    id: uuid.UUID
    started_at: datetime | None
    ended_at: datetime | None
    progress: int | None = Field(description="0 to 100.")
    status: StatusWord
    output: dict[str, Any] | None = Field(
        description="When ended: message, code, counts of rows, and what the processor adds."
    )
    extradata: dict[str, Any] | None = Field(
        description="What was found out about the file: format, encoding, delimiter, speed. For an "
        "upload that goes on with another's rows also parent_id and relation: run, correction, "
        "retry or fix. As `undo`, where the upload is taken back, how that stands."
    )
    account_id: uuid.UUID
    created_at: datetime
    updated_at: datetime
    input: dict[str, Any] | None = Field(description="The options given.")
    processor_name: str = Field(examples=["catalog_csv_upload_processor"])
    file: FileOut


class RunIn(Schema):
    model_config = ConfigDict(extra="forbid", strict=True)

    strict: bool = Field(
        False, description="Stop before the first batch that differs from the preview."
    )


class RowIssueOut(Schema):
    row: int | None = Field(description="As a spreadsheet shows it; null: the file as a whole.")
    column: str | None
    value: str | None
    level: Literal["error", "warning"]
    code: str = Field(examples=["invalid_number"])
    message: str
    resolved: bool = Field(description="Whether a later upload has taken the row.")
    resolved_by: uuid.UUID | None = Field(description="That upload: a correction, fix or retry.")


class RowResultOut(Schema):
    row: int
    key: str | None
    outcome: OutcomeWord


class RowDifferenceOut(Schema):
    row: int
    key: str | None
    outcome: OutcomeWord
    expected_key: str | None
    expected_outcome: OutcomeWord | None = Field(
        description="What the preview foretold; null: it did not know the row."
    )


class ChangedFieldOut(Schema):
    field: str = Field(examples=["Price"])
    of: str = Field(examples=["variants"])
    count: int


class FieldChangeOut(Schema):
    field: str
    before: str
    after: str


class RowChangeOut(Schema):
    row: int
    key: str
    changes: list[FieldChangeOut]
    more: int = Field(description="Changed fields of the row that are left out.")


class JumpOut(Schema):
    row: int
    key: str
    field: str
    before: str
    after: str
    ratio: float | None = Field(description="After by before; null from or to zero.")


class JumpsOut(Schema):
    rule: str
    count: int
    largest: list[JumpOut]


class NewNamesOut(Schema):
    kind: str = Field(examples=["categories"])
    names: list[str]
    more: bool = Field(description="Whether there are more than are named.")


class PreviewOut(Schema):
    changed_fields: list[ChangedFieldOut]
    sample: list[RowChangeOut]
    jumps: JumpsOut
    new_names: list[NewNamesOut]
    foretold: dict[str, dict[str, Any]] = Field(
        description="What would follow from the import, by what it is about, such as imagery."
    )


class KeptOut(Schema):
    row: int | None = Field(description="The row of the file that wrote it, where one did.")
    key: str = Field(description="A SKU or a product key.")
    column: str | None = Field(description="What of it was kept; null: the whole.")
    reason_code: str = Field(examples=["changed_since"])
    message: str
