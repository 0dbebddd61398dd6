"""A description as a shop would show it, with nothing in it that runs, loads or styles."""

from typing import Final

import nh3
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe

_TAGS: Final = {
    *("p", "br", "hr", "b", "strong", "i", "em", "u", "s", "small", "sub", "sup", "code", "pre"),
    *("ul", "ol", "li", "dl", "dt", "dd", "blockquote", "a", "span", "div"),
    *("h1", "h2", "h3", "h4", "h5", "h6"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES: Final = {"a": {"href", "title"}, "td": {"colspan"}, "th": {"colspan"}}


def shown_description(text: str) -> SafeString:
    """Markup is sanitised; plain text keeps its line breaks."""
    html = text if "<" in text else linebreaks(text, autoescape=True)
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(clean)  # noqa: S308 - this is what nh3 is for
