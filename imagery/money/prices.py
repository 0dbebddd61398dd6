"""Finding what a call costs at most, and what it did cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final, Self

from django.db.models import Q

from accounts.models import Account
from imagery.errors import CallMustWait
from imagery.models import PriceRow, PriceUnit, WaitsFor

_TOKENS_PER_UNIT: Final = 1000
#: More than this is not a bill, but nonsense; it must not keep what was delivered from being kept.
_MOST_UNITS: Final = 10**9


@dataclass(frozen=True, slots=True)
class Asked:
    """What a price is looked up by."""

    provider: str
    model: str
    operation: str
    quality: str = ""


@dataclass(frozen=True, slots=True)
class PriceList:
    """The rows that hold for an account on a day, and those that are `coming`."""

    rows: Sequence[PriceRow]
    coming: Sequence[PriceRow] = ()

    @classmethod
    def of(cls, *, account: Account, on: date, provider: str | None = None) -> Self:
        """One query, whatever is then looked up."""
        found = PriceRow.objects.filter(Q(account=account) | Q(account=None))
        if provider is not None:
            found = found.filter(provider=provider)
        rows = list(found)
        return cls(
            [row for row in rows if row.from_date <= on],
            [row for row in rows if row.from_date > on],
        )

    def find(self, asked: Asked) -> PriceRow:
        """The account's own row before a delivered one, then the one that says most, then newest.

        Raises CallMustWait if there is none, if it says no price, or if it is paused: until the
        next one begins.
        """
        row = max((row for row in self.rows if _fits(row, asked)), key=_weight, default=None)
        if row is None or row.unit_micros is None:
            raise CallMustWait(
                WaitsFor.PRICE,
                f"No price is set for {asked.operation} by {asked.provider} ({asked.model}): "
                "set one before it is used.",
                until=self._next(asked),
            )
        if row.paused_at is not None:
            raise CallMustWait(
                WaitsFor.PRICE_PAUSED,
                f"The price of {row} is paused: {row.pause_reason}",
                until=self._next(asked),
            )
        return row

    def _next(self, asked: Asked) -> datetime | None:
        begin = (begins_at(row) for row in self.coming if _fits(row, asked) and _says_one(row))
        return min(begin, default=None)


def begins_at(row: PriceRow) -> datetime:
    return datetime.combine(row.from_date, time(), tzinfo=UTC)


def most_micros(row: PriceRow, *, images: int) -> int:
    """What one call for so many images costs at most. The row must say a price."""
    units = images if row.unit == PriceUnit.IMAGE else images * row.most_per_image
    return _price(row, units=units, tokens_in=row.most_input)


def actual_micros(row: PriceRow, *, images: int, asked: int, usage: Mapping[str, int]) -> int:
    """What a call did cost that delivered `images` of the `asked`; never raises.

    Credits and tokens are as the provider reports them. Where it reports none that can be
    believed, credits are of the images that came, and tokens the most that they can have been.
    """
    if row.unit == PriceUnit.IMAGE:
        return _price(row, units=images, tokens_in=0)
    if row.unit == PriceUnit.CREDIT:
        credits = _reported(usage, "credits", "credits_used")
        return _price(row, units=images * row.most_per_image if credits is None else credits)
    tokens_in = _reported(usage, "input_tokens")
    tokens_out = _reported(usage, "output_tokens")
    if tokens_in is None or tokens_out is None:
        return most_micros(row, images=asked)
    return _price(row, units=tokens_out, tokens_in=tokens_in)


def _price(row: PriceRow, *, units: int, tokens_in: int = 0) -> int:
    micros = row.unit_micros or 0
    if row.unit != PriceUnit.TOKENS:
        return micros * units
    return _thousandths(micros * units) + _thousandths(row.input_micros * tokens_in)


def _thousandths(micros: int) -> int:
    """Rounded up: what is reserved must do."""
    return -(-micros // _TOKENS_PER_UNIT)


def _reported(usage: Mapping[str, int], *names: str) -> int | None:
    for name in names:
        value = usage.get(name)
        if isinstance(value, int) and 0 <= value <= _MOST_UNITS:
            return value
    return None


def _fits(row: PriceRow, asked: Asked) -> bool:
    return (
        row.provider == asked.provider
        and row.model in ("", asked.model)
        and row.operation in ("", asked.operation)
        and row.quality in ("", asked.quality)
    )


def _weight(row: PriceRow) -> tuple[bool, bool, bool, bool, date]:
    return (
        row.account_id is not None,
        bool(row.model),
        bool(row.operation),
        bool(row.quality),
        row.from_date,
    )


def _says_one(row: PriceRow) -> bool:
    return row.unit_micros is not None and row.paused_at is None
