"""Nested JSON: lists, objects, and the platform API's own documents as rows."""

import pytest

from bulk_uploads.readers import DefectCode
from catalog.file_format.header import parse_header
from platform_api.encoding import encode
from tests.catalog.api.zester import VARIANT_DOCUMENT

from .reading import opened, rows_of

PRODUCT = {
    "id": "0190",
    "name": "ZESTER",
    "category_path": "Fans/Ceiling Fans",
    "tags": ["Decorative", "New"],
    "collections": [],
    "created_at": "2024-01-01T00:00:00.000Z",
    "updated_at": "2024-01-01T00:00:00.000Z",
}
ZESTER = {
    "SKU": "FHCZESTDUB48",
    "EAN": "",
    "Display Name": "ZESTER 1200 mm Dusk",
    "Description": "Superior Paint Finish",
    "Price": "5830.00",
    "List Price": "5830.125",
    "Length(mm)": "0",
    "Width(mm)": "1200.5",
    "Height(mm)": "",
    "Weight(gms)": "",
    "Active": "TRUE",
    "Tax Number": "H234",
    "Tax Rate": "18% GST",
    "Variant #; color": "Dusk",
    "Variant #; sweep size(mm)": "1200",
    "Property Set Table #; details #; rated speed(m³/min)": "235",
    "Property Set Table #; details #; Rated Voltage(Volts Range)": "220#;240",
    "Property Set List #; Notable Features": "Feature1#;Feature2",
    "Property Set Media #; Gallery": (
        "https://havells.example/FHCZESTDUB48/cover.png"
        "#;https://havells.example/FHCZESTDUB48/cover.png"
    ),
    "Media Paths": "https://havells.example/FHCZESTDUB48/cover.png",
}


def table(value: object) -> list[dict[str, str]]:
    """The rows, none of which may have a defect, as dictionaries."""
    source = opened(encode(value))
    rows = list(source)
    assert [row.defects for row in rows] == [[]] * len(rows)
    return [dict(zip(source.header.cells, row.cells, strict=True)) for row in rows]


@pytest.mark.parametrize(
    ("value", "cells"),
    [
        ({"tags": ["a", "b"]}, {"tags": "a#;b"}),
        ({"tags": []}, {"tags": ""}),
        ({"tags": ["a", None, " ", 5, True]}, {"tags": "a#;5#;TRUE"}),
        ({"variant": {"color": "red"}}, {"Variant #; color": "red"}),
        ({"attributes": {"sweep size(mm)": 1200}}, {"Variant #; sweep size(mm)": "1200"}),
        (
            {"property_set_table": {"details": {"speed(rpm)": ["1", "2"]}}},
            {"Property Set Table #; details #; speed(rpm)": "1#;2"},
        ),
        (
            {"Property Set List": {"Features": ["quiet"]}},
            {"Property Set List #; Features": "quiet"},
        ),
        (
            {
                "attributes": [
                    {"name": "size", "unit": "mm", "value": 3},
                    {"name": "c", "value": "x"},
                ]
            },
            {"Variant #; size(mm)": "3", "Variant #; c": "x"},
        ),
        ({"supplier": {"id": 7, "name": "S"}}, {"supplier #; id": "7", "supplier #; name": "S"}),
        ({"a #; b": "1"}, {"a #; b": "1"}),
    ],
)
def test_nested_values_become_lists_and_dynamic_headers(value, cells):
    assert table([{"sku": "1", **value}]) == [{"sku": "1", **cells}]


@pytest.mark.parametrize(
    ("value", "column", "shown"),
    [
        ([["a"]], 2, "[…]"),
        ([{"color": "red"}], 2, "[{color: …}]"),
        (["a", {"name": "b"}], 2, "[a, {name: …}]"),
        (["a#;b", "c"], 2, "[a#;b, c]"),
        ({"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": {"i": "x"}}}}}}}}}, 2, "{i: …}"),
    ],
)
def test_what_fits_into_no_cell_is_a_defect_of_its_row_only(value, column, shown):
    bad, fine = rows_of(encode([{"sku": "1", "n": value}, {"sku": "2"}]))
    assert [(d.code, d.column, d.value) for d in bad.defects] == [
        (DefectCode.NESTED_VALUE, column, shown)
    ]
    assert fine.defects == []


def test_two_ways_to_one_column_are_a_defect():
    (row,) = rows_of(b'[{"variant": {"color": "red"}, "attributes": {"color": "blue"}}]')
    assert [(d.code, d.column) for d in row.defects] == [(DefectCode.DUPLICATE_KEY, 1)]


def test_a_variant_of_the_api_is_a_row_of_the_catalog_file():
    document = {**VARIANT_DOCUMENT, "product": {"id": "0190", "name": "ZESTER"}}
    answer = {"status": "success", "data": document}
    assert table(answer) == [{**ZESTER, "Product Name": "ZESTER"}]


def test_products_of_the_api_are_a_row_for_each_variant():
    second = {**VARIANT_DOCUMENT, "sku": "OTHER", "property_sets": [], "attributes": []}
    product = {**PRODUCT, "variants": [VARIANT_DOCUMENT, second]}
    answer = {"status": "success", "data": [product, product], "meta": {"page": 1}}
    shared = {
        "Product Name": "ZESTER",
        "Category Path": "Fans/Ceiling Fans",
        "Tags": "Decorative#;New",
        "Collections": "",
    }
    blank = {key: "" for key in ZESTER if "#;" in key}
    rows = [{**shared, **ZESTER}, {**shared, **ZESTER, **blank, "SKU": "OTHER"}]
    assert table(answer) == rows * 2
    assert [row.number for row in opened(encode(answer))] == [2, 3, 4, 5]


def test_every_column_of_an_api_document_is_one_the_catalog_knows():
    source = opened(encode([{**PRODUCT, "variants": [VARIANT_DOCUMENT]}]))
    assert parse_header(source.header.cells).problems == ()


@pytest.mark.parametrize(
    "property_set",
    [
        None,
        "table",
        {"kind": "table", "name": "x", "entries": [1]},
        {"kind": "table", "name": "x", "entries": True},
        {"kind": "table", "name": "x", "entries": {"key": "a"}},
        {"kind": "table", "name": "x", "entries": [{"value": 1}]},
        {"kind": "list", "name": None, "items": []},
        {"kind": "media", "name": "x", "items": "y"},
        {"kind": ["table"], "name": "x"},
        {"kind": "new", "name": "x"},
    ],
)
def test_an_api_document_that_was_tampered_with_never_crashes(property_set):
    document = {**VARIANT_DOCUMENT, "property_sets": [property_set]}
    rows = rows_of(encode([document, VARIANT_DOCUMENT]))
    assert rows[1].defects == []
    assert all(d.code == DefectCode.NESTED_VALUE for d in rows[0].defects)


@pytest.mark.parametrize("media", [None, "x", [1], [{}], [{"url": "x"}], {"a": 1}])
def test_media_that_were_tampered_with_never_crash(media):
    document = {**VARIANT_DOCUMENT, "media": media}
    rows_of(encode([document]))


def test_a_product_without_variants_is_an_object_like_any_other():
    (row,) = table([{"name": "ZESTER", "variants": []}])
    assert row == {"name": "ZESTER", "variants": ""}
