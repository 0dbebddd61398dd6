"""The product itself: one upload from its file to its end, by the engine, in this process."""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import ParamSpec, TypeVar

from django.core.files import File
from django.urls import reverse

from benchmarks.account import bench_account
from benchmarks.outcome import Outcome
from bulk_uploads.engine import run
from bulk_uploads.engine.pace import Pace
from bulk_uploads.engine.reading import read_into_spool
from bulk_uploads.models import BulkUpload, Status
from bulk_uploads.services import create_upload
from bulk_uploads.tasks import run_slice

_Parameters = ParamSpec("_Parameters")
_Returned = TypeVar("_Returned")


def measure(*, file: str) -> Outcome:
    """`reading` is from the stored file to the spool, `applying` all the rest of the upload.

    `resting` is the part of `applying` that was left to other writers.
    """
    # A worker's process serves many uploads: the addresses it loads for the first are not measured.
    reverse("admin:index")
    upload = _stored(Path(file))
    seconds = {"reading": 0.0, "resting": 0.0}
    setattr(run, "read_into_spool", _timed(seconds, "reading", read_into_spool))  # noqa: B010
    setattr(Pace, "rest", _timed(seconds, "resting", Pace.rest))  # noqa: B010
    started = perf_counter()
    while run_slice(upload.pk):
        pass
    seconds["total"] = perf_counter() - started
    seconds["applying"] = seconds["total"] - seconds["reading"]
    return Outcome(seconds=seconds, facts=_counts(upload))


def _stored(path: Path) -> BulkUpload:
    with path.open("rb") as file:
        return create_upload(
            account=bench_account(),
            content=File(file),
            name=path.name,
            content_type="text/csv",
            processor_name="catalog_csv_upload_processor",
            options=None,
        )


def _timed(
    seconds: dict[str, float], phase: str, function: Callable[_Parameters, _Returned]
) -> Callable[_Parameters, _Returned]:
    def clocked(*args: _Parameters.args, **kwargs: _Parameters.kwargs) -> _Returned:
        started = perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            seconds[phase] += perf_counter() - started

    return clocked


def _counts(upload: BulkUpload) -> dict[str, int]:
    """Rows by outcome. A run that did not take every row has measured nothing."""
    upload.refresh_from_db()
    if upload.status != Status.SUCCESS or upload.failed_rows:
        raise RuntimeError(f"The upload ended as {upload.status}: {upload.output}")
    return {
        "created": upload.created_rows,
        "updated": upload.updated_rows,
        "unchanged": upload.unchanged_rows,
    }
