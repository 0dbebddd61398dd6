"""Measures as columns of their row, and back."""

from typing import Any, Final

from imagery.checks.measures import Fidelity, FileFacts, Likeness, Measures, Missing
from imagery.models import ImageMeasures

_SIGN: Final = 1 << 63
_ALL: Final = 1 << 64
_BAND: Final = 16
_NO_FACTS: Final = {
    "width": None,
    "height": None,
    "file_format": "",
    "colours": "",
    "frames": 1,
    "source": "",
}


def columns_of(measures: Measures) -> dict[str, Any]:
    """The values of all columns that hold measures."""
    fidelity = measures.fidelity
    return {
        "byte_size": measures.byte_size,
        **_fact_columns(measures.facts),
        "fill": measures.fill,
        "white": measures.white,
        "softness": measures.softness,
        **_likeness_columns(measures.likeness),
        "fidelity": fidelity and fidelity.score,
        "shape": fidelity and fidelity.shape,
        "colour": fidelity and fidelity.colour,
        "missing": {name: [why.code, why.reason] for name, why in measures.missing.items()},
    }


def measures_in(row: ImageMeasures) -> Measures:
    return Measures(
        byte_size=row.byte_size,
        facts=_facts_in(row),
        fill=row.fill,
        white=row.white,
        softness=row.softness,
        likeness=likeness_in(row),
        fidelity=_fidelity_in(row),
        missing={name: Missing(code, reason) for name, (code, reason) in row.missing.items()},
    )


def likeness_in(row: ImageMeasures) -> Likeness | None:
    if row.bits is None:
        return None
    return Likeness(
        bits=row.bits % _ALL,
        lightness=row.lightness or 0.0,
        green_red=row.green_red or 0.0,
        blue_yellow=row.blue_yellow or 0.0,
    )


def bands_of(bits: int) -> tuple[int, int, int, int]:
    """Four of sixteen bits each, the highest first."""
    first, second, third, fourth = (bits >> _BAND * place & 0xFFFF for place in (3, 2, 1, 0))
    return first, second, third, fourth


def _fact_columns(facts: FileFacts | None) -> dict[str, Any]:
    if facts is None:
        return _NO_FACTS
    return {
        "width": facts.width,
        "height": facts.height,
        "file_format": facts.file_format[:10],
        "colours": facts.colours[:10],
        "frames": facts.frames,
        "source": facts.source,
    }


def _likeness_columns(likeness: Likeness | None) -> dict[str, Any]:
    bands = bands_of(likeness.bits) if likeness else (None,) * 4
    return {
        # The database counts 64 bits from below zero.
        "bits": likeness and (likeness.bits + _SIGN) % _ALL - _SIGN,
        **{f"band_{place}": band for place, band in enumerate(bands, start=1)},
        "lightness": likeness and likeness.lightness,
        "green_red": likeness and likeness.green_red,
        "blue_yellow": likeness and likeness.blue_yellow,
    }


def _facts_in(row: ImageMeasures) -> FileFacts | None:
    if row.width is None or row.height is None:
        return None
    return FileFacts(
        byte_size=row.byte_size,
        width=row.width,
        height=row.height,
        file_format=row.file_format,
        colours=row.colours,
        frames=row.frames,
        source=row.source,
    )


def _fidelity_in(row: ImageMeasures) -> Fidelity | None:
    if row.fidelity is None or row.shape is None or row.colour is None:
        return None
    return Fidelity(score=row.fidelity, shape=row.shape, colour=row.colour)
