"""Written CSV: what Excel takes for what it is, and nothing it would run."""

from bulk_uploads.file_template import CellKind
from bulk_uploads.writers import TableColumn, delimited_chunks, marked

COLUMNS = [
    TableColumn("SKU"),
    TableColumn("Price", CellKind.NUMBER),
    TableColumn("Active", CellKind.TRUTH),
    TableColumn("Tags"),
]


def test_texts_are_harmless_and_other_cells_plain():
    rows = [["=1", "-5.0", True, ["a", "b"]], ['ä\n"x"', None, False, ["@x"]], ["'", "", None, []]]

    content = b"".join(delimited_chunks(COLUMNS, [rows[:1], rows[1:]]))

    assert content.decode() == (
        "\ufeffSKU,Price,Active,Tags\r\n"
        "'=1,-5.0,TRUE,a#;b\r\n"
        '"ä\n""x""",,FALSE,\'@x\r\n'
        "'',,,\r\n"
    )


def test_each_batch_is_a_piece_of_its_own():
    pieces = delimited_chunks(COLUMNS[:1], ([[str(n)]] for n in range(2)))

    assert list(pieces) == [b"\xef\xbb\xbfSKU\r\n", b"0\r\n", b"1\r\n"]


def test_the_marker_ends_every_row():
    content = b"".join(delimited_chunks(*marked(COLUMNS[:1], [[["a"], ["b"]]])))

    assert content.decode("utf-8-sig") == "SKU,Export Marker v1\r\na,.\r\nb,.\r\n"
