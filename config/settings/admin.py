"""The look of the admin (django-unfold): one accent colour, our own styles, the sidebar."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static


def _static(path: str) -> Callable[[HttpRequest], str]:
    """Resolved when a page is drawn: the manifest of static files is not there yet."""
    return lambda request: static(path)


LOGIN_REDIRECT_URL = "admin:index"

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Catalog",
    "SITE_HEADER": "Catalog",
    "SITE_SYMBOL": "inventory_2",
    "SITE_URL": None,
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": _static("look/favicon.svg")},
    ],
    "SHOW_BACK_BUTTON": True,
    "BORDER_RADIUS": "8px",
    # Indigo. 600 carries white text and 500 is read on dark ground, both with contrast AA.
    "COLORS": {
        "primary": {
            "50": "oklch(96.2% .018 272.314)",
            "100": "oklch(93% .034 272.788)",
            "200": "oklch(87% .065 274.039)",
            "300": "oklch(78.5% .115 274.713)",
            "400": "oklch(74% .13 276)",
            "500": "oklch(70% .15 277)",
            "600": "oklch(51.1% .22 276.966)",
            "700": "oklch(45.7% .2 277.023)",
            "800": "oklch(39.8% .17 277.366)",
            "900": "oklch(35.9% .13 278.697)",
            "950": "oklch(25.7% .08 281.288)",
        },
    },
    "DASHBOARD_CALLBACK": "config.dashboard.with_dashboard",
    "SIDEBAR": {"navigation": "config.sidebar.navigation"},
    "STYLES": [
        _static("look/ground.css"),
        _static("look/uploads.css"),
        _static("look/catalog.css"),
        _static("look/notices.css"),
        _static("look/light_table.css"),
        _static("look/imagery.css"),
    ],
    "SCRIPTS": [
        _static("look/dialogs.js"),
        _static("look/file_drop.js"),
        _static("look/repeated_inputs.js"),
        _static("look/pictures.js"),
        _static("look/recipes.js"),
        _static("look/search_boxes.js"),
    ],
}
