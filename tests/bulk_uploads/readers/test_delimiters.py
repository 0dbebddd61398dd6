"""Delimiters: told from the header and the first rows, where `#;` is no delimiter."""

import pytest

from bulk_uploads.readers import ReadHints, UnreadableCode, UnreadableFile

from .reading import opened


def read(text, **options):
    source = opened(text.encode(), **options)
    return source.format.delimiter, source.header.cells, [row.cells for row in source]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_each_delimiter_is_found(delimiter):
    text = "SKU,Name,Price\nA1,Fan,10\n".replace(",", delimiter)
    assert read(text) == (delimiter, ["SKU", "Name", "Price"], [["A1", "Fan", "10"]])


def test_separators_inside_dynamic_headers_and_cells_are_no_delimiter():
    header = "SKU,Variant #; color,Property Set Table #; details #; rated speed(m³/min)"
    assert read(f"{header}\nA1,red #; blue,220#;240\n") == (
        ",",
        ["SKU", "Variant #; color", "Property Set Table #; details #; rated speed(m³/min)"],
        [["A1", "red #; blue", "220#;240"]],
    )


def test_dynamic_headers_in_a_semicolon_file_are_quoted():
    text = 'SKU;"Variant #; color";Price\nA1;"red#;blue";1,5\n'
    assert read(text) == (";", ["SKU", "Variant #; color", "Price"], [["A1", "red#;blue", "1,5"]])


def test_a_column_name_ending_in_a_number_sign_keeps_its_semicolon():
    assert read("Item #;Name;Price\n1;Fan;2\n")[:2] == (";", ["Item #", "Name", "Price"])
    assert read("Item #;Price\n1;2\n")[:2] == (";", ["Item #", "Price"])


def test_a_single_dynamic_header_is_one_column():
    assert read("Variant #; color\nred\nblue\n") == (
        ",",
        ["Variant #; color"],
        [["red"], ["blue"]],
    )


def test_delimiters_in_quoted_headers_do_not_count():
    text = '"Size, L, W, H, D";"Name, long"\n"1";"2"\n'
    assert read(text) == (";", ["Size, L, W, H, D", "Name, long"], [["1", "2"]])


def test_rows_decide_where_the_header_could_be_read_two_ways():
    text = "SKU;Name, long;Price, net\nA1;Fan;1\nA2;Mixer;2\n"
    assert read(text)[:2] == (";", ["SKU", "Name, long", "Price, net"])


def test_a_single_column_needs_no_delimiter():
    assert read("SKU\nA1\nA2\n") == (",", ["SKU"], [["A1"], ["A2"]])


@pytest.mark.parametrize("first_line", ["sep=;\r\n", "SEP=;\n", '"sep=;"\r\n', "sep=;\r"])
def test_a_separator_line_names_the_delimiter_and_is_no_row(first_line):
    source = opened(f"{first_line}SKU;Name, long\nA1;a,b\n".encode())
    assert source.format.delimiter == ";"
    assert (source.header.number, source.header.cells) == (1, ["SKU", "Name, long"])
    assert [(row.number, row.cells) for row in source] == [(2, ["A1", "a,b"])]


def test_a_delimiter_hint_is_followed():
    assert read("SKU|a,b\n1|2,3\n", hints=ReadHints(delimiter=","))[1] == ["SKU|a", "b"]


def test_an_unknown_delimiter_hint_is_refused():
    with pytest.raises(UnreadableFile, match="semicolon") as refused:
        opened(b"SKU\n1\n", hints=ReadHints(delimiter="x"))
    assert refused.value.code == UnreadableCode.UNKNOWN_DELIMITER
