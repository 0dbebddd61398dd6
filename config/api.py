"""The platform API, assembled from the rooms' routers."""

from bulk_uploads.api import router as bulk_uploads
from catalog.api import router as catalog
from platform_api.api import create_api

api = create_api()
api.add_router("", bulk_uploads)
api.add_router("", catalog)
