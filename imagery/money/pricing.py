"""Setting prices, and letting those buy again that were paused; what waits for them is due."""

from datetime import date

from django.db import transaction

from accounts.models import Account
from imagery.models import PriceRow, PriceUnit
from imagery.money.price_changes import wake_for


@transaction.atomic
def set_price(
    *,
    account: Account,
    provider: str,
    model: str,
    operation: str,
    quality: str,
    from_date: date,
    unit: PriceUnit,
    unit_micros: int,
    most_per_image: int,
    input_micros: int,
    most_input: int,
    source: str,
) -> PriceRow:
    """A row of the account's own; one of the same names and day is replaced where nothing was
    bought at it. Amounts are micro-units. Raises IntegrityError where something was.

    What waits for it is due from the day on that it holds (see `price_changes`).
    """
    named = {
        "account": account,
        "provider": provider,
        "model": model,
        "operation": operation,
        "quality": quality,
        "from_date": from_date,
    }
    PriceRow.objects.filter(**named, calls=None).delete()
    return PriceRow.objects.create(
        **named,
        unit=unit,
        unit_micros=unit_micros,
        most_per_image=most_per_image,
        input_micros=input_micros,
        most_input=most_input,
        source=source,
    )


@transaction.atomic
def resume_price(row: PriceRow) -> None:
    """A person has looked at what was charged: the account's row buys again."""
    PriceRow.objects.filter(pk=row.pk).update(paused_at=None, pause_reason="")
    wake_for(row)
