"""The correction file of an upload: the rows that failed, for the uploader to correct and send."""

import re
import tempfile
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, BinaryIO, cast

from django.core.files.storage import default_storage

from bulk_uploads.corrections.failed_rows import failed_rows
from bulk_uploads.corrections.layout import errors_header
from bulk_uploads.corrections.settled import open_failed_rows
from bulk_uploads.corrections.token import token_header
from bulk_uploads.corrections.writing.delimited import DelimitedWriter, line_end_of
from bulk_uploads.corrections.writing.json_file import JsonWriter, holds_array
from bulk_uploads.corrections.writing.table import CorrectionTable, TableWriter
from bulk_uploads.errors import NotEnded, NothingToCorrect
from bulk_uploads.models import BulkUpload

#: A millisecond a row, while somebody waits for the answer. A larger one is CSV.
MOST_ROWS_OF_WORKBOOK = 20_000
_IN_MEMORY = 4 * 1024 * 1024
_UNSAFE = re.compile(r'[\x00-\x1f\x7f"\\/:*?<>|]+')
_LONGEST_STEM = 150


@dataclass(frozen=True, slots=True)
class CorrectionFile:
    """`content` stands at its start, and is gone once closed."""

    content: IO[bytes]
    name: str
    content_type: str


def correction_file(upload: BulkUpload) -> CorrectionFile:
    """Needs `upload.file` and `upload.account`.

    Raises NotEnded, or NothingToCorrect where no row failed or all are settled by now.
    """
    ensure_correctable(upload)
    writer = _writer(upload)
    header = upload.own_header
    table = CorrectionTable(
        header=header,
        errors_header=errors_header(header),
        number_header=token_header(upload),
        rows=failed_rows(upload),
    )
    content = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller closes
    try:
        writer.write(table, cast(BinaryIO, content))
        content.seek(0)
    except BaseException:
        content.close()
        raise
    return CorrectionFile(cast(IO[bytes], content), _name(upload, writer), writer.content_type)


def ensure_correctable(upload: BulkUpload) -> None:
    """Raises NotEnded or NothingToCorrect."""
    if not upload.has_ended:
        raise NotEnded
    if not upload.failed_rows or not open_failed_rows(upload, most=1):
        raise NothingToCorrect


def _writer(upload: BulkUpload) -> TableWriter:
    found = upload.extradata or {}
    if found.get("format") == "xlsx":
        if upload.failed_rows > MOST_ROWS_OF_WORKBOOK:
            return DelimitedWriter()
        # It brings a third of a worker's memory with it, which most workers never need.
        from bulk_uploads.corrections.writing.workbook import WorkbookWriter

        return WorkbookWriter(sheet=found.get("sheet", ""))
    with default_storage.open(upload.file.storage_path, "rb") as stored:
        stream = cast(BinaryIO, stored.file)
        if found.get("format") == "json":
            return JsonWriter(is_array=holds_array(stream))
        return DelimitedWriter(
            encoding=found.get("encoding", "utf-8"),
            delimiter=found.get("delimiter", ","),
            line_end=line_end_of(stream),
        )


def _name(upload: BulkUpload, writer: TableWriter) -> str:
    """File names are other people's text: nothing of them leads anywhere."""
    stem = _UNSAFE.sub(" ", PurePath(upload.file.name).stem).strip(". ")[:_LONGEST_STEM]
    return f"{stem or 'upload'} - corrections{writer.ending}"
