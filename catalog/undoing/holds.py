"""What else stands against removing a variant: other parts say so here (stock, approved images)."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a variant that an upload created shall stay when that upload is taken back.

    `reason_code` is short and stable, such as "stocked"; `message` says it to a person.
    """

    reason_code: str
    message: str


#: Takes the account's id and variant ids; returns the holds by variant id. It is
#: asked inside the transaction of an undo's step, and must take a fixed number of queries.
HoldCheck = Callable[[int, Collection[int]], Mapping[int, Hold]]

_checks: list[HoldCheck] = []


def register(check: HoldCheck) -> None:
    """Rooms call it as they get ready."""
    if check not in _checks:
        _checks.append(check)


def holds_on(account_id: int, variant_ids: Collection[int]) -> dict[int, Hold]:
    """The first hold that each of these variants has, if any."""
    found: dict[int, Hold] = {}
    if variant_ids:
        for check in _checks:
            found = {**check(account_id, variant_ids), **found}
    return found
