"""The small picture that stands for a product or variant in a list."""

import uuid

from django.db.models import OuterRef, Subquery
from django.template.loader import render_to_string

from catalog.api.media import thumbnail_path
from catalog.models import MediaLink


def first_picture(variant: str, reference: str) -> Subquery:
    """The UUID of the first fetched picture of the variants found by `variant` equal to
    `reference`: pages show what we keep, and send nobody to a supplier's server."""
    links = MediaLink.objects.filter(**{variant: OuterRef(reference)}, asset__file__isnull=False)
    ordered = links.order_by("variant_id", "property_set_id", "position")
    return Subquery(ordered.values("asset__file__uuid")[:1])


def thumbnail(file: uuid.UUID | None, *, of: str) -> str:
    context = {"url": thumbnail_address(file), "alt": f"Picture of {of}"}
    return render_to_string("catalog/thumbnail.html", context)


def thumbnail_address(file: uuid.UUID | None) -> str:
    """Empty where there is no picture yet."""
    return thumbnail_path(file) if file else ""
