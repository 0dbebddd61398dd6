"""Which facts of a picture a change in the catalog touches; pure, no database."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from catalog.models import ObjectKind
from imagery.recipes.templates import ATTRIBUTE

#: The source photo, among the names of facts.
PHOTO: Final = "photo"
_ANY_ATTRIBUTE: Final = f"{ATTRIBUTE}*"
_ATTRIBUTES: Final = frozenset({_ANY_ATTRIBUTE, "attributes", "brand"})
_PRODUCT: Final = frozenset({"product", "title", "category", "style_tags"})
_FACTS: Final[Mapping[tuple[ObjectKind, str], frozenset[str]]] = {
    (ObjectKind.VARIANT, "display_name"): frozenset({"title"}),
    (ObjectKind.VARIANT, "description"): frozenset({"description"}),
    (ObjectKind.VARIANT, "attributes"): _ATTRIBUTES,
    (ObjectKind.VARIANT, "media"): frozenset({PHOTO}),
    (ObjectKind.VARIANT, "product_id"): _PRODUCT,
    (ObjectKind.PRODUCT, "name"): frozenset({"product", "title"}),
    (ObjectKind.PRODUCT, "category"): frozenset({"category"}),
    (ObjectKind.PRODUCT, "tags"): frozenset({"style_tags"}),
}
_NONE: Final[frozenset[str]] = frozenset()


def touched_facts(kind: ObjectKind, fields: Mapping[str, Any] | None) -> frozenset[str]:
    """Of an update, whose `fields` are named as the change log names them."""
    names = {name.partition(".")[0] for name in fields or ()}
    return _NONE.union(*(_FACTS.get((kind, name), _NONE) for name in names))


def shows(placeholders: Iterable[str], touched: frozenset[str]) -> bool:
    """Whether a recipe of these placeholders shows any of it; all of them show the photo."""
    shown = {_ANY_ATTRIBUTE if name.startswith(ATTRIBUTE) else name for name in placeholders}
    return PHOTO in touched or not shown.isdisjoint(touched)
