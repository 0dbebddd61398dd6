"""Cards that rooms above add to an upload's page: what followed from it is theirs."""

from collections.abc import Callable

from django.http import HttpRequest

from bulk_uploads.models import BulkUpload

#: Draws a card; empty where nothing followed, or the person sees nothing of it.
Panel = Callable[[HttpRequest, BulkUpload], str]

_panels: list[Panel] = []


def add_panel(panel: Panel) -> None:
    """Called once, when the application starts."""
    if panel not in _panels:
        _panels.append(panel)


def panels_of(request: HttpRequest, upload: BulkUpload) -> list[str]:
    return [drawn for panel in _panels if (drawn := panel(request, upload))]
