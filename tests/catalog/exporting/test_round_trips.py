"""An export imported anywhere is the same catalog, and exported again the same file."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from accounts.models import Account
from catalog.exporting import ExportFormat
from catalog.models import Variant
from tests.factories.accounts import AccountFactory
from tests.imports import catalog_of, counts, import_bytes, import_rows, messages

from .files import FORMATS, exported
from .random_catalogs import Step, catalogs

EXAMPLE = Path(__file__).parents[3] / "examples" / "havells-fans.csv"
EXAMPLES = int(os.environ.get("RANDOM_CATALOGS", "25"))


def values_of(account: Account) -> dict[str, Any]:
    """Everything stored of products with variants, apart from who wrote it."""
    catalog = catalog_of(account)
    variants = [{**row, "created_by": None} for row in catalog["variants"]]
    keys = {row["product"] for row in variants}
    products = [product[:5] for product in catalog["products"] if product[0] in keys]
    return {"variants": variants, "products": products}


@pytest.mark.django_db
@pytest.mark.parametrize("format", FORMATS)
def test_the_example_comes_back_as_it_was(format):
    account, other = AccountFactory.create(), AccountFactory.create()
    import_bytes(account, EXAMPLE.read_bytes())
    first = exported(account, format)

    again = import_bytes(account, first)
    elsewhere = import_bytes(other, first)

    total = Variant.objects.for_account(account.pk).count()
    assert counts(again) == {"unchanged": total}
    assert counts(elsewhere) == {"created": total}
    assert (messages(again), messages(elsewhere)) == ([], [])
    assert exported(other, format) == first
    assert values_of(other) == values_of(account)


@pytest.mark.django_db
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=catalogs, format=st.sampled_from(FORMATS), blanks=st.sampled_from(["keep", "clear"]))
def test_any_catalog_comes_back_as_it_was(
    steps: list[Step], format: ExportFormat, blanks: str
) -> None:
    account, other = AccountFactory.create(), AccountFactory.create()
    for step in steps:
        step(account)
    files = {each: exported(account, each) for each in FORMATS}
    note(files[ExportFormat.JSONL].decode())
    total = Variant.objects.for_account(account.pk).count()
    if not total:
        return

    again = import_bytes(account, files[format], blank_cells=blanks)
    elsewhere = import_bytes(other, files[format], blank_cells=blanks)

    assert (counts(again), messages(again)) == ({"unchanged": total}, [])
    assert (counts(elsewhere), messages(elsewhere)) == ({"created": total}, [])
    assert {each: exported(other, each) for each in FORMATS} == files
    assert values_of(other) == values_of(account)


@pytest.mark.django_db
def test_numbers_that_differ_by_leading_zeros_only_come_back():
    account, other = AccountFactory.create(), AccountFactory.create()
    rows = [["Fan", "X"], ["Lamp", "123"], ["Fan", "00123"]]
    import_rows(account, ["Product Name", "SKU"], rows)
    first = exported(account, ExportFormat.CSV)

    elsewhere = import_bytes(other, first, batch_rows=1)

    assert (counts(elsewhere), messages(elsewhere)) == ({"created": 3}, [])
    assert exported(other, ExportFormat.CSV) == first


@pytest.mark.django_db
@pytest.mark.parametrize(
    "target",
    [
        " Variant #; a\u00a0b(\u200bmm) ",
        "Variant #;\x85c",
        "Property Set Table #; \ufeffd #; e\u202ff",
        "Property Set List #;\u00a0g",
        "Property Set Media\u00a0#; h",
    ],
)
def test_columns_that_a_mapping_invents_come_back_whatever_it_writes_them_with(target):
    account, other = AccountFactory.create(), AccountFactory.create()
    header = ["SKU", "Product Name", "X"]
    made = import_rows(
        account, header, [["A", "Fan", "https://a.example/1"]], mapping={"X": target}
    )
    assert counts(made) == {"created": 1}
    files = {each: exported(account, each) for each in FORMATS}

    for content in files.values():
        assert counts(import_bytes(account, content)) == {"unchanged": 1}
    elsewhere = import_bytes(other, files[ExportFormat.CSV])

    assert messages(elsewhere) == []
    assert {each: exported(other, each) for each in FORMATS} == files
