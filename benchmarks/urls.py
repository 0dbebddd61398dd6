"""The application's URLs, and beside them what it is compared with."""

from django.urls import path

from benchmarks.drf_products import ProductList
from config.urls import urlpatterns as application_urls

urlpatterns = [*application_urls, path("bench/products", ProductList.as_view())]
