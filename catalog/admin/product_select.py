"""Choosing a product: a search box over the products that may be chosen."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.widgets import AutocompleteSelect

from bulk_uploads.admin.row_ids import is_id
from catalog.models import Variant


class ProductSelect(AutocompleteSelect):
    """Django's widget asks the database for whatever was posted, also for what is no id."""

    def __init__(self, site: AdminSite) -> None:
        super().__init__(Variant._meta.get_field("product"), site)

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        ids = [text for text in map(str, value) if is_id(text)]
        return super().optgroups(name, ids, attr)
