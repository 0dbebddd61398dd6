"""The application's URLs, and beside them what it is compared with."""

from pathlib import Path

from django.conf import settings
from django.urls import path
from django.views.static import serve

from benchmarks.drf_products import ProductList
from config.urls import urlpatterns as application_urls

urlpatterns = [
    *application_urls,
    path("bench/products", ProductList.as_view()),
    path(
        "bench/static/<path:path>",
        serve,
        {"document_root": Path(settings.DATA_DIR) / "bench-static"},
    ),
]
