"""The bulk uploads' part of the platform API."""

from ninja import Router

from bulk_uploads import downloads
from bulk_uploads.api import commands, uploads

router = Router(tags=["Bulk uploads"])
router.add_router("", uploads.router)
router.add_router("", commands.router)
router.add_router("", downloads.router)

__all__ = ["router"]
