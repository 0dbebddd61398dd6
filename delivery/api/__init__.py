"""The delivery part of the platform API."""

from delivery.api.serviceability import router

__all__ = ["router"]
