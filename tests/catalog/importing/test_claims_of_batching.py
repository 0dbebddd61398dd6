"""Whatever the batches, the digests or the dry run: random files mean the same each time."""

from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.accounts import AccountFactory
from tests.imports import (
    catalog_of,
    import_rows,
    judgement_of,
    outcome_of_run,
    without_digests,
    without_presuming,
)

pytestmark = pytest.mark.django_db

EANS = ("4006381333931", "036000291452", "00036000291452", "96385074")
#: Few values a column, so that rows meet: same keys, same products, EANs on the move.
CELLS: dict[str, tuple[str, ...]] = {
    "SKU": ("A", "B", "C", "7", "007", "4006381333931", "96385074", "1.22E+11", "122000000000", ""),
    "EAN": ("", *EANS, "4006381333932"),
    "Product Name": ("Fan", "Lamp", "Iron", "Cafe\u0301", "Caf\u00e9", ""),
    "Product Key": ("", "K1", "K2", "Fan"),
    "Category Path": ("", "Home", "Home/Fans", "Home / Fans", "Home//Fans"),
    "Tags": ("", "new", "new#;sale", "sale #; new", "#;"),
    "Collections": ("", "C1#;C2"),
    "Price": ("", "10", "10.00", "1,032.50", "cheap"),
    "Active": ("", "TRUE", "false"),
    "Display Name": ("", "Shown"),
    "Media Paths": ("", "https://a.example/1.png", "https://a.example/1.png#;https://a.example/2"),
    "Variant #; color": ("", "red", "blue"),
    "Property Set Table #; details #; speed(rpm)": ("", "220#;240", "220"),
    "Property Set Table #; details #; blades": ("", "3", "#;"),
    "Property Set List #; features": ("", "a#;b", "#;"),
    "Property Set Media #; gallery": ("", "https://a.example/2"),
}
RARE = sorted(set(CELLS) - {"SKU", "EAN", "Product Name", "Product Key"})

File = tuple[list[str], list[list[str]], dict[str, Any]]


@st.composite
def files(draw: st.DrawFn) -> File:
    keys = draw(st.sampled_from([["SKU"], ["SKU"], ["EAN"], ["SKU", "EAN"]]))
    names = draw(
        st.sampled_from(
            [
                ["Product Name"],
                ["Product Name"],
                ["Product Name", "Product Key"],
                ["Product Key"],
                [],
            ]
        )
    )
    others = draw(st.lists(st.sampled_from(RARE), unique=True, max_size=4))
    header = [*keys, *names, *others]
    rows = draw(
        st.lists(
            st.tuples(*(st.sampled_from(CELLS[name]) for name in header)).map(list),
            min_size=1,
            max_size=7,
        )
    )
    options: dict[str, Any] = {}
    if draw(st.booleans()):
        options["blank_cells"] = "clear"
    if draw(st.integers(0, 5)) == 0:
        options["update_existing"] = False
    return header, rows, options


def run(files: list[File], *, batch_rows: int, **options: Any) -> tuple[Any, Any]:
    account = AccountFactory.create()
    judgements = []
    for header, rows, own in files:
        upload = import_rows(account, header, rows, batch_rows=batch_rows, **{**own, **options})
        judgements.append(judgement_of(upload))
    return judgements, catalog_of(account)


slow = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@slow
@given(st.lists(files(), min_size=1, max_size=3))
def test_batch_sizes_give_the_same_tables_and_issues(files):
    whole = run(files, batch_rows=2_000)

    assert run(files, batch_rows=1) == whole
    assert run(files, batch_rows=3) == whole


@slow
@given(st.lists(files(), min_size=2, max_size=3), st.booleans(), st.sampled_from([1, 2, 2_000]))
def test_digests_change_nothing_but_the_time(files, again, batch_rows):
    files = [*files, files[-1]] if again else files
    whole, catalog = run(files, batch_rows=batch_rows)
    with without_digests():
        judged, compared = run(files, batch_rows=batch_rows)

    assert judged == whole
    for dump in (catalog, compared):
        dump["products"] = [product[:-1] for product in dump["products"]]
    assert compared == catalog


@slow
@given(st.lists(files(), min_size=1, max_size=2), st.sampled_from([1, 2, 3]))
def test_presuming_that_rows_are_new_changes_nothing_but_the_time(files, batch_rows):
    presumed = run(files, batch_rows=batch_rows)

    with without_presuming():
        assert run(files, batch_rows=batch_rows) == presumed


