"""Characters no catalog value may hold: the defect of their row, never of the file."""

import pytest

from bulk_uploads.readers import DefectCode, ReadLimits, UnreadableCode, UnreadableFile

from .reading import opened, rows_of


def test_a_nul_byte_is_a_defect_that_names_its_column():
    bad, fine = rows_of(b"SKU,N\nA\x00B,x\n2,b\n")
    assert bad.cells == ["A\ufffdB", "x"]
    (defect,) = bad.defects
    assert (defect.code, defect.column, defect.value) == (DefectCode.NUL_BYTE, 1, "A␀B")
    assert "at character 2" in defect.message
    assert fine.defects == []


@pytest.mark.parametrize("char", ["\x01", "\x0b", "\x0c", "\x1b", "\x1c", "\x1e", "\x7f", "\x85"])
def test_a_control_character_is_a_defect_and_ends_no_row(char):
    bad, fine = rows_of(f"SKU,N\n1,a{char}b\n2,é\n".encode())
    assert bad.cells == ["1", f"a{char}b"]
    (defect,) = bad.defects
    assert (defect.code, defect.column) == (DefectCode.CONTROL_CHARACTER, 2)
    assert f"U+{ord(char):04X} at character 2" in defect.message
    assert fine.defects == []


def test_a_defect_shows_control_characters_as_signs():
    (row,) = rows_of(b"SKU,N\n1,a\x1bb\x7f\n")
    assert row.defects[0].value == "a␛b␡"


def test_each_kind_is_one_defect_of_its_cell():
    (row,) = rows_of(b"SKU,N\n\x00\x00\x01,\x02\x03\n")
    assert [(d.code, d.column) for d in row.defects] == [
        (DefectCode.NUL_BYTE, 1),
        (DefectCode.CONTROL_CHARACTER, 1),
        (DefectCode.CONTROL_CHARACTER, 2),
    ]


def test_a_ragged_row_also_names_its_bad_characters():
    (row,) = rows_of(b"SKU,N\n\x01\n")
    assert [d.code for d in row.defects] == [DefectCode.RAGGED_ROW, DefectCode.CONTROL_CHARACTER]


def test_a_cell_over_the_limit_is_a_defect_and_cut():
    limits = ReadLimits(max_rows=10, max_columns=10, max_cell_chars=5)
    bad, fine = rows_of(b"SKU,N\n1,abcdef\n2,abcde\n", limits=limits)
    assert bad.cells == ["1", "abcde"]
    (defect,) = bad.defects
    assert (defect.code, defect.column) == (DefectCode.CELL_TOO_LONG, 2)
    assert defect.message == "The cell has 6 characters; at most 5 are allowed."
    assert (fine.cells, fine.defects) == (["2", "abcde"], [])


def test_the_value_of_a_long_cell_is_shortened():
    (row,) = rows_of(b"SKU,N\n1," + b"x" * 300 + b"\x00\n")
    assert row.defects[0].value == "x" * 199 + "…"


def test_a_bad_character_in_the_header_makes_the_file_unreadable():
    with pytest.raises(UnreadableFile, match=r"header \(row 1, column 2\)") as refused:
        opened(b"SKU,Na\x00me\n1,a\n")
    assert refused.value.code == UnreadableCode.BAD_HEADER
