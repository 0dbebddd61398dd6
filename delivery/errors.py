"""What can be refused about delivery; one root for the room."""


class DeliveryError(Exception):
    """Root of the room's errors."""
