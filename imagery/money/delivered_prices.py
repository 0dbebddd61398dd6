"""The price rows that come with the application: what a provider says of itself, and when."""

from datetime import date
from typing import Any, Final

from django.db import connection

from imagery.models import PriceRow, PriceUnit
from imagery.providers.protocol import Operation

_PIXELAPI: Final = "pixelapi.dev, tutorial on product images at scale (credits per operation)"

#: What a credit costs depends on the plan: it is left open, to be set in a row of the account's.
_ROWS: Final[tuple[dict[str, Any], ...]] = (
    {
        "provider": "studio",
        "unit": PriceUnit.IMAGE,
        "unit_micros": 0,
        "source": "Rendered here, by the built-in studio.",
    },
    *(
        {
            "provider": "pixelapi",
            "operation": operation,
            "unit": PriceUnit.CREDIT,
            "unit_micros": None,
            "most_per_image": credits,
            "source": _PIXELAPI,
        }
        for operation, credits in (
            (Operation.REMOVE_BACKGROUND, 10),
            (Operation.UPSCALE, 50),
            (Operation.REPLACE_BACKGROUND, 10),
        )
    ),
)
_FROM: Final = date(2024, 1, 1)


def write_delivered_prices(**_: object) -> None:
    """Write those that are missing; run after every migration, also one that took tables away."""
    if PriceRow._meta.db_table not in connection.introspection.table_names():
        return
    for row in _ROWS:
        named = {"model": "", "operation": "", "quality": "", **row}
        key = {name: named.pop(name) for name in ("provider", "model", "operation", "quality")}
        PriceRow.objects.get_or_create(account=None, from_date=_FROM, **key, defaults=named)
