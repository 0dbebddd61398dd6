"""What the API document says of imports; answers are encoded without these models."""

from datetime import datetime
from typing import Literal

from ninja import Field, Schema

from platform_api.schemas import Meta

ImportStatus = Literal["pending", "processing", "completed", "completed_with_errors", "failed"]
ImportFormat = Literal["csv", "xlsx", "json"]
_AN_ID = "imp_01HQZX3V5T8Y6W4R2N0M9K7J5G"


class CreatedImport(Schema):
    id: str = Field(examples=[_AN_ID])
    status: ImportStatus
    format: ImportFormat = Field(description="As given, or as the content shows.")
    total_rows: int = Field(description="0 until the file has been read.")
    created_at: datetime = Field(examples=["2024-03-15T09:00:00Z"])


class ImportOut(Schema):
    id: str = Field(examples=[_AN_ID])
    status: ImportStatus
    total_rows: int
    processed_rows: int
    created_rows: int
    updated_rows: int = Field(description="Rows of products that existed, unchanged ones included.")
    unchanged_rows: int = Field(description="Those of them in which nothing had to change.")
    error_rows: int
    created_at: datetime = Field(examples=["2024-03-15T09:00:00Z"])
    completed_at: datetime | None = Field(examples=["2024-03-15T09:02:34Z"])


class ImportErrorOut(Schema):
    row: int | None = Field(
        description="As a spreadsheet shows it; null: the file as a whole.", examples=[42]
    )
    ean: str | None = Field(description="The key as the file has it.", examples=["invalid-ean"])
    error: str = Field(examples=["validation_error"])
    message: str = Field(examples=["Invalid EAN format."])


class ImportErrors(Schema):
    data: list[ImportErrorOut]
    meta: Meta
