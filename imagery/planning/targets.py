"""What pictures are asked for: a SKU or a product, and what is said of it beside the catalog."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from imagery.errors import InvalidRequest
from imagery.models.recipe import MOST_IMAGES

_LONGEST_SKU: Final = 200
_LONGEST_KEY: Final = 500
#: The input that is put behind the prompts of what is made anew.
ADJUSTMENT: Final = "adjustment"
_MOST_INPUTS: Final = 30
_LONGEST_INPUT: Final = 4_000


@dataclass(frozen=True, slots=True)
class Target:
    """`sku`, or "" with the `product_key` for what all variants of a product share.

    `inputs` fill prompts before the variant does (title, brand, style_tags, attribute:colour, ...;
    `image_url` is the photo, `adjustment` goes behind the prompts of a redo), and are all there is
    of a SKU that the catalog does not know.
    `images` is how many each delivered step makes, where another one is another picture.
    """

    sku: str
    product_key: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    images: int | None = None
    upload_row: int | None = None


def check_targets(targets: Iterable[Target]) -> None:
    """Raises InvalidRequest for the first that makes no sense."""
    for target in targets:
        if bool(target.sku.strip()) == bool(target.product_key):
            raise InvalidRequest("Name a SKU, or a product.")
        if len(target.sku) > _LONGEST_SKU or len(target.product_key) > _LONGEST_KEY:
            raise InvalidRequest(f"{target.sku or target.product_key!r} is too long.")
        if "\0" in target.sku + target.product_key:
            raise InvalidRequest("A SKU holds a character that no text has.")
        if target.images is not None and not 1 <= target.images <= MOST_IMAGES:
            raise InvalidRequest(f"Ask for 1 to {MOST_IMAGES} images.")
        _check_inputs(target)


def _check_inputs(target: Target) -> None:
    if len(target.inputs) > _MOST_INPUTS:
        raise InvalidRequest(f"{target.sku}: there are at most {_MOST_INPUTS} inputs.")
    for name, text in target.inputs.items():
        if not isinstance(text, str) or len(text) > _LONGEST_INPUT or len(name) > _LONGEST_SKU:
            raise InvalidRequest(f"{target.sku}: the input {name[:60]!r} is too long, or no text.")
        if "\0" in name + text:
            raise InvalidRequest(f"{target.sku}: an input holds a character that no text has.")
