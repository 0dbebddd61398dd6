"""The stock picture in the sizes of renditions: the same for every SKU, drawn once a process."""

import io
from dataclasses import replace
from functools import cache
from threading import Lock

from imagery.marking import DigitalSource, marked
from imagery.renditions.cascade import Rendered, render
from imagery.renditions.presets import Format, Preset

_drawing = Lock()


def stock_picture(preset: Preset, format: Format) -> Rendered:
    """The file. Of many who ask at once, one draws."""
    with _drawing:
        return _rendered(preset, format)


@cache
def _rendered(preset: Preset, format: Format) -> Rendered:
    (rendered,) = render(_drawn(), [replace(preset, formats=(format,))])
    return rendered


@cache
def _drawn() -> bytes:
    # Only who shows it needs what draws it.
    from imagery.studio.placeholders import placeholder

    file = io.BytesIO()
    placeholder(sku="", title="").save(file, "PNG", compress_level=1)
    return marked(file.getvalue(), DigitalSource.ALGORITHMIC_MEDIA)
