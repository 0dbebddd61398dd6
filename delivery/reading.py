"""Whether a courier serves a pincode, and how."""

from collections.abc import Sequence
from dataclasses import dataclass

from delivery.models import Courier, ServiceablePincode


@dataclass(frozen=True, slots=True)
class Serviceability:
    """`modes` are all that the courier has ever listed for the pincode, served or not."""

    pincode: str
    courier: Courier
    modes: Sequence[ServiceablePincode]

    @property
    def served(self) -> Sequence[ServiceablePincode]:
        return [mode for mode in self.modes if mode.is_serviceable]

    @property
    def is_serviceable(self) -> bool:
        return bool(self.served)

    def accepts(self, payment: str) -> bool | None:
        """Whether `payment` ("cod", "prepaid") is possible; None where nothing says so."""
        said = {getattr(mode, payment) for mode in self.served}
        if True in said:
            return True
        return None if None in said else False


def serviceability(*, account_id: int, pincode: str, courier: Courier) -> Serviceability:
    """One query."""
    rows = ServiceablePincode.objects.filter(
        account_id=account_id, courier=courier, pincode=pincode
    )
    return Serviceability(pincode, courier, list(rows.order_by("mode")))
