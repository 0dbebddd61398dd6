"""Names that tell the SKU, on any system, and that no two files share."""

from urllib.parse import unquote

import pytest

from imagery.marketplace_sets.file_names import FileNames, safe_stem


@pytest.mark.parametrize(
    ("sku", "stem"),
    [
        ("FH-1_b.2", "FH-1_b.2"),
        ("A/B", "A%2FB"),
        ("..\\x", "%2E.%5Cx"),
        ("../x", "%2E.%2Fx"),
        ("nul", "%6Eul"),
        ("Con.x", "%43on.x"),
        ("console", "console"),
        ("50% *?", "50%25%20%2A%3F"),
        ("ä~", "%C3%A4%7E"),
    ],
)
def test_a_sku_becomes_a_safe_name_that_can_be_read_back(sku, stem):
    assert safe_stem(sku) == stem
    assert unquote(stem) == sku


def test_long_skus_are_cut_and_still_told_apart():
    one, other = (safe_stem("ü" * 100 + end) for end in "ab")

    assert one != other
    assert len(one) == len(other) == 120


def test_names_that_differ_by_capitals_alone_are_told_apart():
    names = FileNames("ebay")

    first, second = names.of("a1", ["hero"]), names.of("A1", ["hero"])

    assert first == ["a1-hero.jpg"]
    assert second[0].startswith("A1~")


def test_amazon_gets_the_codes_it_knows():
    roles = ["hero", "angle_1", "angle_2", "lifestyle", "swatch_grid"]

    assert FileNames("amazon").of("B1", roles) == [
        "B1.MAIN.jpg",
        "B1.PT01.jpg",
        "B1.PT02.jpg",
        "B1.PT03.jpg",
        "B1.SWCH.jpg",
    ]
    assert FileNames("myntra").of("B1", roles[:2]) == ["B1-hero.jpg", "B1-angle_1.jpg"]
