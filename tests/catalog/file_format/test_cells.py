"""Cells become values, or a refusal with a code and what was expected."""

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.file_format import cells
from catalog.file_format.cells import CellError


def code(read: Callable[[str], Any], text: str) -> str:
    with pytest.raises(CellError) as caught:
        read(text)
    return caught.value.code


def refusal(read: Callable[[str], Any], text: str) -> CellError | None:
    try:
        read(text)
    except CellError as error:
        return error
    return None


@pytest.mark.parametrize("text", ["TRUE", "true", "True", "tRuE"])
def test_active_is_true_in_any_case(text):
    assert cells.parse_active(text) is True


@pytest.mark.parametrize("text", ["FALSE", "false", "False"])
def test_active_is_false_in_any_case(text):
    assert cells.parse_active(text) is False


@pytest.mark.parametrize("text", ["yes", "1", "0", "wahr", "TRUE FALSE"])
def test_active_is_nothing_but_true_or_false(text):
    assert code(cells.parse_active, text) == "invalid_boolean"


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("220#;240", ["220", "240"]),
        ("220 #; 240", ["220", "240"]),
        ("a#;#; b #;", ["a", "b"]),
        ("#;", []),
        ("a; b # c", ["a; b # c"]),
        ("a#;a", ["a", "a"]),
        ('say "hi", twice', ['say "hi", twice']),
    ],
)
def test_a_list_is_parted_by_the_separator_with_any_spacing(text, items):
    assert cells.parse_items(text) == items


def test_a_name_that_comes_twice_in_a_list_counts_where_it_came_first():
    assert cells.parse_names("sale#;new#;sale") == ["sale", "new"]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("Fans", "Fans"),
        ("Premium Fans/Havells/Ceiling Fans", "Premium Fans/Havells/Ceiling Fans"),
        (" Fans /  Ceiling ", "Fans/Ceiling"),
    ],
)
def test_a_category_path_is_written_with_bare_slashes(text, path):
    assert cells.parse_category_path(text) == path


@pytest.mark.parametrize("text", ["/Fans", "Fans/", "Fans//Ceiling", "/", " / "])
def test_a_category_path_has_no_empty_level(text):
    assert code(cells.parse_category_path, text) == "empty_category_level"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a#;b", "separator_in_name"),
        (" a", "outer_blanks"),
        ("a\u00a0", "outer_blanks"),
        ("a\nb", "control_character"),
        ("a\tb", "control_character"),
        ("a\x07b", "control_character"),
        ("a\u2028b", "control_character"),
        ("a\x85b", "control_character"),
        ("a" * 201, "too_long"),
    ],
)
def test_a_name_that_would_not_come_back_from_a_file_is_refused(text, expected):
    assert code(cells.parse_name, text) == expected


def test_free_text_holds_line_breaks_and_tabs_but_no_other_controls():
    assert cells.parse_text("a\n\tb", longest=10) == "a\n\tb"
    assert code(lambda text: cells.parse_text(text, longest=10), "a\x0bb") == "control_character"
    assert code(lambda text: cells.parse_text(text, longest=10), "a" * 11) == "too_long"


@pytest.mark.parametrize(
    "sku",
    ["FAN-1", "0001", "größe/XL", "50% \"off\" 'now'", "a#;b", "मॉडल 5", "🪭", "=1+1", "a\\b"],
)
def test_a_sku_holds_any_character_that_can_be_seen(sku):
    assert cells.parse_sku(sku) == sku


@pytest.mark.parametrize(
    ("sku", "expected"),
    [("a" * 201, "too_long"), ("a\nb", "control_character"), ("a\x00b", "control_character")],
)
def test_a_sku_is_one_line_of_at_most_200_characters(sku, expected):
    assert code(cells.parse_sku, sku) == expected


def test_two_spellings_of_a_product_key_are_one():
    assert cells.parse_product_key("Cafe\u0301") == cells.parse_product_key("Caf\u00e9")
    assert cells.parse_product_key("CAFÉ") != cells.parse_product_key("café")


