"""What the dry run of a stock file, or of a courier's list, tells of what would change."""

import pytest

from bulk_uploads.previews import notes_of
from tests.catalog.stock.stocking import stock_rows
from tests.delivery.courier_lists import SHORT, pincode_rows, short

HEADER = ["SKU", "Location", "Quantity"]


@pytest.mark.parametrize("batch_rows", [1, 2000])
def test_a_stock_files_preview_shows_quantities_and_new_locations(account, batch_rows):
    stock_rows(account, HEADER, [["FAN-1", "Delhi", "1"], ["FAN-2", "Delhi", "2"]])

    notes = notes_of(
        stock_rows(
            account,
            HEADER,
            [["FAN-1", "Delhi", "5"], ["FAN-2", "Delhi", "2"], ["FAN-3", "Goa", "1"]],
            dry_run=True,
            batch_rows=batch_rows,
        )
    )

    assert {(changed.name, changed.noun): n for changed, n in notes.fields.items()} == {
        ("Quantity", "stock levels"): 1
    }
    assert [(change.row, change.key, change.fields) for change in notes.sample] == [
        (2, "FAN-1 @ delhi", (("Quantity at Delhi", "1", "5"),))
    ]
    assert notes.new_names == {"locations": ["Goa"]}


@pytest.mark.parametrize("batch_rows", [1, 2000])
def test_a_pincode_files_preview_shows_what_changes_of_each(account, batch_rows):
    pincode_rows(account, SHORT, [short("411001"), short("411002")])

    notes = notes_of(
        pincode_rows(
            account,
            SHORT,
            [short("411001", cod="N"), short("411002"), short("411003")],
            dry_run=True,
            batch_rows=batch_rows,
        )
    )

    assert {(changed.name, changed.noun): n for changed, n in notes.fields.items()} == {
        ("Cash on delivery", "pincodes"): 1
    }
    assert [(change.row, change.key, change.fields) for change in notes.sample] == [
        (2, "411001 surface", (("Cash on delivery", "yes", "no"),))
    ]
