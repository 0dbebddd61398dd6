"""What pictures will cost, before the first of them is asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from accounts.models import Account
from imagery.errors import CallMustWait
from imagery.money.prices import Asked, PriceList, most_micros

#: A call of unknown outcome is sent once more.
SENDINGS: Final = 2


@dataclass(frozen=True, slots=True)
class Rung:
    """One provider of a ladder. `most_images` is the most that it makes in one call."""

    asked: Asked
    most_images: int = 1


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """`times` over, so many images are wanted of the ladder: those that do not exist yet."""

    images: int
    ladder: Sequence[Rung]
    times: int = 1


@dataclass(frozen=True, slots=True)
class Estimate:
    """In micro-units. `minimum`: each step is done at its cheapest rung; `expected`: at its first;
    `maximum`: every rung is tried, and each of its calls sent twice. `unpriced` are the rungs that
    nothing is bought from, because no price is set or it is paused; they are not in the sums.
    """

    minimum: int
    expected: int
    maximum: int
    unpriced: tuple[Asked, ...]


def estimate(*, account: Account, steps: Iterable[PlannedStep], on: date) -> Estimate:
    """One query for all steps. An empty ladder costs nothing."""
    prices = PriceList.of(account=account, on=on)
    minimum = expected = maximum = 0
    unpriced: dict[Asked, None] = {}
    for step in steps:
        costs: list[int] = []
        for rung in step.ladder:
            try:
                costs.append(_cost(prices, rung, images=step.images) * step.times)
            except CallMustWait:
                unpriced[rung.asked] = None
        if costs:
            minimum += min(costs)
            expected += costs[0]
            maximum += sum(costs) * SENDINGS
    return Estimate(minimum, expected, maximum, tuple(unpriced))


def _cost(prices: PriceList, rung: Rung, *, images: int) -> int:
    """Of as many calls as the images need."""
    row = prices.find(rung.asked)
    full, rest = divmod(images, rung.most_images)
    cost = full * most_micros(row, images=rung.most_images)
    return cost + (most_micros(row, images=rest) if rest else 0)
