"""The same table as a workbook and as a JSON array, made from the CSV file of its size."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter

from catalog.file_format.columns import CANONICAL_HEADERS, Field

#: Columns whose cells a spreadsheet holds as numbers.
_NUMBERS = {
    CANONICAL_HEADERS[field]
    for field in (
        Field.PRICE,
        Field.LIST_PRICE,
        Field.LENGTH,
        Field.WIDTH,
        Field.HEIGHT,
        Field.WEIGHT,
    )
}


def write_workbook(source: Path, target: Path) -> None:
    """As Excel writes it: texts in a shared table, numbers as numbers."""
    # With the rows written one by one, texts would stand in their cells.
    book = xlsxwriter.Workbook(str(target), {"strings_to_numbers": False})
    sheet = book.add_worksheet("Catalog")
    header, *rows = _rows(source)
    numbers = {column for column, name in enumerate(header) if name in _NUMBERS}
    sheet.write_row(0, 0, header)
    for number, cells in enumerate(rows, start=1):
        for column, text in enumerate(cells):
            if text and column in numbers:
                sheet.write_number(number, column, float(text))
            elif text:
                sheet.write_string(number, column, text)
    book.close()


def write_json(source: Path, target: Path) -> None:
    """An array of objects, each with every column as its keys."""
    rows = _rows(source)
    header = next(rows)
    with target.open("w", encoding="utf-8") as file:
        for number, cells in enumerate(rows):
            file.write(",\n" if number else "[\n")
            json.dump(dict(zip(header, cells, strict=True)), file, ensure_ascii=False)
        file.write("\n]\n")


def _rows(source: Path) -> Iterator[list[str]]:
    with source.open(newline="", encoding="utf-8") as lines:
        yield from csv.reader(lines)
