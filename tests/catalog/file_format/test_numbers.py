"""Numbers are read exactly, or not at all."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.file_format.cells import CellError, NumberFormat, is_simple_number, parse_decimal

RUPEES = NumberFormat("INR")
EUROS = NumberFormat("EUR", decimal_comma=True)
# As in a workbook, whose numbers have points and whose texts have commas.
EUROS_OF_A_SHEET = NumberFormat("EUR", decimal_comma=True, has_points_too=True)


def price(text: str, numbers: NumberFormat = RUPEES) -> str:
    return parse_decimal(text, numbers=numbers, max_digits=14, places=4, money=True)


def refusal(text: str, numbers: NumberFormat = RUPEES, *, money: bool = True) -> str:
    with pytest.raises(CellError) as caught:
        parse_decimal(text, numbers=numbers, max_digits=14, places=4, money=money)
    return caught.value.code


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("0.00", "0"),
        ("10325", "10325"),
        ("10325.00", "10325"),
        ("007", "7"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1,03,250.00", "103250"),
        ("1,032.50", "1032.5"),
        ("10,00,000", "1000000"),
        ("1,00,00,000", "10000000"),
        ("1,234,567.8901", "1234567.8901"),
        ("999", "999"),
        ("9999999999.9999", "9999999999.9999"),
        ("9,999,999,999.9999000", "9999999999.9999"),
        ("₹1,03,250", "103250"),
        ("₹ 500", "500"),
        ("Rs. 500", "500"),
        ("Rs 500", "500"),
        ("500 ₹", "500"),
        ("INR 500.25", "500.25"),
        ("0" * 60 + "1." + "5" + "0" * 60, "1.5"),
    ],
)
def test_numbers_as_people_write_them(text, value):
    assert price(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,5", "1234.5"),
        ("1234,50", "1234.5"),
        ("1.234", "1234"),
        ("€ 5,00", "5"),
        ("5,00 €", "5"),
        ("5,00 EUR", "5"),
    ],
)
def test_decimal_commas_where_the_upload_says_so(text, value):
    assert price(text, EUROS) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.234,5", "invalid_number"),
        ("1234,5", "invalid_number"),
        ("1,5", "invalid_number"),
        ("0,500", "invalid_number"),
        ("00,500", "invalid_number"),
        ("12,34,56", "invalid_number"),
        ("1,23,456,789", "invalid_number"),
        ("1234,567", "invalid_number"),
        ("1,,000", "invalid_number"),
        ("1 000", "invalid_number"),
        ("1.2.3", "invalid_number"),
        ("NaN", "invalid_number"),
        ("inf", "invalid_number"),
        ("Infinity", "invalid_number"),
        ("1e5", "invalid_number"),
        ("1.2E+3", "invalid_number"),
        ("0x10", "invalid_number"),
        ("1_000", "invalid_number"),
        ("+5", "invalid_number"),
        ("cheap", "invalid_number"),
        ("$5", "invalid_number"),
        ("€5", "invalid_number"),
        (".", "invalid_number"),
        ("-", "invalid_number"),
        ("₹", "invalid_number"),
        ("٣", "invalid_number"),
        ("\uff15", "invalid_number"),
        ("-5", "negative_number"),
        ("-0.0001", "negative_number"),
        ("₹-5", "negative_number"),
        ("10000000000", "too_many_digits"),
        ("1" * 5_000, "too_many_digits"),
        ("0.00001", "too_many_digits"),
        ("1234567890.1234000000000000000000000001", "too_many_digits"),
        ("9999999999.99999999999999999999999999", "too_many_digits"),
    ],
)
def test_what_is_no_number_or_does_not_fit_is_refused(text, code):
    assert refusal(text) == code


@pytest.mark.parametrize("text", ["0.500", "1,234.5", "1.5"])
def test_points_are_ambiguous_where_commas_are_decimal(text):
    assert refusal(text, EUROS) == "invalid_number"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.5", "1.5"),
        ("12.34", "12.34"),
        ("0.500", "0.5"),
        ("1234.567", "1234.567"),
        ("1500", "1500"),
        ("1,5", "1.5"),
        ("1,234", "1.234"),
        ("1.234,5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1.5 €", "1.5"),
    ],
)
def test_numbers_of_a_file_have_points_beside_texts_with_commas(text, value):
    assert price(text, EUROS_OF_A_SHEET) == value


@pytest.mark.parametrize("text", ["1.234", "12.500", "€ 5.125", "1,234.5"])
def test_a_point_that_could_be_of_a_number_or_of_a_text_is_refused(text):
    assert refusal(text, EUROS_OF_A_SHEET) == "invalid_number"


def test_measures_take_no_currency_sign():
    assert refusal("₹5", money=False) == "invalid_number"


def test_an_ambiguous_number_is_answered_with_the_option_that_would_read_it():
    with pytest.raises(CellError) as caught:
        price("1.234,5")

    assert caught.value.message == (
        "'1.234,5' is ambiguous. Write it as 1234.50 or 1,234.50, or upload the file with the "
        "option for decimal commas."
    )


@pytest.mark.parametrize("numbers", [EUROS, EUROS_OF_A_SHEET], ids=["texts", "sheet"])
def test_where_commas_are_decimal_the_answer_shows_them(numbers):
    with pytest.raises(CellError) as caught:
        price("1,234.5", numbers)

    assert caught.value.message == (
        "'1,234.5' is ambiguous. Write it as 1234,50 or 1.234,50, or upload the file without the "
        "option for decimal commas."
    )


@pytest.mark.parametrize("text", ["1 234,5", "1,000.000,00", "1,2,3"])
def test_what_is_a_number_neither_way_is_not_answered_with_the_option(text):
    for numbers in (RUPEES, EUROS):
        with pytest.raises(CellError) as caught:
            price(text, numbers)
        assert "is not a number" in caught.value.message


def test_a_refusal_quotes_no_more_than_the_beginning_of_a_long_cell():
    with pytest.raises(CellError) as caught:
        price("x" * 100_000)

    assert len(caught.value.message) < 400


amounts = st.decimals(0, Decimal("9999999999.9999"), allow_nan=False, places=4)


@given(amounts)
def test_any_amount_is_read_back_exactly(amount):
    for text in (f"{amount:f}", f"{amount:,f}", f"₹{amount:,f}"):
        assert Decimal(price(text)) == amount


@given(amounts)
def test_any_amount_with_decimal_comma_is_read_back_exactly(amount):
    text = f"{amount:,f}".translate(str.maketrans(",.", ".,"))

    assert Decimal(price(text, EUROS)) == amount


@given(st.from_regex(r"\A[0-9]{1,10}(\.[0-9]{1,4})?\Z"))
def test_a_simple_number_is_one_that_reading_in_full_would_take(text):
    for numbers in (RUPEES, EUROS):
        if is_simple_number(text, decimal_comma=numbers.decimal_comma):
            assert Decimal(price(text, numbers)) == Decimal(text)


@given(st.one_of(st.text(max_size=30), st.text("0123456789,.-₹ ", max_size=20)))
def test_any_text_is_a_number_or_refused(text):
    for numbers in (RUPEES, EUROS, EUROS_OF_A_SHEET):
        try:
            value = price(text.strip(), numbers)
        except CellError:
            continue
        assert 0 <= Decimal(value) <= Decimal("9999999999.9999")
        assert "E" not in value
