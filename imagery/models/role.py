"""What a picture of a SKU is for: a closed set."""

from typing import Final

from django.db import models


class Role(models.TextChoices):
    HERO = "hero", "Hero"
    ANGLE_1 = "angle_1", "Angle 1"
    ANGLE_2 = "angle_2", "Angle 2"
    ANGLE_3 = "angle_3", "Angle 3"
    LIFESTYLE = "lifestyle", "Lifestyle"
    CUTOUT = "cutout", "Cut-out"
    SWATCH_GRID = "swatch_grid", "Swatch grid"


#: Roles of a product; all of its variants have them in common.
PRODUCT_ROLES: Final = frozenset({Role.SWATCH_GRID})
