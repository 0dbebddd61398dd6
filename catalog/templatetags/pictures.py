"""Looking up what is known of a picture by its address."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def picture_of(pictures: Mapping[str, object], url: str) -> object | None:
    """The `ShownPicture`; None for an address that is not saved yet."""
    return pictures.get(url)
