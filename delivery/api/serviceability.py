"""`/serviceability/{pincode}`: what a checkout asks before it offers a courier."""

from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema
from pydantic import AfterValidator

from accounts.scopes import Scope
from bulk_sql.numbers import plain_decimal
from delivery.api.schemas import ServiceabilityOut
from delivery.importing.cells import CellRefused, parse_pincode
from delivery.models import Courier, ServiceablePincode
from delivery.reading import Serviceability, serviceability
from platform_api.auth import BearerAuth, token_of
from platform_api.envelope import success
from platform_api.schemas import Success, documented

router = Router(auth=BearerAuth(Scope.READ), tags=["Delivery"])
_TEXTS = (
    *("city", "state", "state_code", "region", "location", "location_type"),
    *("area", "service_center", "destination_area", "zone"),
)


def _six_digits(text: str) -> str:
    try:
        return parse_pincode(text)
    except CellRefused:
        raise ValueError("Must be six digits, the first not 0") from None


Pincode = Annotated[str, AfterValidator(_six_digits)]


class CourierQuery(Schema):
    courier: Courier = Field(Courier.BLUEDART, description="Whose list is asked.")


@router.get(
    "/serviceability/{pincode}",
    response=documented(Success[ServiceabilityOut], failures=(401, 403, 422, 429)),
    operation_id="get_serviceability",
)
def get_serviceability(
    request: HttpRequest, pincode: Pincode, wanted: Query[CourierQuery]
) -> HttpResponse:
    """Whether and how a courier delivers to a pincode.

    One that the courier never listed is answered too: `serviceable` is false, `modes` is empty.
    """
    found = serviceability(
        account_id=token_of(request).account_id, pincode=pincode, courier=wanted.courier
    )
    return success(_document(found))


def _document(found: Serviceability) -> dict[str, Any]:
    # Where nothing is served any more, the place is still what the list last said.
    first = next(iter(found.served or found.modes), None)
    return {
        "pincode": found.pincode,
        "courier": found.courier.value,
        "serviceable": found.is_serviceable,
        "cod": found.accepts("cod"),
        "prepaid": found.accepts("prepaid"),
        "city": (first.city or None) if first else None,
        "state": (first.state or None) if first else None,
        "modes": [_mode(mode) for mode in found.modes],
    }


def _mode(row: ServiceablePincode) -> dict[str, Any]:
    return {
        "mode": row.mode or None,
        "serviceable": row.is_serviceable,
        "cod": row.cod,
        "prepaid": row.prepaid,
        "cod_limit": _number(row.cod_limit),
        "prepaid_limit": _number(row.prepaid_limit),
        "embargo": row.embargo,
        "extended_delivery": row.extended,
        "extended_delivery_km": _number(row.extended_km),
        **{name: getattr(row, name) or None for name in _TEXTS},
    }


def _number(value: Decimal | None) -> str | None:
    return None if value is None else plain_decimal(value)
