"""A pincode of a courier's list: where it is, and what the courier does there by which mode."""

from typing import Any

from django.db import models
from django.db.models import Q


class Courier(models.TextChoices):
    BLUEDART = "bluedart", "Blue Dart"


def _code(label: str, *, longest: int = 25) -> "models.CharField[str, str]":
    return models.CharField(label, max_length=longest, blank=True)


def _flag(label: str) -> "models.BooleanField[bool | None, bool | None]":
    """Null where no file has said so."""
    return models.BooleanField(label, null=True)


def _limit(label: str) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(label, max_digits=14, decimal_places=4, null=True)


class ServiceablePincode(models.Model):
    """`mode` is the courier's way of carriage in lower case, "" where its list tells of none.

    `is_listed`: the courier's newest list has it. `is_serviceable` follows from that, the embargo,
    the flags for payment and the courier's own service flag. Distances are in kilometres, the most
    that may be carried for one order in rupees.
    """

    account = models.ForeignKey(
        "accounts.Account",
        on_delete=models.CASCADE,
        related_name="serviceable_pincodes",
        db_index=False,
    )
    courier = models.CharField(max_length=20, choices=Courier)
    pincode = models.CharField(max_length=6)
    mode = models.CharField(max_length=25, blank=True)
    city = models.CharField(max_length=150, blank=True)
    state = models.CharField(max_length=100, blank=True)
    state_code = _code("state code")
    region = _code("region", longest=50)
    location = models.CharField("delivery location", max_length=150, blank=True)
    location_type = _code("location type")
    area = _code("area")
    service_center = _code("service centre")
    destination_area = _code("destination area")
    zone = _code("zone")
    service_flag = _code("service flag")
    cod = _flag("cash on delivery")
    prepaid = _flag("prepaid")
    embargo = _flag("embargo")
    extended = _flag("extended delivery location")
    extended_km = models.DecimalField(
        "extended delivery distance", max_digits=9, decimal_places=3, null=True
    )
    cod_limit = _limit("cash on delivery up to")
    prepaid_limit = _limit("prepaid up to")
    is_listed = models.BooleanField("in the newest list", default=True)
    is_serviceable = models.BooleanField("serviceable")
    last_change_id = models.BigIntegerField(null=True, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["pincode", "mode", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "courier", "pincode", "mode"],
                name="pincode_and_mode_per_courier",
            ),
            models.CheckConstraint(
                condition=Q(courier__in=Courier.values), name="serviceablepincode_courier_known"
            ),
            models.CheckConstraint(
                condition=Q(pincode__gte="100000", pincode__lte="999999"),
                name="serviceablepincode_six_digits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pincode} {self.mode}".rstrip()
