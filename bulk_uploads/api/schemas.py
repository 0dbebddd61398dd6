"""What the API document says of answers about uploads; answers are encoded without these models."""

import uuid
from datetime import datetime
from typing import Any, Literal

from ninja import Field, Schema

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
        description="What was found out about the file: format, encoding, delimiter, speed."
    )
    account_id: uuid.UUID
    created_at: datetime
    updated_at: datetime
    input: dict[str, Any] | None = Field(description="The options given.")
    processor_name: str = Field(examples=["catalog_csv_upload_processor"])
    file: FileOut


class RowIssueOut(Schema):
    row: int | None = Field(description="As a spreadsheet shows it; null: the file as a whole.")
    column: str | None
    value: str | None
    level: Literal["error", "warning"]
    code: str = Field(examples=["invalid_number"])
    message: str


class RowResultOut(Schema):
    row: int
    key: str | None
    outcome: OutcomeWord
