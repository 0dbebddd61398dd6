"""A header row becomes columns, or every reason why it cannot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.file_format.column_names import split_unit
from catalog.file_format.columns import CANONICAL_HEADERS, Column, Field, Kind
from catalog.file_format.header import parse_header


def only_column(header: str) -> Column:
    return parse_header([header]).columns[0]


def problems(*cells: str, mapping: dict[str, str] | None = None) -> list[tuple[str, str, bool]]:
    return [(p.code, p.header, p.fatal) for p in parse_header(cells, mapping).problems]


@pytest.mark.parametrize("field", Field)
def test_every_fixed_field_is_known_by_its_canonical_header(field):
    header = CANONICAL_HEADERS[field]

    assert only_column(header) == Column(0, header, Kind.FIELD, field)
    assert only_column(header.upper()).field == field
    assert only_column(f"  {header.replace('(', ' ( ')} ").field == field


@pytest.mark.parametrize("alias", ["EAN", "GTIN", "UPC", "Barcode", "bar code"])
def test_an_ean_column_has_several_names(alias):
    assert only_column(alias).field == Field.EAN


@pytest.mark.parametrize(
    "header",
    [
        "Variant #; sweep size(mm)",
        "Variant#;sweep size(mm)",
        "VARIANT   #;   sweep size  ( mm )",
        "variant #;sweep size (mm)",
    ],
)
def test_an_attribute_has_a_name_and_a_unit(header):
    column = only_column(header)

    assert (column.kind, column.name, column.unit) == (Kind.ATTRIBUTE, "sweep size", "mm")
    assert column.header == header


def test_the_case_of_an_invented_name_is_kept():
    assert only_column("variant #; Sweep Size").name == "Sweep Size"


@pytest.mark.parametrize(
    ("header", "kind", "name", "entry", "unit"),
    [
        (
            "Property Set Table #; details #; rated speed(m³/min)",
            Kind.TABLE,
            "details",
            "rated speed",
            "m³/min",
        ),
        (
            "property set table#;additional details#;Rated Voltage (Volts Range)",
            Kind.TABLE,
            "additional details",
            "Rated Voltage",
            "Volts Range",
        ),
        ("PropertySet Table #; details #; blades", Kind.TABLE, "details", "blades", ""),
        ("Property Set List #; Notable Features", Kind.LIST, "Notable Features", "", ""),
        ("Property Set List #; Sizes (all)", Kind.LIST, "Sizes (all)", "", ""),
        ("Property Set Media #; Gallery", Kind.MEDIA, "Gallery", "", ""),
    ],
)
def test_property_sets_are_read_from_their_headers(header, kind, name, entry, unit):
    column = only_column(header)

    assert (column.kind, column.name, column.entry, column.unit) == (kind, name, entry, unit)


@pytest.mark.parametrize(
    ("text", "name", "unit"),
    [
        ("rated speed(m³/min)", "rated speed", "m³/min"),
        ("Rated Voltage (Volts Range)", "Rated Voltage", "Volts Range"),
        ("size (in (us))", "size", "in (us)"),
        ("size (EU) width(cm)", "size (EU) width", "cm"),
        ("no of blades", "no of blades", ""),
        ("(mm)", "(mm)", ""),
        ("size()", "size()", ""),
        ("size (mm) big", "size (mm) big", ""),
        ("size (mm", "size (mm", ""),
    ],
)
def test_a_trailing_parenthesis_is_the_unit(text, name, unit):
    assert split_unit(text) == (name, unit)


@pytest.mark.parametrize(
    ("header", "hint"),
    [
        ("Prise", "Did you mean 'Price'?"),
        ("Catgory Path", "Did you mean 'Category Path'?"),
        ("GTN", "Did you mean 'GTIN'?"),
        ("Length", "Did you mean 'Length(mm)'?"),
        ("Variant", "An attribute is written as 'Variant #; color'"),
        ("Property Set Table #; details", "A property set is written as"),
        ("Property Set Chart #; x", "A property set is written as"),
        ("qwertzuiop", "is not known, so it is left out."),
    ],
)
def test_an_unknown_header_is_reported_with_the_nearest_known_one(header, hint):
    parsed = parse_header(["SKU", header])

    (problem,) = parsed.problems
    assert (problem.code, problem.header, problem.fatal) == ("ignored_header", header, False)
    assert hint in problem.message
    assert parsed.ignored == (header,)
    assert parsed.is_usable


def test_a_column_without_a_header_is_reported_by_its_place():
    (problem,) = parse_header(["SKU", "", "Price"]).problems

    assert problem.message == "Column 2 has no header, so it is left out."
    assert not problem.fatal


@pytest.mark.parametrize(
    "header",
    [
        "Variant #; sweep\nsize",
        "Variant #; sweep size(m\tm)",
        "Property Set List #; a\u2028b",
        "Variant #; " + "n" * 201,
        "Property Set Table #; " + "n" * 140 + " #; " + "e" * 140,
        "Variant #; size(" + "u" * 61 + ")",
        "Property Set Table #; details #; size(" + "u" * 61 + ")",
        "Property Set Table #; #; x",
        "Property Set Media #; ",
        "Variant #; a #; b",
    ],
)
def test_a_name_that_could_not_be_written_back_is_no_column(header):
    assert problems("SKU", header) == [("ignored_header", header.strip(), False)]


def test_a_file_without_a_key_column_is_told_what_is_missing_and_what_was_found():
    parsed = parse_header(["Product Name", "Price", "Kolor"])

    assert not parsed.is_usable
    fatal = [problem for problem in parsed.problems if problem.fatal]
    assert [(problem.code, problem.header) for problem in fatal] == [("missing_key_column", "SKU")]
    assert fatal[0].message == (
        "No column identifies the variants: a 'SKU' or an 'EAN' column is needed. "
        "Found: 'Product Name', 'Price', 'Kolor'. If one of them is it, map it to sku or ean."
    )


@pytest.mark.parametrize("key", ["SKU", "EAN", "barcode"])
def test_a_key_column_is_all_that_a_header_needs(key):
    assert problems(key) == []


@pytest.mark.parametrize(
    "headers",
    [
        ("Price", "price "),
        ("Variant #; color", "variant#;color"),
        ("Variant #; size(mm)", "Variant #; size (mm)"),
        ("Property Set Table #; d #; e", "Property Set Table #;d#;e"),
        ("Property Set List #; f", "property set list #; f"),
        ("GTIN", "gtin"),
    ],
)
def test_the_same_header_twice_is_an_error_that_names_both_columns(headers):
    parsed = parse_header(["SKU", *headers])

    (problem,) = parsed.problems
    assert (problem.code, problem.fatal) == ("repeated_header", True)
    assert problem.message == (
        f"Columns 2 ({headers[0]!r}) and 3 ({headers[1].strip()!r}) are the same; keep one of them."
    )


@pytest.mark.parametrize(
    "headers",
    [
        ("EAN", "GTIN"),
        ("Variant #; size(mm)", "Variant #; size(cm)"),
        ("Variant #; color", "Property Set List #; color"),
        ("Property Set List #; color", "Property Set Media #; color"),
        ("", ""),
    ],
)
def test_headers_that_mean_different_things_may_stand_side_by_side(headers):
    assert not [problem for problem in problems("SKU", *headers) if problem[2]]


def test_all_that_is_wrong_with_a_header_is_said_at_once():
    assert problems("Prise", "Price", "Price") == [
        ("ignored_header", "Prise", False),
        ("repeated_header", "Price", True),
        ("missing_key_column", "SKU", True),
    ]


def test_a_mapping_sends_the_files_columns_to_fields_and_to_headers():
    mapping = {
        "Artikel": "sku",
        "Titre": "title",
        "Prix": "Price",
        "Farbe": "Variant #; color",
        "Länge": "Length(mm)",
    }

    parsed = parse_header([*mapping, "EAN"], mapping)

    assert parsed.problems == ()
    assert [(column.header, column.field or column.name) for column in parsed.columns] == [
        ("Artikel", Field.SKU),
        ("Titre", Field.NAME),
        ("Prix", Field.PRICE),
        ("Farbe", "color"),
        ("Länge", Field.LENGTH),
        ("EAN", Field.EAN),
    ]


def test_a_mapping_wins_over_what_the_header_would_mean():
    parsed = parse_header(["SKU", "Price"], {"Price": "list_price"})

    assert [column.field for column in parsed.columns] == [Field.SKU, Field.LIST_PRICE]


def test_a_mapping_of_columns_and_fields_that_are_not_there_is_refused():
    assert problems("SKU", "Preis", mapping={"Prix": "price", "Preis": "cost"}) == [
        ("mapping_column_missing", "Prix", True),
        ("mapping_field_unknown", "Preis", True),
    ]


def test_a_mapping_to_a_field_that_the_file_has_already_repeats_it():
    assert problems("SKU", "Artikel", mapping={"Artikel": "sku"}) == [
        ("repeated_header", "Artikel", True)
    ]


@given(st.lists(st.text(max_size=60), max_size=8))
def test_any_header_is_answered_and_never_breaks(cells):
    parsed = parse_header(cells)

    assert len(parsed.columns) == len(cells)
    assert parsed.is_usable == (not any(problem.fatal for problem in parsed.problems))


names = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters="#;()"), min_size=1, max_size=20
)


@given(names, names, names)
def test_names_and_units_of_dynamic_headers_come_back_as_they_were_written(name, entry, unit):
    attribute = only_column(f"Variant #; {name}({unit})")
    table = only_column(f"Property Set Table #; {name} #; {entry}({unit})")

    assert (attribute.name, attribute.unit) == (name, unit)
    assert (table.name, table.entry, table.unit) == (name, entry, unit)
