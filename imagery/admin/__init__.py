"""The imagery pages of the admin."""

from imagery.admin import hook_endpoint, review_ticket

__all__ = ["hook_endpoint", "review_ticket"]
