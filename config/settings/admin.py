"""The look of the admin (django-unfold)."""

from typing import Any

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Catalog",
    "SITE_HEADER": "Catalog",
    "SITE_SYMBOL": "inventory_2",
}
