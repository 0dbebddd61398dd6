"""What a spreadsheet would run is made harmless, and comes back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_uploads.spreadsheet_text import marker_places, neutralise, restore


@pytest.mark.parametrize("text", ["=1+1", "+49", "-5", "@cmd", "\tx", "\rx", "'", "''=", "'0012"])
def test_text_that_a_spreadsheet_might_run_gets_one_quote(text):
    assert neutralise(text) == "'" + text
    assert restore("'" + text) == text


@pytest.mark.parametrize("text", ["", "a=b", " =1", "0012", '"x"', "TRUE", "#;"])
def test_other_text_stays_as_it_is(text):
    assert neutralise(text) == text


@pytest.mark.parametrize("text", ["'s-Hertogenbosch", "' =1", "'", "'0012"])
def test_a_quote_that_was_not_put_there_is_left_alone(text):
    assert restore(text) == text


@given(st.text(st.sampled_from("'=+-@\t\ra ")) | st.text())
def test_every_text_comes_back_exactly(text):
    assert restore(neutralise(text)) == text


def test_the_marker_is_found_wherever_it_was_moved_to():
    assert marker_places(["SKU", " export marker V1 ", "Price"]) == {1}
    assert marker_places(["SKU", "Marker"]) == set()
