"""What can be refused about imagery; one root for the room."""


class ImageryError(Exception):
    """Root of the room's errors."""
