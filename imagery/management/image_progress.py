"""How far an upload's images are, shown on standard error: a bar on a terminal, else lines."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from tqdm import tqdm

from bulk_uploads.management.progress_bar import percent_bar
from imagery.batches.seeing_through import Standing

#: Parts of the whole between two lines where nobody watches a bar.
_STEPS = 10


class ImageDisplay(Protocol):
    def show(self, standing: Standing) -> None:
        """Call it now and then."""


class _Bar:
    def __init__(self, bar: "tqdm[None]") -> None:
        self._bar = bar

    def show(self, standing: Standing) -> None:
        self._bar.set_description_str(_in_words(standing), refresh=False)
        self._bar.update(100 * standing.ended // max(1, standing.total) - self._bar.n)


class _Lines:
    def __init__(self, target: TextIO) -> None:
        self._target = target
        self._shown: tuple[int, str] | None = None

    def show(self, standing: Standing) -> None:
        step = (_STEPS * standing.ended // max(1, standing.total), standing.waits_for)
        if step != self._shown:
            self._shown = step
            self._target.write(f"{_in_words(standing)}\n")
            self._target.flush()


@contextmanager
def image_display(target: TextIO) -> Iterator[ImageDisplay]:
    if not target.isatty():
        yield _Lines(target)
        return
    with percent_bar(target) as bar:
        yield _Bar(bar)


def _in_words(standing: Standing) -> str:
    text = f"Images: {standing.ended:,} of {standing.total:,} SKUs"
    if standing.failed:
        text += f", {standing.failed:,} failed"
    return f"{text}. {standing.waits_for}" if standing.waits_for else text
