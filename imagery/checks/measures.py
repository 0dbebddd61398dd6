"""What can be measured of a picture: values with units, and reasons where there is no value."""

from dataclasses import dataclass, field
from typing import Final

#: What is measured by looking at the picture, by the names `Measures.missing` uses.
MEASURED: Final = ("fill", "white", "softness", "likeness", "fidelity")


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a file says before it is decoded. Pixels are counted upright, as it is to be shown.

    `file_format` is Pillow's name ("JPEG"), `colours` its mode ("CMYK"), `frames` above 1 an
    animation. `source` is the digital source type of the file, "" where it states none.
    """

    byte_size: int
    width: int
    height: int
    file_format: str
    colours: str
    frames: int
    source: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """A picture in few numbers, for finding it again: `bits` (64, by Hamming distance), and the
    mean CIE Lab colour of its middle, so that another colour of the same thing is another picture.
    """

    bits: int
    lightness: float
    green_red: float
    blue_yellow: float


@dataclass(frozen=True, slots=True)
class Fidelity:
    """How true a picture is to its reference, 0..1 each; `score` is what rules are about."""

    score: float
    shape: float
    colour: float


@dataclass(frozen=True, slots=True)
class Missing:
    """Why there is no value: a code for programs, a reason for people."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Measures:
    """All of one picture. `fill` is the product's longer reach as a share of the picture's side
    there, `white` the share of the background that is pure white, `softness` the blur of its
    sharpest edges in pixels (one standard deviation).

    A value that is None has its reason in `missing`, by the value's name. Without `facts` the file
    is none that is read.
    """

    byte_size: int
    facts: FileFacts | None = None
    fill: float | None = None
    white: float | None = None
    softness: float | None = None
    likeness: Likeness | None = None
    fidelity: Fidelity | None = None
    missing: dict[str, Missing] = field(default_factory=dict)
