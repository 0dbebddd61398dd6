"""What the API document says of delivery answers."""

from typing import Literal

from ninja import Field, Schema


class ModeOut(Schema):
    mode: str | None = Field(
        description="The way of carriage; null where the courier's list names none.",
        examples=["surface"],
    )
    serviceable: bool
    cod: bool | None = Field(description="Cash on delivery; null where nothing says so.")
    prepaid: bool | None
    cod_limit: str | None = Field(description="Decimal, in rupees.", examples=["50000"])
    prepaid_limit: str | None
    embargo: bool | None
    extended_delivery: bool | None
    extended_delivery_km: str | None = Field(description="Decimal.")
    city: str | None
    state: str | None
    state_code: str | None
    region: str | None
    location: str | None
    location_type: str | None
    area: str | None
    service_center: str | None
    destination_area: str | None
    zone: str | None


class ServiceabilityOut(Schema):
    pincode: str = Field(examples=["400001"])
    courier: Literal["bluedart"]
    serviceable: bool = Field(
        description="Whether the courier delivers there; false for a pincode it never listed."
    )
    cod: bool | None = Field(description="Whether one of the modes served has it; else as there.")
    prepaid: bool | None
    city: str | None
    state: str | None
    modes: list[ModeOut]
