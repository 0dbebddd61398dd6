"""The small picture that stands for a product or variant in a list."""

from django.db.models import OuterRef, Subquery
from django.template.loader import render_to_string

from catalog.models import MediaLink


def first_picture(variant: str, reference: str) -> Subquery:
    """The URL of the first picture of the variants found by `variant` equal to `reference`."""
    links = MediaLink.objects.filter(**{variant: OuterRef(reference)})
    ordered = links.order_by("variant_id", "property_set_id", "position")
    return Subquery(ordered.values("asset__url")[:1])


def thumbnail(url: str | None, *, of: str) -> str:
    return render_to_string("catalog/thumbnail.html", {"url": url, "alt": f"Picture of {of}"})
