"""GTINs by their check digit, as the GS1 General Specifications give it."""

from hypothesis import given
from hypothesis import strategies as st

from catalog.file_format.gtin import LENGTHS, check_digit, is_gtin, padded


def test_the_check_digit_of_the_specifications_own_example():
    assert check_digit("629104150021") == 3


@given(st.sampled_from(LENGTHS), st.data())
def test_one_digit_alone_completes_a_gtin(length, data):
    digits = data.draw(st.text("0123456789", min_size=length - 1, max_size=length - 1))

    right = [digit for digit in "0123456789" if is_gtin(digits + digit)]

    assert right == [str(check_digit(digits))]


@given(st.sampled_from(LENGTHS), st.data())
def test_a_gtin_stays_one_when_it_is_padded(length, data):
    digits = data.draw(st.text("0123456789", min_size=length - 1, max_size=length - 1))
    gtin = f"{digits}{check_digit(digits)}"

    assert len(padded(gtin)) == 14
    assert is_gtin(padded(gtin))


def test_a_number_of_another_length_is_no_gtin():
    assert not any(is_gtin("0" * length) for length in range(20) if length not in LENGTHS)
