"""What stands in an export: which columns, in which order, and which rows."""

import json

import pytest

from catalog.editing import create_product, delete_variant, edit_product
from catalog.exporting import CatalogExport, ExportFormat, Selection
from catalog.exporting.rows import ExportRows
from catalog.models import Product, Variant
from catalog.writing.context import Actor
from tests.catalog.importing.stored import variant
from tests.factories.accounts import AccountFactory
from tests.imports import import_rows

from .files import SITE, csv_text, exported

pytestmark = pytest.mark.django_db

FIXED = (
    "Product Name,Display Name,SKU,Description,Tags,Media Paths,Category Path,Collections,Price,"
    "List Price,Length(mm),Width(mm),Height(mm),Weight(gms),Active,Tax Number,Tax Rate,EAN"
)


@pytest.fixture
def account():
    return AccountFactory.create()


def header(account):
    return csv_text(account).splitlines()[0].removesuffix(",Export Marker v1")


def skus(account, selection=None):
    lines = exported(account, ExportFormat.JSONL, selection).splitlines()
    return [json.loads(line)["SKU"] for line in lines]


def test_columns_of_the_account_come_back_under_their_own_headers_in_its_order(account):
    import_rows(
        account,
        ["SKU", "Product Name", "Property Set Table#;t #; b(m)", "variant #;c", "Price"],
        [["A", "Fan", "1", "red", "5"]],
    )
    import_rows(
        account,
        ["Variant #; a", "Property Set List #; l", "property set table #; t #; a", "SKU"],
        [["1", "x#;y", "2", "A"]],
    )

    assert header(account) == (
        f"{FIXED},variant #;c,Variant #; a,Property Set Table#;t #; b(m),"
        "property set table #; t #; a,Property Set List #; l"
    )


def test_an_empty_catalog_is_a_header(account):
    assert csv_text(account) == f"{FIXED},Export Marker v1\r\n"
    assert exported(account, ExportFormat.JSONL) == b""


def test_the_key_has_a_column_only_where_it_is_not_the_name(account):
    import_rows(account, ["SKU", "Product Name"], [["A", "Fan"]])
    assert "Product Key" not in header(account)

    import_rows(account, ["SKU", "Product Name", "Product Key"], [["B", "Lamp", "l-1"]])
    lines = exported(account, ExportFormat.JSONL).splitlines()

    assert header(account).startswith("Product Name,Product Key,Display Name,SKU,")
    assert [json.loads(line)["Product Key"] for line in lines] == [None, "l-1"]


def test_a_part_of_the_catalog_without_such_keys_lacks_the_column(account):
    import_rows(
        account, ["SKU", "Product Name", "Product Key"], [["A", "Fan", ""], ["B", "X", "x"]]
    )
    fans = Selection.of_products(Product.objects.filter(name="Fan"), account_id=account.pk)

    assert "Product Key" not in csv_text(account, fans)


def test_json_lines_hold_lists_truth_and_null(account):
    import_rows(
        account,
        ["SKU", "Product Name", "Tags", "Price", "Active", "EAN"],
        [["A", "Fan", "a #; b", "5.50", "FALSE", ""]],
    )

    line = json.loads(exported(account, ExportFormat.JSONL))

    assert [line[name] for name in ("Tags", "Collections", "Price", "Active", "EAN")] == [
        ["a", "b"],
        None,
        "5.5",
        False,
        None,
    ]


def test_rows_stand_by_product_and_then_by_variant_oldest_first(account):
    rows = [["C", "Fan"], ["B", "Lamp"], ["A", "Fan"]]
    import_rows(account, ["SKU", "Product Name"], rows)

    assert skus(account) == ["C", "A", "B"]


def test_a_product_without_variants_has_no_row(account):
    by = {"account_id": account.pk, "actor": Actor()}
    create_product(**by, name="Empty")
    import_rows(account, ["SKU", "Product Name"], [["A", "Fan"]])

    assert skus(account) == ["A"]


def test_nothing_of_another_account_is_exported(account):
    other = AccountFactory.create()
    import_rows(other, ["SKU", "Product Name", "Variant #; secret"], [["X", "Fan", "s"]])
    import_rows(account, ["SKU", "Product Name"], [["A", "Fan"]])

    everything = Selection.of_variants(Variant.objects.all(), account_id=account.pk)
    products = Selection.of_products(Product.objects.all(), account_id=account.pk)

    assert skus(account) == skus(account, everything) == skus(account, products) == ["A"]
    assert "secret" not in csv_text(account)


@pytest.mark.parametrize("batch_rows", [1, 2, 100])
def test_batches_of_any_size_give_the_same_rows(account, batch_rows):
    rows = [[f"S-{n}", f"P-{n % 3}", "t"] for n in range(7)]
    import_rows(account, ["SKU", "Product Name", "Tags"], rows)
    selection = Selection.everything(account_id=account.pk)

    batches = list(ExportRows(selection, batch_rows=batch_rows))

    assert [row for batch in batches for row in batch] == next(iter(ExportRows(selection)))
    assert max(map(len, batches)) == min(batch_rows, 7)


def test_what_goes_while_an_export_is_read_is_missing_and_what_moves_is_not(account):
    import_rows(account, ["SKU", "Product Name"], [["A", "Fan"], ["B", "Fan"], ["C", "Lamp"]])
    rows = iter(ExportRows(Selection.everything(account_id=account.pk), batch_rows=1))
    next(rows)

    delete_variant(account_id=account.pk, actor=Actor(), variant_id=variant(account, "B").pk)
    import_rows(account, ["SKU", "Product Name"], [["C", "Fan"], ["D", "Fan"]])
    fan = Product.objects.get(account=account, name="Fan").pk
    edit_product(account_id=account.pk, actor=Actor(), product_id=fan, name="Ventilator")

    assert [[row[0], row[2]] for batch in rows for row in batch] == [["Ventilator", "C"]]


def test_a_batch_costs_the_same_queries_whatever_it_holds(account, django_assert_num_queries):
    header = ["SKU", "Product Name", "Tags", "Collections", "Category Path", "Media Paths"]
    header += ["Variant #; a", "Property Set List #; b"]

    def rows(numbers):
        cells = ["t#;u", "c", "x/y", "https://a.example/1", "1", "2"]
        return [[f"S-{n}", f"P-{n}", *cells] for n in numbers]

    def read():
        with django_assert_num_queries(12):
            assert ExportRows(selection).__iter__().__next__()

    selection = Selection.everything(account_id=account.pk)
    import_rows(account, header, rows([0]))
    read()
    import_rows(account, header, rows(range(1, 60)))
    read()


def test_an_export_counts_its_rows(account):
    import_rows(account, ["SKU", "Product Name"], [["A", "Fan"], ["B", "Fan"]])
    export = CatalogExport(Selection.everything(account_id=account.pk), ExportFormat.CSV, site=SITE)

    assert len(list(export.chunks())) == 2
    assert export.rows == 2
