"""The imagery part of the platform API."""

from ninja import Router

from imagery.api import (  # noqa: F401 - importing them adds their routes
    image_jobs,
    job_commands,
    ordering,
)
from imagery.api.checks import router as checks
from imagery.api.content import router as content
from imagery.api.hooks import router as hooks
from imagery.api.image_job_routes import router as image_job_routes
from imagery.api.images import router as images
from imagery.api.manifest import router as manifest
from imagery.api.marketplace_sets import router as marketplace_sets
from imagery.api.renditions import router as renditions
from imagery.api.reviewing import router as reviewing
from imagery.api.summary import router as summary

router = Router(tags=["Imagery"])
router.add_router("", image_job_routes)
router.add_router("", images)
router.add_router("", checks)
router.add_router("", reviewing)
router.add_router("", content)
router.add_router("", summary)
router.add_router("", marketplace_sets)
router.add_router("", renditions)
router.add_router("", hooks)
router.add_router("", manifest)

__all__ = ["router"]
