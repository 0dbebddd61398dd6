"""A line of uploads: a first one, and those that go on with its rows."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import attrgetter

from django.db import transaction
from django.db.models import Q

from bulk_sql import tables
from bulk_uploads.corrections.layout import NO_ROW
from bulk_uploads.models import BulkUpload, Outcome, RowOrigin, Status
from bulk_uploads.processors import BatchResult, RowElsewhere
from bulk_uploads.spool import SpoolRow


def root_id_of(upload: BulkUpload) -> int:
    """The first of the upload's line: often itself."""
    return upload.root_id or upload.pk


def others_in_line(upload: BulkUpload) -> list[int]:
    """The uploads before this one whose rows stand; none for an upload that begins a line.

    Neither dry runs nor what was taken back. One query, for the line of a child.
    """
    if upload.root_id is None:
        return []
    line = BulkUpload.objects.filter(
        Q(pk=upload.root_id) | Q(root_id=upload.root_id), is_dry_run=False
    )
    others = line.exclude(pk=upload.pk).exclude(undo__status=Status.SUCCESS)
    return list(others.order_by("pk").values_list("pk", flat=True))


def root_rows(upload_id: int, numbers: Collection[int]) -> dict[int, int]:
    """By row number, the row of the first upload that it stands for; NO_ROW for one that is new."""
    ways = tables()
    found = ways.select(
        "SELECT row, root_row FROM bulk_uploads_roworigin "  # noqa: S608 - our own names
        f"WHERE upload_id = %s AND row {ways.in_list}",
        [upload_id, ways.among(numbers)],
    )
    return {number: number for number in numbers} | dict(found)


def write_origins(*, upload_id: int, origins: Iterable[tuple[int, int]]) -> None:
    """Rows of an upload, each with the row of the first one. Those noted already stay."""
    # A transaction of its own, because reading has none: the rows go by way of a staging table.
    with transaction.atomic():
        tables().insert_missing(
            "bulk_uploads_roworigin",
            ("upload_id", "row", "root_row"),
            [(upload_id, row, root_row) for row, root_row in origins],
        )


def is_renumbered(upload: BulkUpload) -> bool:
    """Whether the upload's rows have other numbers than those of the first upload."""
    return upload.root_id is not None and RowOrigin.objects.filter(upload=upload).exists()


class LineOfUpload:
    """What the batches of a child upload ask of its line, as `processors.LineRows`."""

    def __init__(self, upload: BulkUpload) -> None:
        self._upload_id = upload.pk
        self._root_id = root_id_of(upload)
        self._others = others_in_line(upload)
        self._root_rows: Mapping[int, int] = {}

    def begin_batch(self, rows: Sequence[SpoolRow]) -> None:
        self._root_rows = root_rows(self._upload_id, [row.number for row in rows])

    def root_row(self, number: int) -> int | None:
        return self._root_rows[number] or None

    def holding(self, keys: Collection[str]) -> Mapping[str, RowElsewhere]:
        if not keys or not self._others:
            return {}
        ways = tables()
        found = ways.select(
            "SELECT r.key, r.upload_id, r.row, COALESCE(o.root_row, r.row) "  # noqa: S608 - our own names
            "FROM bulk_uploads_rowresult r LEFT JOIN bulk_uploads_roworigin o "
            "ON o.upload_id = r.upload_id AND o.row = r.row "
            f"WHERE r.upload_id {ways.in_list} AND r.is_dry = %s AND r.key {ways.in_list} "
            "AND r.outcome <> %s ORDER BY r.upload_id DESC",
            [ways.among(self._others), False, ways.among(keys), Outcome.FAILED.value],
        )
        return {key: RowElsewhere(*place) for key, *place in found}

    def taken_before(self, numbers: Collection[int]) -> Mapping[int, RowElsewhere]:
        roots = {at: root for at in numbers if (root := self._root_rows[at]) != NO_ROW}
        if not roots:
            return {}
        ways = tables()
        found = ways.select(
            "SELECT row, corrected_by_id, corrected_row FROM bulk_uploads_rowcorrection "  # noqa: S608 - our own names
            f"WHERE upload_id = %s AND row {ways.in_list} AND corrected_by_id <> %s",
            [self._root_id, ways.among(roots.values()), self._upload_id],
        )
        takers = {row: RowElsewhere(by, at, row) for row, by, at in found}
        if self._root_id in self._others:
            for row in self._accepted_at_first(roots.values()):
                takers[row] = RowElsewhere(self._root_id, row, row)
        return {at: takers[root] for at, root in roots.items() if root in takers}

    def settle(self, result: BatchResult) -> None:
        """Note which rows of the first upload are settled by what this batch has taken."""
        taken = {
            root_row: outcome.row
            for outcome in sorted(result.outcomes, key=attrgetter("row"), reverse=True)
            if outcome.outcome is not Outcome.FAILED
            and (root_row := self._root_rows.get(outcome.row, NO_ROW))
        }
        if not taken:
            return
        for accepted in self._accepted_at_first(taken):
            del taken[accepted]
        tables().insert_missing(
            "bulk_uploads_rowcorrection",
            ("upload_id", "row", "corrected_by_id", "corrected_row"),
            [(self._root_id, row, self._upload_id, number) for row, number in taken.items()],
        )

    def _accepted_at_first(self, rows: Collection[int]) -> list[int]:
        """Those that the first upload took itself: there was nothing to settle."""
        ways = tables()
        found = ways.select(
            "SELECT row FROM bulk_uploads_rowresult "  # noqa: S608 - our own names
            f"WHERE upload_id = %s AND is_dry = %s AND row {ways.in_list} AND outcome <> %s",
            [self._root_id, False, ways.among(rows), Outcome.FAILED.value],
        )
        return [row for (row,) in found]
