"""The rules of one channel as values: what a profile's row says, without the database."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """None, False and () ask for nothing.

    Sides are in pixels, fill and fidelity in percent, softness in pixels of blur. Below a `least`
    or above a `most` a picture fails; short of what is `advised`, or of `zoom`, it gets a warning.
    With `is_rendered` the channel gets a rendition that brings format, weight, largest size and
    aspect in order: they too are then worth a warning only.
    """

    least_width: int | None = None
    least_height: int | None = None
    least_longest_side: int | None = None
    zoom_longest_side: int | None = None
    advised_longest_side: int | None = None
    most_longest_side: int | None = None
    most_megapixels: int | None = None
    most_bytes: int | None = None
    aspect_width: int | None = None
    aspect_height: int | None = None
    formats: tuple[str, ...] = ()
    is_rendered: bool = False
    needs_white: bool = False
    least_fill: int | None = None
    most_fill: int | None = None
    needs_source_tag: bool = False
    advised_softness: float | None = None
    most_softness: float | None = None
    advised_fidelity: int | None = None
    least_fidelity: int | None = None
