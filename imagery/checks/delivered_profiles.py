"""The channel profiles that come with the application, as the marketplaces state their rules."""

from datetime import date
from typing import Any, Final

from django.db import connection

from imagery.models import ChannelProfile

#: No channel states these in numbers: they are the house's, and the same for all.
_HOUSE: Final[dict[str, Any]] = {
    "is_rendered": True,
    "advised_softness": 2.5,
    "most_softness": 5.0,
    "advised_fidelity": 80,
    "least_fidelity": 60,
}
_MB: Final = 1_000_000

_ROWS: Final[dict[str, dict[str, Any]]] = {
    "amazon": {
        "title": "Amazon",
        "source": "Amazon Seller Central, product image requirements",
        "least_longest_side": 500,
        "zoom_longest_side": 1000,
        "advised_longest_side": 1600,
        "most_longest_side": 10_000,
        "formats": ["JPEG"],
        "needs_white": True,
        "least_fill": 85,
    },
    "google": {
        "title": "Google",
        "source": "Google Merchant Center Help, image link and AI-generated content",
        "least_width": 500,
        "least_height": 500,
        "most_megapixels": 64,
        "most_bytes": 16 * _MB,
        "least_fill": 75,
        "most_fill": 90,
        "needs_source_tag": True,
    },
    "shopify": {
        "title": "Shopify",
        "source": "Shopify Help Center, product media types",
        "advised_longest_side": 2048,
        "most_longest_side": 5000,
        "most_bytes": 20 * _MB,
    },
    "ebay": {
        "title": "eBay",
        "source": "eBay Help, picture policy",
        "least_longest_side": 500,
    },
    "walmart": {
        "title": "Walmart",
        "source": "Walmart Marketplace Learn, product image guidelines",
        "note": "The picture's address has no query string: those of our renditions have none.",
        "zoom_longest_side": 1500,
        "advised_longest_side": 2200,
        "most_bytes": 5 * _MB,
        "aspect_width": 1,
        "aspect_height": 1,
        "needs_white": True,
    },
    "myntra": {
        "title": "Myntra",
        "source": "Myntra partner portal, image guidelines",
        "least_width": 1080,
        "least_height": 1440,
        "aspect_width": 3,
        "aspect_height": 4,
        "formats": ["JPEG"],
    },
    "flipkart": {
        "title": "Flipkart",
        "source": "Flipkart Seller Hub, image guidelines",
        "least_longest_side": 500,
        "advised_longest_side": 1000,
        "aspect_width": 1,
        "aspect_height": 1,
    },
}
_FROM: Final = date(2024, 1, 1)


def delivered_profiles() -> list[ChannelProfile]:
    """As they are delivered, not saved."""
    return [
        ChannelProfile(account=None, channel=channel, from_date=_FROM, **_HOUSE, **row)
        for channel, row in _ROWS.items()
    ]


def write_delivered_profiles(**_: object) -> None:
    """Write those that are missing; run after every migration, also one that took tables away."""
    if ChannelProfile._meta.db_table not in connection.introspection.table_names():
        return
    rows = ChannelProfile.objects.filter(account=None).values_list("channel", "from_date")
    known = set(rows)
    for profile in delivered_profiles():
        if (profile.channel, profile.from_date) not in known:
            profile.save()
