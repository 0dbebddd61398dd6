"""Whether two pictures are one, by what was measured of them; for this no picture is opened."""

from typing import Final

from imagery.checks.measures import Likeness

#: Two pictures are one if at most so many bits differ, and the colours by no more than this (Lab).
MOST_BITS: Final = 7
MOST_LIGHTNESS: Final = 6.0
MOST_COLOUR: Final = 2.0


def distance(one: int, other: int) -> int:
    """How many of the bits differ."""
    return (one ^ other).bit_count()


def are_one(one: Likeness, other: Likeness) -> bool:
    """Whether they are the same picture, to the eye."""
    return (
        distance(one.bits, other.bits) <= MOST_BITS
        and abs(one.lightness - other.lightness) <= MOST_LIGHTNESS
        and abs(one.green_red - other.green_red) <= MOST_COLOUR
        and abs(one.blue_yellow - other.blue_yellow) <= MOST_COLOUR
    )
