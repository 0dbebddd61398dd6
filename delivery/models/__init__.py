"""Where couriers deliver, pincode by pincode, and the log of every change to that."""

from delivery.models.pincode_change import PincodeAction, PincodeChange
from delivery.models.serviceable_pincode import Courier, ServiceablePincode

__all__ = ["Courier", "PincodeAction", "PincodeChange", "ServiceablePincode"]
