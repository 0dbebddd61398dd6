"""The one router of this package: django-ninja joins the methods of a path only within a router."""

from ninja import Router

from accounts.scopes import Scope
from bulk_uploads.access import UploadReaderAuth
from platform_api.auth import BearerAuth

router = Router()

READING = UploadReaderAuth()
UPLOADING = BearerAuth(Scope.UPLOADS)
