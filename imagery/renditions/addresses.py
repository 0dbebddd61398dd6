"""The public addresses of renditions, for whoever names them: the API, exports, manifests."""

import uuid
from typing import Final
from urllib.parse import quote

from django.urls import reverse

#: What is named where nobody asked for a size: the largest there is.
USUAL_PRESET: Final = "zoom"
_NO_ACCOUNT: Final = uuid.UUID(int=0)
#: Segments that browsers and proxies take for directions, encoded or not.
_DIRECTIONS: Final = frozenset({"", ".", ".."})


def rendition_path(*, account: uuid.UUID, sku: str, role: str, preset: str = USUAL_PRESET) -> str:
    """Of the current image of a SKU and role, whichever that is; without scheme and host."""
    address = addresses_of(account)
    if any(segment in _DIRECTIONS for segment in sku.split("/")):
        return f"{address[:-1]}?sku={quote(sku, safe='')}&role={role}&preset={quote(preset)}"
    return f"{address}{quote(sku, safe='')}/{role}/{preset}"


def addresses_of(account: uuid.UUID) -> str:
    """What the paths of all renditions of an account begin with."""
    return reverse("platform_api:renditions", args=[account]) + "/"
