"""Files that carry our export marker are read as the table that was exported."""

import csv
import io

import pytest

from bulk_uploads.readers import DefectCode

from .reading import opened, rows_of
from .workbooks import workbook

MARKED = [
    ["SKU", "Export Marker v1", "Display Name"],
    ["'=1", ".", "''quoted"],
    ["a", "", "'s-Hertogenbosch"],
]


def as_csv(rows):
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


@pytest.mark.parametrize("write", [as_csv, lambda rows: workbook(*rows)], ids=["csv", "xlsx"])
def test_one_quote_and_the_marker_are_taken_away(write):
    file = opened(write(MARKED))

    assert file.header.cells == ["SKU", "Display Name"]
    assert [row.cells for row in file] == [["=1", "'quoted"], ["a", "'s-Hertogenbosch"]]


def test_without_the_marker_every_quote_stays():
    file = opened(as_csv([["SKU", "Name"], ["'=1", "''x"]]))

    assert [row.cells for row in file] == [["'=1", "''x"]]


def test_a_row_of_nothing_but_its_mark_is_blank():
    file = opened(as_csv([["SKU", "Name", "Export Marker v1"], ["", " ", "."], ["a", "b", "."]]))

    assert [(row.number, row.cells) for row in file] == [(3, ["a", "b"])]
    assert file.blank_rows == 1


def test_defects_name_the_columns_that_are_left():
    rows = rows_of(as_csv([["Export Marker v1", "SKU", "Name"], [".\x01", "a", "b\x01"]]))

    assert [(defect.code, defect.column) for defect in rows[0].defects] == [
        (DefectCode.CONTROL_CHARACTER, None),
        (DefectCode.CONTROL_CHARACTER, 2),
    ]
