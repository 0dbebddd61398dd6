"""The reading phase of a retry: the rows that are left are copied from the parent's spool."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, BinaryIO, cast

from django.core.files import File
from django.core.files.storage import default_storage

from bulk_uploads.corrections.line import is_renumbered, root_id_of, root_rows, write_origins
from bulk_uploads.engine.reading import Paced, ReadFile
from bulk_uploads.layouts import Layout
from bulk_uploads.models import BulkUpload, Outcome, Relation, RowCorrection, RowResult
from bulk_uploads.spool import SpoolDamaged

_ROWS = 1_000
_LAID_OUT = ("file_header", "column_sources", "layout")
#: What an ended upload found out about other things than its file.
_OF_THE_RUN = frozenset({"rows_per_second"})


def copies_spool(upload: BulkUpload) -> bool:
    """Whether the upload retries one whose file was read to its end: then nothing is parsed."""
    parent = upload.parent
    return bool(upload.relation == Relation.RETRY and parent is not None and parent.spool_path)


def copy_rows_left(
    *,
    upload: BulkUpload,
    spool_path: str,
    layout_of: Callable[[Sequence[str], Mapping[str, Any]], Layout | None],
    heartbeat: Callable[[int], None],
) -> ReadFile:
    """As `read_into_spool`; rows keep the numbers they have in the parent, line for line.

    What a layout made of the file stays, so that none is asked for.
    """
    parent = cast(BulkUpload, upload.parent)
    paced, rows, size = Paced(heartbeat), 0, 0
    left = _RowsLeft(parent, upload)
    with (
        default_storage.open(parent.spool_path, "rb") as spool,
        tempfile.TemporaryFile() as scratch,
    ):
        source = cast(BinaryIO, spool.file)
        size += scratch.write(source.readline())
        while lines := list(islice(source, _ROWS)):
            kept = left.of(lines)
            size += scratch.write(b"".join(kept))
            rows += len(kept)
            paced.after_rows(rows)
        scratch.seek(0)
        path = default_storage.save(spool_path, File(scratch))
    found = (parent.extradata or {}).items()
    return ReadFile(
        header=list(parent.header or ()),
        header_row=parent.header_row,
        rows=rows,
        blank_rows=0,
        spool_path=path,
        spool_bytes=size,
        extradata={name: value for name, value in found if name not in _OF_THE_RUN},
        adopted={name: getattr(parent, name) for name in _LAID_OUT},
    )


class _RowsLeft:
    """Finds, some lines at a time, those whose row nobody has taken yet."""

    def __init__(self, parent: BulkUpload, upload: BulkUpload) -> None:
        self._parent = parent
        self._upload = upload
        self._is_renumbered = is_renumbered(parent)

    def of(self, lines: Sequence[bytes]) -> list[bytes]:
        numbered = {_number(line): line for line in lines}
        roots = root_rows(self._parent.pk, numbered)
        taken = set(self._taken(min(numbered), max(numbered)))
        settled = self._settled(roots)
        left = [row for row in numbered if row not in taken and roots[row] not in settled]
        if self._is_renumbered:
            origins = [(row, roots[row]) for row in left]
            write_origins(upload_id=self._upload.pk, origins=origins)
        return [numbered[row] for row in left]

    def _taken(self, first: int, last: int) -> Iterator[int]:
        rows = RowResult.objects.filter(
            upload=self._parent, is_dry=False, row__gte=first, row__lte=last
        )
        return rows.exclude(outcome=Outcome.FAILED).values_list("row", flat=True).iterator()

    def _settled(self, roots: dict[int, int]) -> set[int]:
        root_id = root_id_of(self._parent)
        settled = RowCorrection.objects.filter(upload_id=root_id, row__in=roots.values())
        return set(settled.values_list("row", flat=True))


def _number(line: bytes) -> int:
    if not line.endswith(b"]\n"):
        raise SpoolDamaged(f"The spool ends inside the row {line[:20]!r}.")
    return int(line[1 : line.index(b",")])
