"""Whatever stands in the cells: a row is taken or told why not, and what was taken stays."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.accounts import AccountFactory
from tests.imports import catalog_of, counts, import_rows, issues, without_digests

pytestmark = pytest.mark.django_db

HEADER = [
    "SKU",
    "EAN",
    "Product Name",
    "Product Key",
    "Display Name",
    "Description",
    "Tags",
    "Category Path",
    "Collections",
    "Price",
    "Weight(gms)",
    "Active",
    "Tax Rate",
    "Media Paths",
    "Variant #; color",
    "Property Set Table #; details #; speed(rpm)",
    "Property Set List #; Features",
    "Property Set Media #; Gallery",
]
FAIR = {
    "EAN": "4006381333931",
    "Price": "₹ 1,03,250.50",
    "Weight(gms)": "0.125",
    "Active": "false",
    "Media Paths": "https://a.example/1 #; https://a.example/2",
    "Property Set Media #; Gallery": "https://a.example/ä",
}
#: Long ones too, of characters that take one to four bytes and may grow in normal form.
texts = st.one_of(
    st.text(max_size=12),
    st.builds(
        lambda unit, times: unit * times,
        st.text(
            st.sampled_from("aé扇🪭\u0958\u0301/#; \u00a0\u200b\u2028"), min_size=1, max_size=8
        ),
        st.sampled_from([1, 25, 120, 1_000]),
    ),
)


@st.composite
def rows(draw: st.DrawFn) -> list[str]:
    """A row that would be taken, but for some cells that hold anything."""
    row = {name: FAIR.get(name, draw(st.text("abc ", max_size=4))) for name in HEADER}
    row |= {"SKU": draw(st.text("AB1", min_size=1, max_size=3)), "Product Name": "Fan"}
    for name in draw(st.lists(st.sampled_from(HEADER), max_size=3, unique=True)):
        row[name] = draw(texts)
    return list(row.values())


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(rows(), min_size=1, max_size=4))
def test_rows_of_any_text_are_taken_or_told_why_not_and_come_back_unchanged(rows):
    account = AccountFactory.create()

    upload = import_rows(account, HEADER, rows, batch_rows=3)
    stored = catalog_of(account)
    with without_digests():
        again = import_rows(account, HEADER, rows, batch_rows=3)

    told = {row for row, *_, code in issues(upload) if code != "product_conflict"}
    assert upload.failed_rows == len(told)
    assert "data_error" not in {code for *_, code in issues(upload)}
    assert counts(again) == {
        name: number
        for name, number in {"unchanged": upload.created_rows, "failed": upload.failed_rows}.items()
        if number
    }
    assert catalog_of(account) == stored
