"""The platform API, assembled from the rooms' routers."""

from platform_api.api import create_api

api = create_api()
