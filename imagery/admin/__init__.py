"""The imagery pages of the admin."""

from imagery.admin import review_ticket

__all__ = ["review_ticket"]