@slow
@given(st.lists(files(), max_size=1), files(), st.sampled_from([1, 2, 2_000]))
def test_a_dry_run_foretells_the_real_run_and_leaves_the_catalog_alone(before, file, batch_rows):
    account = AccountFactory.create()
    for header, rows, options in before:
        import_rows(account, header, rows, **options)
    stored = catalog_of(account)
    header, rows, options = file

    dry = import_rows(account, header, rows, batch_rows=batch_rows, dry_run=True, **options)
    left = catalog_of(account)
    real = import_rows(account, header, rows, batch_rows=batch_rows, **options)

    assert left == stored
    assert outcome_of_run(dry) == outcome_of_run(real)


@slow
@given(st.lists(files(), max_size=1), files(), st.sampled_from([1, 3]))
def test_all_or_nothing_writes_all_that_the_file_says_or_nothing(before, file, batch_rows):
    header, rows, options = file
    usual, careful = AccountFactory.create(), AccountFactory.create()
    for account in (usual, careful):
        for its_header, its_rows, its_options in before:
            import_rows(account, its_header, its_rows, **its_options)
    stored = catalog_of(careful)

    taken = import_rows(usual, header, rows, batch_rows=batch_rows, **options)
    abort = import_rows(careful, header, rows, batch_rows=batch_rows, on_error="abort", **options)

    if taken.failed_rows or not taken.total_rows:
        assert catalog_of(careful) == stored
        assert abort.failed_rows == taken.failed_rows
        assert abort.not_applied_rows == abort.total_rows - abort.failed_rows
    else:
        assert judgement_of(abort) == judgement_of(taken)
        assert catalog_of(careful) == catalog_of(usual)


def crowded_files(seed: int) -> list[File]:
    """Files of nearly every column and forty rows, where everything meets everything."""
    chance = Random(seed)
    headers = [
        [name for name in CELLS if name not in left_out]
        for left_out in ((), ("Product Key",), ("EAN", "Product Name"), ())
    ]
    return [
        (
            header,
            [[_mostly_good(chance, name, number) for name in header] for number in range(40)],
            {"blank_cells": chance.choice(["keep", "clear"])},
        )
        for header in headers
    ]


def _mostly_good(chance: Random, name: str, number: int) -> str:
    if name == "SKU" and chance.random() < 0.8:
        return f"S{number + chance.randint(0, 3)}"
    cell = chance.choice(CELLS[name])
    is_good = cell not in ("cheap", "Home//Fans", "4006381333932")
    return cell if is_good or chance.random() < 0.1 else ""


@pytest.mark.parametrize("seed", [1, 2])
def test_crowded_files_are_the_same_in_batches_of_1_7_and_2000_with_and_without_digests(seed):
    files = crowded_files(seed)
    files.append(files[-1])
    whole = run(files, batch_rows=2_000)
    assert min(judgement["counts"]["failed"] for judgement in whole[0]) > 0
    assert max(judgement["counts"]["failed"] for judgement in whole[0]) < 40

    assert run(files, batch_rows=1) == whole
    assert run(files, batch_rows=7) == whole
    with without_digests():
        judged, _ = run(files, batch_rows=7)
    assert judged == whole[0]
    with without_presuming():
        assert run(files, batch_rows=7) == whole


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_files_of_mostly_new_rows_are_the_same_whether_they_are_presumed_new_or_looked_up(seed):
    """Nearly all rows create, products go on from batch to batch, and now and then all is odd."""
    chance = Random(seed)
    header = ["SKU", "EAN", "Product Name", "Category Path", "Tags", "Price", "Media Paths"]
    rows = [_mostly_new(chance, header, number) for number in range(80)]
    known = [_mostly_new(chance, header, number) for number in (33, 61)]
    files: list[File] = [(header, known, {}), (header, rows, {}), (header, rows[::-1], {})]
    with without_presuming():
        looked_up = [run(files[start:], batch_rows=5) for start in (0, 1)]

    assert [run(files[start:], batch_rows=5) for start in (0, 1)] == looked_up
    created = looked_up[1][0][0]["counts"]["created"]
    assert 60 < created < 80


def _mostly_new(chance: Random, header: list[str], number: int) -> list[str]:
    odd = chance.random() < 0.04
    row = dict.fromkeys(header, "") | {
        "SKU": chance.choice(CELLS["SKU"]) if odd else f"N{number}",
        "EAN": chance.choice(CELLS["EAN"]) if chance.random() < 0.04 else "",
        "Product Name": chance.choice(("Fan", "")) if odd else f"Product {number // 4}",
        "Category Path": chance.choice(("Home", "Home/Fans")),
        "Price": "10",
        "Media Paths": f"https://a.example/{number // 3}.png",
    }
    return [row[name] for name in header]
