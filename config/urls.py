"""Every URL of the application."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from config.api import api, imports_api

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("", include("jobs.urls")),
    path("admin/", admin.site.urls),
    path("api/platform/v1/", api.urls),
    path("api/v1/", imports_api.urls),
]
