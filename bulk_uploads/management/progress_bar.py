"""How far an upload is, shown on standard error: a bar on a terminal, else a line now and then."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from tqdm import tqdm

from bulk_uploads.models import BulkUpload, Status
from bulk_uploads.progress import Progress, describe

#: Percentage points between two lines where nobody watches a bar.
_STEP = 10
_BAR = "{desc}: {percentage:3.0f}%|{bar}| {postfix}"


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
        self._bar.set_description_str(progress.phase, refresh=False)
        self._bar.set_postfix_str(_numbers(progress), refresh=False)
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
            self.say(f"{progress.phase}: {progress.percent or 0}% {_numbers(progress)}".rstrip())

    def say(self, line: str) -> None:
        self._target.write(f"{line}\n")
        self._target.flush()


@contextmanager
def progress_display(target: TextIO) -> Iterator[ProgressDisplay]:
    if not target.isatty():
        yield Lines(target)
        return
    with tqdm(total=100, file=target, bar_format=_BAR, mininterval=0.2, miniters=0) as bar:
        yield Bar(bar, target)


def _numbers(progress: Progress) -> str:
    if not progress.total_rows:
        return ""
    text = f"{progress.done_rows:,} of {progress.total_rows:,} rows"
    if progress.rows_per_second:
        text += f", {progress.rows_per_second:,.0f} rows/s"
    if progress.seconds_left:
        text += f", {progress.seconds_left} s left"
    return text
