"""Filters variants and products by the upload whose rows name them."""

from typing import Any

from bulk_uploads.admin.upload_filter import UploadFilter
from catalog.models import Variant

#: Processors whose ledger names variants.
UPLOADS_OF_VARIANTS = ("catalog_csv_upload_processor",)


class VariantUploadFilter(UploadFilter):
    processor_names = UPLOADS_OF_VARIANTS


class ProductUploadFilter(VariantUploadFilter):
    """Products with a variant that a row of the upload names."""

    def rows_of(self, uploads: Any) -> Any:
        return Variant.objects.filter(pk__in=super().rows_of(uploads)).values("product_id")
