"""The platform API, assembled from the rooms' routers."""

from bulk_uploads.api import imports_router
from bulk_uploads.api import router as bulk_uploads
from catalog.api import router as catalog
from delivery.api import router as delivery
from imagery.api import router as imagery
from platform_api.api import DESCRIPTION, create_api

# The documented imports come without an envelope.
api = create_api(
    description=f"{DESCRIPTION} Imports alone answer a success with the plain document."
)
api.add_router("", bulk_uploads)
api.add_router("", imports_router)
api.add_router("", catalog)
api.add_router("", delivery)
api.add_router("", imagery)

# The path that clients of the documented imports call: the same routes at another address.
imports_api = create_api(
    title="Catalog imports API",
    description=(
        "Products from CSV, XLSX or JSON files, matched by EAN. Send a token as "
        "`Authorization: Bearer <token>`. The rest of the API is at `/api/platform/v1/docs`."
    ),
    namespace="imports_api",
)
imports_api.add_router("", imports_router)
