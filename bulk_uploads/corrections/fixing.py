"""Fixing cells of failed rows: a child upload of just these rows, with their new cells.

Its file is a correction file that nobody had to download, so that it can be read, retried,
corrected and looked at like any other.
"""

import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath

from django.core.files.base import ContentFile

from accounts.models import ApiToken, User
from bulk_uploads.corrections.correction_file import ensure_correctable
from bulk_uploads.corrections.failed_rows import FailedRow, failed_rows
from bulk_uploads.corrections.layout import errors_header
from bulk_uploads.corrections.line import root_id_of
from bulk_uploads.corrections.settled import open_failed_rows
from bulk_uploads.corrections.token import token_header
from bulk_uploads.corrections.writing.delimited import DelimitedWriter
from bulk_uploads.corrections.writing.table import CorrectionTable
from bulk_uploads.errors import NotFixable, NothingToFix
from bulk_uploads.file_keeping import stored_file
from bulk_uploads.models import BulkUpload, Relation
from bulk_uploads.options import options_for_part
from bulk_uploads.services import draft_upload

#: New cells of a row, by their place from 0.
Cells = Mapping[int, str]


def ensure_fixable(upload: BulkUpload) -> None:
    """Raises NotEnded, NothingToCorrect, or NotFixable for a dry run."""
    if upload.is_dry_run:
        raise NotFixable
    ensure_correctable(upload)


def fix_rows(
    *,
    upload: BulkUpload,
    changes: Mapping[int, Cells],
    created_by: User | None = None,
    token: ApiToken | None = None,
) -> BulkUpload:
    """The child upload of the rows in which something changes; `changes` are by row number.

    Rows that are not failed, or settled by now, are left out. Raises NothingToFix where no row is
    left or none differs, FileTooLarge, and what `ensure_fixable` raises.
    """
    ensure_fixable(upload)
    fixed = _fixed(upload, changes)
    if not fixed:
        raise NothingToFix

    with stored_file(
        account=upload.account,
        content=ContentFile(_file(upload, fixed)),
        name=f"{PurePath(upload.file.name).stem} - fixed rows.csv",
        content_type="text/csv",
        created_by=created_by,
    ) as stored:
        # The options were checked where the first of the line was given.
        return draft_upload(
            account=upload.account,
            file=stored,
            processor_name=upload.processor_name,
            options=options_for_part(upload.options),
            created_by=created_by,
            token=token,
            parent=upload,
            relation=Relation.FIX,
            root_id=root_id_of(upload),
            saved_mapping=upload.saved_mapping,
        )


def _fixed(upload: BulkUpload, changes: Mapping[int, Cells]) -> list[FailedRow]:
    """The rows with their new cells, and those they lean on; none where nothing differs."""
    if not changes:
        return []
    numbers = open_failed_rows(upload, among=changes, most=len(changes))
    rows = {row.number: row for row in failed_rows(upload, numbers=numbers)}
    changed = {
        number: row
        for number in numbers
        if (row := _changed(rows[number], changes[number])) is not None
    }
    if not changed:
        return []
    leant_on = failed_rows(upload, numbers=sorted(changed))
    return [changed.get(row.number, row) for row in leant_on]


def _changed(row: FailedRow, cells: Cells) -> FailedRow | None:
    new = [cells.get(at, cell) for at, cell in enumerate(row.cells)]
    if new == row.cells:
        return None
    left = {at for at in row.to_change if at is not None and new[at] == row.cells[at]}
    return replace(row, cells=new, to_change=frozenset(left))


def _file(upload: BulkUpload, rows: list[FailedRow]) -> bytes:
    header = upload.own_header
    table = CorrectionTable(header, errors_header(header), token_header(upload), iter(rows))
    content = io.BytesIO()
    DelimitedWriter(names_delimiter=True).write(table, content)
    return content.getvalue()
