"""What is known of a pincode, and what a row that says more or other comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from delivery.models import PincodeAction

#: What a file may say of a pincode beside its key, in the order in which changes are told.
VALUE_FIELDS: Final = (
    "city",
    "state",
    "state_code",
    "region",
    "location",
    "location_type",
    "area",
    "service_center",
    "destination_area",
    "zone",
    "service_flag",
    "cod",
    "prepaid",
    "embargo",
    "extended",
    "extended_km",
    "cod_limit",
    "prepaid_limit",
)
FLAGS = ("cod", "prepaid", "embargo", "extended", "is_listed", "is_serviceable")
NUMBERS = ("extended_km", "cod_limit", "prepaid_limit")
#: Everything of a pincode that changes.
STATE_FIELDS = (*VALUE_FIELDS, "is_listed", "is_serviceable")
_TEXTS = tuple(name for name in VALUE_FIELDS if name not in (*FLAGS, *NUMBERS))
_NOT_SERVED = frozenset({"n", "no", "false", "0"})


@dataclass(frozen=True, slots=True)
class StoredPincode:
    id: int
    pincode: str
    mode: str
    last_change_id: int | None
    state: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PincodeWrite:
    """`fields` is `{field: [before, after]}`; `stored` None makes the pincode."""

    stored: StoredPincode | None
    pincode: str
    mode: str
    state: Mapping[str, Any]
    fields: Mapping[str, Sequence[Any]]
    action: PincodeAction
    row: int | None = None


def empty_state() -> dict[str, Any]:
    """What nobody has said anything of yet."""
    return {name: "" if name in _TEXTS else None for name in VALUE_FIELDS}


def is_serviceable(state: Mapping[str, Any]) -> bool:
    """Listed, not under embargo, not flagged as unserved, and paid for in one way at least."""
    return bool(
        state["is_listed"]
        and not state["embargo"]
        and state["service_flag"].casefold() not in _NOT_SERVED
        and not (state["cod"] is False and state["prepaid"] is False)
    )


def compare(
    *,
    stored: StoredPincode | None,
    pincode: str,
    mode: str,
    said: Mapping[str, Any],
    is_listed: bool = True,
    row: int | None = None,
) -> PincodeWrite | None:
    """What a row comes to; what it does not say stays. None where nothing changes.

    Texts that differ in case alone are one: files of one courier come in either.
    """
    before = stored.state if stored else {}
    state = {**(before or empty_state()), "is_listed": is_listed}
    for name, value in said.items():
        if not _same(name, state[name], value):
            state[name] = value
    state["is_serviceable"] = is_serviceable(state)
    if stored is None:
        return PincodeWrite(None, pincode, mode, state, {}, PincodeAction.CREATED, row)
    fields = {
        name: [before[name], state[name]] for name in STATE_FIELDS if before[name] != state[name]
    }
    if not fields:
        return None
    action = PincodeAction.UPDATED if is_listed else PincodeAction.UNLISTED
    return PincodeWrite(stored, pincode, mode, state, fields, action, row)


def _same(name: str, before: Any, after: Any) -> bool:
    if before is None or after is None:
        return before is after
    if name in NUMBERS:
        return Decimal(before) == Decimal(after)
    if name in _TEXTS:
        return bool(before.casefold() == after.casefold())
    return bool(before == after)
