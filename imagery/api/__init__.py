"""The imagery part of the platform API."""

from ninja import Router

from imagery.api.content import router as content

router = Router()
router.add_router("", content)

__all__ = ["router"]
