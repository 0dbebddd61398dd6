"""The benchmark's files: the same bytes each time, and just the changes asked for."""

import csv
from pathlib import Path

from benchmarks.generate_catalog import HEADER, Repricing, rows, write_catalog
from catalog.file_format.header import parse_header

PRICE = HEADER.index("Price")


def test_the_same_rows_come_again():
    assert list(rows(50)) == list(rows(50))


def test_a_longer_file_begins_with_the_shorter_one():
    assert list(rows(80))[:50] == list(rows(50))


def test_every_header_is_understood():
    assert parse_header(HEADER).problems == ()


def test_products_have_three_to_five_variants():
    names = [row[0] for row in rows(400)]
    counts = {names.count(name) for name in names if name != names[-1]}
    assert counts == {3, 4, 5}


def test_every_tenth_row_gets_another_price_and_nothing_else_changes():
    before = list(rows(40))
    after = list(rows(40, repricing=Repricing(every=10, by=1)))
    changed = [place for place in range(40) if before[place] != after[place]]
    assert changed == [0, 10, 20, 30]
    for place in changed:
        assert float(after[place][PRICE]) == float(before[place][PRICE]) + 1
        assert after[place][:PRICE] == before[place][:PRICE]
        assert after[place][PRICE + 1 :] == before[place][PRICE + 1 :]


def test_the_file_holds_the_header_and_the_rows(tmp_path: Path):
    write_catalog(tmp_path / "catalog.csv", 5)
    with (tmp_path / "catalog.csv").open(newline="", encoding="utf-8") as file:
        assert list(csv.reader(file)) == [list(HEADER), *rows(5)]
