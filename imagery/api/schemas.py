"""What the API document says of imagery; answers are encoded without these models."""

import uuid
from datetime import datetime
from typing import Literal

from ninja import Field, Schema

from catalog.api.schemas import QaStatusWord

RoleWord = Literal["hero", "angle_1", "angle_2", "angle_3", "lifestyle", "cutout", "swatch_grid"]
JobStateWord = Literal[
    "held", "waiting", "running", "delivered", "partly_delivered", "missing_image", "cancelled"
]


class ImageOut(Schema):
    id: uuid.UUID
    sku: str | None = Field(description="null: all variants of the product share it.")
    product_key: str | None
    role: RoleWord | None = Field(description="null: made on the way to another image.")
    qa_status: QaStatusWord = Field(description="Of the SKU: that of its worst required role.")
    decision: Literal["pending", "approved", "rejected", "superseded"]
    decided_at: datetime | None
    is_placeholder: bool = Field(description="A stock template, where nothing could be made.")
    url: str = Field(description="Its content, for a token with the scope imagery or review.")
    content_type: str
    byte_size: int
    width: int
    height: int
    sha256: str = Field(description="Of the content, with its mark; decisions hold for it alone.")
    recipe: str | None
    recipe_version: int | None
    step: str | None
    image_number: int | None
    redo_number: int | None
    prompt: str | None
    reference_sha256: str | None
    provider: str | None
    model: str | None
    model_actual: str | None = Field(examples=["openai/gpt-image-1"])
    request_id: str | None = Field(examples=["gen_abc123"])
    cost: str = Field(description="Its share of its call's, in the budget's currency.")
    created_at: datetime


class CountsOut(Schema):
    wanted: int = Field(description="Images to be delivered; steps on the way are not counted.")
    delivered: int
    open: int
    missing: int


class JobOut(Schema):
    id: uuid.UUID
    sku: str | None
    product_key: str | None
    recipe: str = Field(examples=["hero"])
    recipe_version: int
    state: JobStateWord
    trigger: str = Field(examples=["api"])
    bulk_upload_id: uuid.UUID | None
    row: int | None = Field(description="Of the upload's file.")
    batch_id: uuid.UUID | None
    variants: int | None = Field(description="Images a step asked for; null: the recipe's.")
    redo_number: int
    error: str | None = Field(description="A stable code, where it did not end well.")
    message: str | None = Field(description="What it waits for, or why it ended as it did.")
    images: CountsOut
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class WantOut(Schema):
    image_number: int
    redo_number: int
    state: Literal["open", "satisfied", "exhausted"]
    prompt: str | None
    image: ImageOut | None
    error: str | None
    message: str | None


class StepOut(Schema):
    name: str
    role: RoleWord | None
    operation: str = Field(examples=["generate"])
    input_step: str | None
    wants: list[WantOut]


class MoneyOut(Schema):
    reserved: str = Field(description="Held at present.")
    settled: str = Field(description="What it did cost.")
    released: str
    at_risk: str = Field(description="Of calls that nobody knows the outcome of.")


class CallOut(Schema):
    id: uuid.UUID
    step: str | None
    provider: str
    model: str | None
    model_actual: str | None
    operation: str
    attempt: int
    images: int = Field(description="How many were asked for.")
    state: Literal["planned", "sending", "ended"]
    outcome: str | None = Field(examples=["delivered"])
    waits_for: str | None
    due_at: datetime | None
    http_status: int | None
    request_id: str | None
    error: str | None
    message: str | None
    cost: MoneyOut
    needs_resolving: bool = Field(description="Whether its outcome is unknown and still open.")
    created_at: datetime
    sent_at: datetime | None
    ended_at: datetime | None


class JobDetailOut(JobOut):
    inputs: dict[str, str]
    source_photo: str | None
    currency: str
    cost: MoneyOut
    steps: list[StepOut]
    calls: list[CallOut]


class OrderedJobOut(JobOut):
    delivered: list[ImageOut]
    fallback: list[ImageOut] = Field(
        description="While the job goes on: the images of the SKU that are approved."
    )


class OrderedOut(Schema):
    batch_id: uuid.UUID
    already: int = Field(description="Jobs whose images were all there: they cost nothing.")
    jobs: list[OrderedJobOut]


class UnpricedOut(Schema):
    provider: str
    model: str | None
    operation: str
    quality: str | None


class EstimateOut(Schema):
    minimum: str
    expected: str
    maximum: str
    currency: str
    wanted: int
    already_there: int
    unpriced: list[UnpricedOut] = Field(
        description="What nothing is bought from: no price is set, or it is paused."
    )


class SpendOut(Schema):
    currency: str
    cap: str | None = Field(description="Of the month, or of the upload if it has one.")
    settled: str
    reserved: str
    at_risk: str
    free: str | None


class SummaryOut(Schema):
    total: int = Field(description="Image jobs, cancelled ones left out.")
    success: int
    failed: int
    open: int
    success_rate: str = Field(description="Of those that ended.", examples=["97.5%"])
    failed_skus: list[str]
    more_failed_skus: int = Field(description="Further ones that are not listed.")
    spend: SpendOut
