"""What there is to choose from in the recipe editor."""

from dataclasses import dataclass
from typing import Any

from imagery.admin.wording import OPERATION_WORDS
from imagery.models import PRODUCT_ROLES, Role
from imagery.models.recipe import MOST_IMAGES
from imagery.providers import registry
from imagery.recipes.templates import ATTRIBUTE, PLACEHOLDERS


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str


def recipe_choices() -> dict[str, Any]:
    """For the template; providers without a key can be named, and say so."""
    on = registry.providers_on()
    return {
        "role_choices": [
            Choice(role.value, role.label) for role in Role if role not in PRODUCT_ROLES
        ],
        "operation_choices": [Choice(value, words) for value, words in OPERATION_WORDS.items()],
        "provider_choices": [
            Choice(name, name if name in on else f"{name} (off: no key)")
            for name in registry.known_names()
        ],
        "placeholders": [f"{{{name}}}" for name in (*PLACEHOLDERS, f"{ATTRIBUTE}NAME")],
        "most_images": MOST_IMAGES,
    }
