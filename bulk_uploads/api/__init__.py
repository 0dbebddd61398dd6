"""The bulk uploads' part of the platform API."""

from ninja import Router

from bulk_uploads import downloads
from bulk_uploads.api import (  # noqa: F401 - importing them adds their routes
    commands,
    corrections,
    undo,
    uploads,
)
from bulk_uploads.api.imports import router as imports_router
from bulk_uploads.api.routes import router as uploads_router

router = Router(tags=["Bulk uploads"])
router.add_router("", uploads_router)
router.add_router("", downloads.router)

__all__ = ["imports_router", "router"]
