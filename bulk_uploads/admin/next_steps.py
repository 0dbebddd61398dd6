"""What can be done about the rows that an upload left, and what has been done already."""

from dataclasses import dataclass

from bulk_uploads.admin.mapping_pages import columns_url
from bulk_uploads.corrections.retries import can_retry
from bulk_uploads.corrections.settled import Settling, count_rows_left, settlings
from bulk_uploads.models import BulkUpload, Relation
from bulk_uploads.refused_headers import can_be_mapped


@dataclass(frozen=True, slots=True)
class NextSteps:
    """Counts are of rows. `open_failed` are those that no later upload has taken.

    `columns_url` is where the file's columns are mapped, if its header was refused; else "".
    """

    failed: int
    open_failed: int
    not_applied: int
    settled_by: list[Settling]
    rows_left: int
    can_retry: bool
    can_fix: bool
    columns_url: str

    @property
    def corrected(self) -> int:
        return self.failed - self.open_failed


def next_steps(upload: BulkUpload) -> NextSteps | None:
    """None where nothing was left: most uploads cost no query here."""
    if not upload.has_ended or not (upload.failed_rows or upload.not_applied_rows):
        return None
    settled_by = settlings(upload) if upload.failed_rows else []
    open_failed = upload.failed_rows - sum(settling.rows for settling in settled_by)
    retries = can_retry(upload)
    return NextSteps(
        failed=upload.failed_rows,
        open_failed=open_failed,
        not_applied=upload.not_applied_rows,
        settled_by=settled_by,
        rows_left=count_rows_left(upload) if retries else 0,
        can_retry=retries,
        can_fix=bool(open_failed) and not upload.is_dry_run,
        columns_url=_columns_url(upload) if can_be_mapped(upload) else "",
    )


def _columns_url(upload: BulkUpload) -> str:
    # A mapping that was refused is no start for the next; saved ones are remembered there.
    options = {name: value for name, value in upload.options.items() if name != "mapping"}
    return columns_url(upload.file, processor_name=upload.processor_name, options=options)


_CHILDREN = {
    Relation.RUN: "Imported as",
    Relation.CORRECTION: "Corrected by",
    Relation.RETRY: "Retried as",
    Relation.FIX: "Fixed by",
}
_MOST_CHILDREN = 20


@dataclass(frozen=True, slots=True)
class Child:
    how: str
    upload: BulkUpload


def children_of(upload: BulkUpload) -> list[Child]:
    """The newest first."""
    children = upload.children.order_by("-id")[:_MOST_CHILDREN]
    return [Child(_CHILDREN[Relation(child.relation)], child) for child in children]


_PARENTS = {
    Relation.RUN: "Import of",
    Relation.CORRECTION: "Correction of",
    Relation.RETRY: "Retry of",
    Relation.FIX: "Fix of rows of",
}


def how_it_came(upload: BulkUpload) -> str:
    """What the upload is to its parent; "" without one."""
    return _PARENTS[Relation(upload.relation)] if upload.relation else ""
