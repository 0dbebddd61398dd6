"""How far an upload is, shown on standard error: a bar on a terminal, else a line now and then."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from tqdm import tqdm

from bulk_uploads.models import BulkUpload, Status
from bulk_uploads.progress import Progress, describe

#: Percentage points between two lines where nobody watches a bar.
_STEP = 10
_USUAL_COLUMNS, _USUAL_LINES = 80, 24
_BAR = "{percentage:3.0f}%|{bar}| {desc}"


class ProgressDisplay(Protocol):
    def show(self, upload: BulkUpload) -> None:
        """Call it after each step of the upload, however small."""

    def say(self, line: str) -> None:
        """A sentence that stays, whatever the display does afterwards."""


class Bar:
    def __init__(self, bar: "tqdm[None]", target: TextIO) -> None:
        self._bar = bar
        self._target = target

    def show(self, upload: BulkUpload) -> None:
        progress = describe(upload)
        self._bar.set_description_str(_in_words(progress), refresh=False)
        self._bar.update((progress.percent or 0) - self._bar.n)

    def say(self, line: str) -> None:
        self._bar.write(line, file=self._target)


class Lines:
    """One line whenever the phase changes, and every ten per cent."""

    def __init__(self, target: TextIO) -> None:
        self._target = target
        self._shown: tuple[str, int] | None = None

    def show(self, upload: BulkUpload) -> None:
        progress = describe(upload)
        step = (progress.phase, (progress.percent or 0) // _STEP)
        if step != self._shown and upload.status != Status.DRAFT:
            self._shown = step
            self.say(f"{progress.percent or 0:3}% {_in_words(progress)}")

    def say(self, line: str) -> None:
        self._target.write(f"{line}\n")
        self._target.flush()


@contextmanager
def progress_display(target: TextIO) -> Iterator[ProgressDisplay]:
    if not target.isatty():
        yield Lines(target)
        return
    with percent_bar(target) as bar:
        yield Bar(bar, target)


@contextmanager
def percent_bar(target: TextIO) -> "Iterator[tqdm[None]]":
    """Of a hundred, with its description behind it; `target` is a terminal."""
    size = os.get_terminal_size(target.fileno())
    with tqdm(
        total=100,
        file=target,
        bar_format=_BAR,
        # Some terminals, of containers above all, do not know how large they are.
        ncols=size.columns or _USUAL_COLUMNS,
        nrows=size.lines or _USUAL_LINES,
        mininterval=0.2,
        miniters=0,
    ) as bar:
        yield bar


def _in_words(progress: Progress) -> str:
    if not progress.total_rows:
        return progress.phase
    text = f"{progress.phase}: {progress.done_rows:,} of {progress.total_rows:,} rows"
    if progress.rows_per_second:
        text += f", {progress.rows_per_second:,.0f} rows/s"
    if progress.seconds_left:
        text += f", {progress.seconds_left} s left"
    return text
