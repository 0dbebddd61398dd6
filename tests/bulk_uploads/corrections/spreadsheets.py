"""What a person does with a correction file: open it, change cells, save it, send it again."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import openpyxl
from django.core.files.base import ContentFile

from accounts.models import Account
from bulk_uploads import services
from bulk_uploads.corrections.correction_file import correction_file
from bulk_uploads.models import BulkUpload
from tests.imports import CATALOG, run_to_end

#: What is done to each data row: its cells by the name of their column.
Correct = Callable[[dict[str, str]], None]


def downloaded(upload: BulkUpload) -> bytes:
    upload = BulkUpload.objects.with_file().get(pk=upload.pk)
    made = correction_file(upload)
    with made.content as content:
        return content.read()


def csv_table(content: bytes, *, encoding: str = "utf-8-sig", delimiter: str = ",") -> list[Any]:
    return list(csv.reader(io.StringIO(content.decode(encoding), newline=""), delimiter=delimiter))


def corrected_csv(content: bytes, correct: Correct, *, delimiter: str = ",") -> bytes:
    """The file opened, corrected row by row, and saved with this delimiter."""
    header, *rows = csv_table(content)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(header)
    for row in rows:
        cells = dict(zip(header, row, strict=True))
        correct(cells)
        writer.writerow([cells[name] for name in header])
    return text.getvalue().encode()


def corrected_workbook(content: bytes, correct: Correct) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.active
    header = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        cells = {
            name: "" if c.value is None else c.value for name, c in zip(header, row, strict=True)
        }
        correct(cells)
        for name, cell in zip(header, row, strict=True):
            cell.value = cells[name]
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def workbook_of(sheets: Mapping[str, Iterable[Sequence[str]]]) -> bytes:
    """A workbook with these sheets, in their order."""
    book = openpyxl.Workbook()
    del book[book.sheetnames[0]]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def sent_again(
    account: Account,
    content: bytes,
    *,
    batch_rows: int | None = None,
    processor_name: str = CATALOG,
    **options: Any,
) -> BulkUpload:
    """Uploaded as any file is, and run to its end."""
    upload = services.create_upload(
        account=account,
        content=ContentFile(content),
        name="corrections.csv",
        content_type="text/csv",
        processor_name=processor_name,
        options=options or None,
    )
    return run_to_end(upload, batch_rows=batch_rows)