def test_a_name_whose_key_would_be_too_long_in_normal_form_is_refused():
    """U+0958 is two characters in NFC, so 300 of them are no key of at most 500."""
    name = "\u0958" * 300
    assert len(unicodedata.normalize("NFC", name)) == 600

    assert code(cells.parse_product_name, name) == "too_long"
    assert cells.parse_product_name("\u0958" * 250) == "\u0958" * 250


def test_a_category_path_that_no_index_could_hold_is_refused():
    path = "/".join(["扇" * 180] * 5)
    assert len(path) < 1_000 < 2_600 < len(path.encode())

    assert code(cells.parse_category_path, path) == "too_long"
    assert code(cells.parse_category_path, "/".join(["a" * 199] * 6)) == "too_long"
    assert code(cells.parse_category_path, "a" * 201) == "too_long"


@pytest.mark.parametrize("text", ["4006381333931", "036000291452", "96385074", "10012345000017"])
def test_gtins_of_four_lengths_are_taken_as_they_are_written(text):
    assert cells.parse_gtin(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4006381333932", "validation_error"),
        ("400638133393", "validation_error"),
        ("4006381-33393", "validation_error"),
        ("x", "validation_error"),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", "validation_error"),
        ("4.00638E+12", "spreadsheet_damage"),
        ("36000291452", "spreadsheet_damage"),
    ],
)
def test_what_is_no_gtin_is_refused(text, expected):
    assert code(cells.parse_gtin, text) == expected


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/1.png",
        "http://a.example",
        "HTTPS://A.EXAMPLE/1",
        "https://a.example:8443/x?y=z#top",
        "https://a.example/größe.png",
        "http://localhost/x",
        "http://[::1]/x",
    ],
)
def test_web_addresses_are_taken_as_they_are_written(url):
    assert cells.parse_urls(url) == [url]


@pytest.mark.parametrize(
    "url",
    [
        "a.example/1.png",
        "ftp://a.example/1.png",
        "javascript:alert(1)",
        "data:image/png;base64,AAAA",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "https://a.example/with blank",
        "https://a.example/\tx",
        "https://a.example:port/",
        "http://[::1",
        "https://a.example/x#;y",
    ],
)
def test_what_is_no_web_address_is_refused(url):
    assert code(cells.parse_url, url) == "invalid_url"


def test_a_url_has_at_most_2000_characters():
    longest = "https://a.example/" + "x" * 1_982

    assert cells.parse_url(longest) == longest
    assert code(cells.parse_url, longest + "x") == "too_long"


@given(st.lists(st.text(min_size=1, max_size=30), max_size=6))
def test_a_list_of_names_that_are_taken_comes_back_from_its_cell(texts):
    names = []
    for text in texts:
        try:
            names.append(cells.parse_name(text))
        except CellError:
            continue

    for separator in ("#;", " #; "):
        assert cells.parse_items(separator.join(names)) == names


@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=5))
def test_a_category_path_that_is_taken_reads_the_same_again(levels):
    try:
        path = cells.parse_category_path("/".join(levels))
    except CellError:
        return

    assert cells.parse_category_path(path) == path
    assert cells.parse_category_path(path.replace("/", " / ")) == path


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_code(text):
    for read in (
        cells.parse_active,
        cells.parse_category_path,
        cells.parse_gtin,
        cells.parse_items,
        cells.parse_name,
        cells.parse_names,
        cells.parse_product_key,
        cells.parse_product_name,
        cells.parse_sku,
        cells.parse_urls,
        lambda text: cells.parse_text(text, longest=50),
    ):
        error = refusal(read, text)
        assert error is None or error.code.replace("_", "").isalpha()
        assert error is None or error.message.endswith(".")


@given(st.lists(st.text("ab:/.#; \u00e9\n", max_size=20), max_size=4))
def test_urls_that_look_plain_are_urls_that_reading_in_full_would_take(urls):
    if cells.are_plain_urls(urls):
        for url in urls:
            assert cells.parse_url(url) == url
