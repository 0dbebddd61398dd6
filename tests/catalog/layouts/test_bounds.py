"""What a layout remembers is bounded, and what leans on what is known."""

import pytest

from bulk_uploads.layouts import GroupsRows
from bulk_uploads.readers.base import RawRow, UnreadableFile
from catalog.file_format.cells import NumberFormat
from catalog.layouts import LayoutContext, recognise
from catalog.layouts.base import MadeColumns, Memory, one_line
from catalog.layouts.groups import neighbours
from jobs import clock
from tests.catalog.layouts import test_attribute_systems, test_feeds, test_shopify
from tests.catalog.layouts import test_woocommerce as woo
from tests.catalog.layouts.files import table


def groups(*rows, header=()):
    """What the rows are part of, by the layout that their header is recognised to be of."""
    names, cells = table(*rows, header=header)
    layout = recognise(names, LayoutContext(NumberFormat("USD"), clock.now()))
    assert isinstance(layout, GroupsRows)
    return [set(layout.groups_of(each)) for each in cells]


def test_neighbours_of_one_key_are_a_group_however_they_are_bounded():
    rows = [RawRow(number, [key, "x" * 9]) for number, key in enumerate("aaabb", 2)]

    def shapes(**bounds):
        found = neighbours(rows, lambda row: row.cells[0], **bounds)
        return [(group.key, len(group.rows), group.goes_on) for group in found]

    assert shapes() == [("a", 3, False), ("b", 2, False)]
    assert shapes(most_rows=2) == [("a", 2, False), ("a", 1, True), ("b", 2, False)]
    assert shapes(most_chars=15) == [
        ("a", 1, False),
        ("a", 1, True),
        ("a", 1, True),
        ("b", 1, False),
        ("b", 1, True),
    ]


def test_rows_without_a_key_stand_alone():
    rows = [RawRow(number, [""]) for number in (2, 3)]

    assert [len(group.rows) for group in neighbours(rows, lambda row: "")] == [1, 1]


def test_a_file_with_too_much_to_remember_is_refused():
    memory = Memory(most=1_000)
    memory.keep("x" * 800)

    with pytest.raises(UnreadableFile, match="more parent products than can be held"):
        memory.keep("y")


def test_a_file_with_too_many_attributes_is_refused():
    made = MadeColumns()
    for number in range(300):
        made.attribute(f"name {number}", "Option1 Value")

    with pytest.raises(UnreadableFile, match="more than 300 attributes"):
        made.attribute("one more", "Option1 Value")


def test_two_spellings_of_an_attribute_are_one_column():
    made = MadeColumns()

    assert made.attribute("Colour", "Option1 Value") == made.attribute("colour ", "Option2 Value")
    assert [tuple(column) for column in made.columns()] == [("Variant #; Colour", "Option1 Value")]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (" Size\n(ml) ", "Size (ml)"),
        ("a#;b", "a b"),
        ("\x07", "unnamed"),
        ("x" * 300, "x" * 200),
    ],
    ids=ascii,
)
def test_any_name_becomes_one_that_a_header_can_hold(name, expected):
    assert one_line(name) == expected


def test_rows_lean_on_the_others_of_their_product():
    assert groups(test_shopify.MUG, test_shopify.PICTURE, test_shopify.HAT) == [
        {"mug"},
        {"mug"},
        {"hat"},
    ]
    assert groups(woo.TEE, woo.RED, woo.BLUE, woo.CAP, header=woo.HEADER) == [
        {"tee", "id:7"},
        {"tee-red", "id:8", "tee"},
        {"tee-blue", "id:9", "id:7"},
        {"cap", "id:10"},
    ]
    magento = (test_attribute_systems.SMALL, test_attribute_systems.HOODIE)
    assert groups(*magento, header=test_attribute_systems.MAGENTO) == [
        {"MH01-S"},
        {"MH01", "MH01-S", "MH01-L"},
    ]
    assert groups(test_feeds.SHIRT, test_feeds.LAMP, header=test_feeds.GOOGLE) == [{"G"}, set()]
