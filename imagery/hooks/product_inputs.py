"""What an announcement may say of a product, beside its SKU: it fills the prompt."""

from collections.abc import Mapping
from typing import Any, Final

from catalog.file_format.cells import CellError, parse_url
from imagery.recipes.variant_facts import IMAGE_URL, plain_text

#: Whatever else a sender's document holds is left alone.
TEXTS: Final = ("title", "brand", "category", "description")
STYLE_TAGS: Final = "style_tags"


def read_inputs(product: Mapping[str, Any]) -> dict[str, str]:
    """The job's inputs, cleaned and of bounded length; what is absent, null or blank left out.

    Raises CellError for what is no text, or no address.
    """
    found = {name: _text(name, product.get(name)) for name in TEXTS}
    tags = product.get(STYLE_TAGS)
    if isinstance(tags, list):
        found[STYLE_TAGS] = plain_text(", ".join(_text(STYLE_TAGS, tag) for tag in tags[:100]))
    else:
        found[STYLE_TAGS] = _text(STYLE_TAGS, tags)
    if address := product.get(IMAGE_URL):
        if not isinstance(address, str):
            raise CellError("invalid_url", f"{IMAGE_URL} must be an address, as text.")
        found[IMAGE_URL] = parse_url(address.strip())
    return {name: text for name, text in found.items() if text}


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise CellError("invalid_text", f"{name} must be text.")
    return plain_text(value)
