"""The workbook and the JSON array of the benchmarks hold the table of the CSV file."""

import json

from benchmarks.generate_catalog import write_catalog
from benchmarks.reader_files import write_json, write_workbook
from bulk_uploads.engine.reading import read_limits
from bulk_uploads.readers import open_reader


def test_all_three_files_are_one_table(tmp_path):
    csv_file, xlsx, json_file = (tmp_path / f"table.{ending}" for ending in ("csv", "xlsx", "json"))
    write_catalog(csv_file, 40)
    write_workbook(csv_file, xlsx)
    write_json(csv_file, json_file)

    tables = []
    for file in (csv_file, xlsx, json_file):
        with file.open("rb") as stream:
            opened = open_reader(stream, name=file.name, limits=read_limits())
            tables.append([opened.header.cells, *(row.cells for row in opened)])

    as_csv, as_xlsx, as_json = tables
    assert len(as_csv) == 41
    assert as_json == as_csv
    assert [_numbers(row) for row in as_xlsx] == [_numbers(row) for row in as_csv]
    assert len(json.loads(json_file.read_text(encoding="utf-8"))) == 40


def _numbers(row: list[str]) -> list[str]:
    """A workbook writes 5830.00 as 5830."""
    return [
        cell.rstrip("0").rstrip(".") if "." in cell and cell.replace(".", "").isdigit() else cell
        for cell in row
    ]
