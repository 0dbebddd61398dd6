"""What the API document says of catalog answers. Answers are encoded without these models:
building them is what would cost a list its time."""

import uuid
from datetime import datetime
from typing import Any, Literal

from ninja import Field, Schema

QaStatusWord = Literal[
    "not_requested", "generating", "pending_review", "approved", "rejected", "missing_image"
]


class AttributeOut(Schema):
    name: str = Field(examples=["sweep size"])
    unit: str | None = Field(examples=["mm"])
    value: str = Field(examples=["1200"])


class TableEntryOut(Schema):
    key: str = Field(examples=["rated speed"])
    unit: str | None = Field(examples=["m³/min"])
    values: list[str] = Field(examples=[["235"]])


class TableOut(Schema):
    kind: Literal["table"]
    name: str
    entries: list[TableEntryOut]


class ListOut(Schema):
    kind: Literal["list"]
    name: str
    items: list[str]


class MediaItemOut(Schema):
    source_url: str
    url: str | None = Field(
        description="Where we serve the picture: a `fetched` one to a token of the account, an "
        "`approved` image of ours to everybody; else null."
    )
    state: Literal["pending", "fetched", "failed", "approved"]


class GalleryOut(Schema):
    kind: Literal["media"]
    name: str
    items: list[MediaItemOut]


class VariantOut(Schema):
    sku: str
    ean: str | None
    display_name: str | None
    description: str | None
    price: str | None = Field(description="Decimal, in `currency`.", examples=["5830.00"])
    list_price: str | None = Field(description="Decimal, in `currency`.")
    currency: str = Field(description="ISO 4217 code.", examples=["INR"])
    length_mm: str | None = Field(description="Decimal.", examples=["1200.5"])
    width_mm: str | None
    height_mm: str | None
    weight_g: str | None
    active: bool
    tax_number: str | None
    tax_rate: str | None = Field(examples=["18% GST"])
    attributes: list[AttributeOut]
    property_sets: list[TableOut | ListOut | GalleryOut]
    media: list[MediaItemOut]
    qa_status: QaStatusWord = Field(description="Of its images: that of its worst required role.")


class ProductNameOut(Schema):
    id: uuid.UUID
    name: str


class LoneVariantOut(VariantOut):
    product: ProductNameOut


class ActorOut(Schema):
    kind: Literal["upload", "undo", "person", "token", "unknown"]
    upload_id: uuid.UUID | None = Field(description="Of an undo: the upload that was taken back.")
    row: int | None = Field(description="The row of the upload's file.")
    name: str | None = Field(description="The person's, or the token's.")


class FieldOriginOut(Schema):
    field: str = Field(examples=["price", "Variant #; sweep size(mm)"])
    at: datetime
    set_by: ActorOut


class FieldChangeOut(Schema):
    field: str
    before: Any
    after: Any


class ChangeOut(Schema):
    action: Literal["created", "updated", "deleted"]
    at: datetime
    set_by: ActorOut
    fields: list[FieldChangeOut]


class HistoryOut(Schema):
    sku: str
    fields: list[FieldOriginOut]
    changes: list[ChangeOut]


class ProductOut(Schema):
    id: uuid.UUID
    name: str
    category_path: str | None = Field(examples=["Fans/Havells/Ceiling Fans"])
    tags: list[str]
    collections: list[str]
    created_at: datetime
    updated_at: datetime
    variants: list[VariantOut]


class CategoryOut(Schema):
    path: str = Field(examples=["Fans/Havells/Ceiling Fans"])
    name: str = Field(examples=["Ceiling Fans"])
    parent_path: str | None = Field(examples=["Fans/Havells"])


class NamedOut(Schema):
    name: str


class LevelOut(Schema):
    location: str = Field(examples=["Main warehouse"])
    is_default: bool = Field(description="Whether it is the account's default location.")
    quantity: str = Field(description="Decimal; below zero where more was sold.", examples=["12"])
    updated_at: datetime


class StockOut(Schema):
    sku: str
    total: str = Field(description="Decimal: of all locations.", examples=["15.5"])
    levels: list[LevelOut] = Field(description="None where the variant is not stocked.")
