"""Whatever a program writes into a workbook, the quick way and the XML parser read alike."""

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .reading import opened
from .workbooks import in_another_form, shared_workbook, workbook

TEXT = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Co", "Cn"), include_characters="\t\n&<>\"';#"),
    max_size=12,
).filter(lambda text: not text.startswith(("=", "#")))
VALUE = (
    st.none()
    | TEXT
    | st.booleans()
    | st.integers(-(10**14), 10**14)
    | st.decimals(-(10**6), 10**6, places=2)
    | st.datetimes(datetime(1900, 3, 1), datetime(2100, 1, 1)).map(
        lambda at: at.replace(microsecond=0)
    )
    | st.dates(date(1900, 3, 1), date(2100, 1, 1))
)


def text_of(value: object) -> str:
    """What a person would write for it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.isoformat().removesuffix("T00:00:00")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return value
    text = f"{value:f}" if not isinstance(value, int) else str(value)
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def read(data: bytes) -> list[tuple[int, list[str]]]:
    source = opened(data)
    assert source.header.cells == ["A", "B", "C"]
    rows = list(source)
    assert [row.defects for row in rows] == [[]] * len(rows)
    return [(row.number, row.cells) for row in rows]


@pytest.mark.parametrize("write", [workbook, shared_workbook])
@settings(deadline=None, max_examples=50)
@given(rows=st.lists(st.lists(VALUE, min_size=3, max_size=3), max_size=8))
def test_values_come_back_on_both_ways(write, rows):
    data = write(["A", "B", "C"], *rows)
    texts = [(number, [text_of(value) for value in row]) for number, row in enumerate(rows, 2)]
    wanted = [(number, row) for number, row in texts if "".join(row).strip()]
    assert read(data) == wanted
    assert read(in_another_form(data)) == wanted


@pytest.mark.parametrize("write", [workbook, shared_workbook])
def test_rows_of_many_shapes_are_never_taken_for_one_another(write):
    """What earlier rows were like is expected of later ones; it must never be taken for granted."""
    values = [1, "x", date(2024, 3, 15), 2.5, None, True, -3]
    rows = [[values[(n * step) % 7] for step in (1, 2, 3)] for n in range(3_000)]
    data = write(["A", "B", "C"], *rows)
    wanted = [
        (number, [text_of(value) for value in row])
        for number, row in enumerate(rows, 2)
        if any(value is not None for value in row)
    ]
    assert read(data) == wanted
    assert read(in_another_form(data)) == wanted


@pytest.mark.parametrize("write", [workbook, shared_workbook])
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_rows_like_those_before_come_back_on_both_ways(write, data):
    """Enough of them that they are read at once, and now and then one that is unlike them."""
    likes = data.draw(st.lists(st.lists(VALUE, min_size=3, max_size=3), min_size=1, max_size=3))
    odd = data.draw(st.lists(VALUE, min_size=3, max_size=3))
    rows = [odd if n % 17 == 16 else likes[n % len(likes)] for n in range(60)]
    book = write(["A", "B", "C"], *rows)
    texts = [(number, [text_of(value) for value in row]) for number, row in enumerate(rows, 2)]
    wanted = [(number, row) for number, row in texts if "".join(row).strip()]
    assert read(book) == wanted
    assert read(in_another_form(book)) == wanted
