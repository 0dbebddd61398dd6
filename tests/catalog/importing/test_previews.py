"""What the preview of a dry run tells: fields, a sample of rows, prices that jump, new names."""

from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Account
from bulk_uploads import services, tasks
from bulk_uploads.models import BulkUpload, Preview
from bulk_uploads.preview_notes import (
    MOST_JUMPS,
    SAMPLE_ROWS,
    ChangedField,
    FieldChange,
    Jump,
    PreviewNotes,
    by_row,
)
from bulk_uploads.previews import notes_of
from tests.catalog.importing.test_claims_of_batching import File, crowded_files, files, slow
from tests.factories.accounts import AccountFactory
from tests.imports import (
    catalog_of,
    counts,
    csv_bytes,
    draft,
    import_rows,
    outcome_of_run,
    run_to_end,
    without_digests,
)

few = settings(slow, max_examples=8)

pytestmark = pytest.mark.django_db

HEADER = ["SKU", "Product Name", "Price"]


@pytest.fixture
def account() -> Account:
    return AccountFactory.create()


def preview(
    account: Account, header: list[str], rows: list[list[str]], **options: Any
) -> PreviewNotes:
    return notes_of(import_rows(account, header, rows, dry_run=True, **options))


def variant_id(account: Account, sku: str) -> int:
    return account.variants.get(sku=sku).pk


class TestChangedFields:
    HEADER = [
        "SKU",
        "EAN",
        "Product Name",
        "Product Key",
        "Tags",
        "Category Path",
        "Active",
        "List Price",
        "Media Paths",
        "Variant #; sweep size(mm)",
        "Property Set Table #; details #; speed(rpm)",
        "Property Set List #; Notable Features",
        "Property Set Media #; Gallery",
    ]
    BEFORE = [
        *("A", "", "Fan", "K1", "old", "Home", "TRUE", "10", "https://a.example/1", "1200"),
        *("220", "a#;b", ""),
    ]
    AFTER = [
        *("A", "4006381333931", "Big Fan", "K1", "old#;new", "Home/Fans", "FALSE", "10.50"),
        *("https://a.example/2", "1400", "220#;240", "a", "https://a.example/3"),
    ]

    def test_are_told_in_words_before_and_after(self, account):
        import_rows(account, self.HEADER, [self.BEFORE])

        notes = preview(account, self.HEADER, [self.AFTER])

        (change,) = notes.sample
        assert (change.row, change.key, change.object_id) == (2, "A", variant_id(account, "A"))
        assert sorted([*change.fields]) == sorted(
            [
                FieldChange("EAN", "", "4006381333931"),
                FieldChange("Active", "yes", "no"),
                FieldChange("List price", "10", "10.50"),
                FieldChange("Pictures", "https://a.example/1", "https://a.example/2"),
                FieldChange("sweep size (mm)", "1200", "1400"),
                FieldChange("details: speed (rpm)", "220", "220, 240"),
                FieldChange("Notable Features", "a, b", "a"),
                FieldChange("Gallery", "", "https://a.example/3"),
                FieldChange("Product name", "Fan", "Big Fan"),
                FieldChange("Category", "Home", "Home/Fans"),
                FieldChange("Tags", "old", "old, new"),
            ]
        )
        assert change.more == 0

    def test_are_counted_each(self, account):
        import_rows(account, HEADER, [[f"S{n}", "Fan", "10"] for n in range(10)])
        rows = [[f"S{n}", "Fan" if n else "Fan ", "11" if n % 2 else "10"] for n in range(10)]
        rows[4][1] = "Lamp"

        notes = preview(account, HEADER, rows)

        assert notes.fields == {
            ChangedField("Price", "variants"): 5,
            ChangedField("Product", "variants"): 1,
        }

    def test_a_row_with_many_shows_the_first_of_them(self, account):
        header = ["SKU", "Product Name", *(f"Variant #; a{n}" for n in range(20))]
        import_rows(account, header, [["A", "Fan", *["x"] * 20]])

        (change,) = preview(account, header, [["A", "Fan", *["y"] * 20]]).sample

        assert (len(change.fields), change.more) == (12, 8)

    def test_long_texts_are_cut(self, account):
        header = ["SKU", "Product Name", "Description"]
        import_rows(account, header, [["A", "Fan", "x" * 500]])

        (change,) = preview(account, header, [["A", "Fan", "y" * 160]]).sample

        assert change.fields == (FieldChange("Description", "x" * 159 + "…", "y" * 160),)

    def test_a_first_import_changes_none(self, account):
        notes = preview(account, HEADER, [["A", "Fan", "10"]])

        assert (notes.fields, notes.sample, notes.jump_count) == ({}, [], 0)


class TestSample:
    def test_is_bounded_and_spread_over_the_file(self, account):
        import_rows(account, HEADER, [[f"S{n}", "Fan", "10"] for n in range(1_000)])

        notes = preview(account, HEADER, [[f"S{n}", "Fan", "11"] for n in range(1_000)])

        rows = [change.row for change in by_row(notes.sample)]
        assert len(rows) == SAMPLE_ROWS
        # Of fifty parts of the file, nearly each has one.
        assert len({(row - 2) * SAMPLE_ROWS // 1_000 for row in rows}) > 40
        assert notes.fields == {ChangedField("Price", "variants"): 1_000}


class TestJumps:
    @pytest.mark.parametrize(
        ("before", "after", "ratio"),
        [
            ("10", "20.01", 2.001),
            ("10", "4.99", 0.499),
            ("10", "0", None),
            ("0", "0.01", None),
        ],
    )
    def test_more_than_double_or_less_than_half_is_one(self, account, before, after, ratio):
        import_rows(account, HEADER, [["A", "Fan", before]])

        notes = preview(account, HEADER, [["A", "Fan", after]])

        pk = variant_id(account, "A")
        assert notes.jumps == [Jump(2, "A", pk, "Price", before, after, ratio)]
        assert notes.jump_count == 1
        assert notes.rule == (
            "Prices and list prices that would become more than double, or less than half, of "
            "what they are."
        )

    @pytest.mark.parametrize(("before", "after"), [("10", "20"), ("10", "5"), ("", "9"), ("9", "")])
    def test_just_double_or_half_or_a_first_or_no_price_is_none(self, account, before, after):
        import_rows(account, HEADER, [["A", "Fan", before]])

        notes = preview(account, HEADER, [["A", "Fan", after]], blank_cells="clear")

        assert (notes.jumps, notes.jump_count, notes.rule) == ([], 0, "")

    def test_the_operator_may_widen_what_is_usual(self, account, settings):
        settings.PRICE_JUMP_FACTOR = 3
        import_rows(account, HEADER, [["A", "Fan", "10"], ["B", "Fan", "10"]])

        notes = preview(account, HEADER, [["A", "Fan", "30"], ["B", "Fan", "31"]])

        assert [jump.key for jump in notes.jumps] == ["B"]
        assert "more than 3 times, or less than 1/3 of, what they are" in notes.rule

    def test_the_furthest_come_first_and_all_are_counted(self, account):
        header = ["SKU", "Product Name", "Price", "List Price"]
        numbers = range(1, 201)
        import_rows(account, header, [[f"S{n}", "Fan", "1000", "1000"] for n in numbers])

        rows = [[f"S{n}", "Fan", str(1000 * (n + 2)), "0" if n == 7 else "1000"] for n in numbers]
        notes = preview(account, header, rows)

        assert (len(notes.jumps), notes.jump_count) == (MOST_JUMPS, 201)
        named = [(jump.key, jump.field, jump.ratio) for jump in notes.jumps[:3]]
        assert named == [("S7", "List price", None), ("S200", "Price", 202), ("S199", "Price", 201)]


class TestNewNames:
    def test_are_what_the_import_would_make(self, account):
        header = ["SKU", "Product Name", "Category Path", "Tags", "Variant #; size(mm)"]
        import_rows(account, header[:4], [["A", "Fan", "Home", "old"]])
        rows = [["A", "Fan", "Home/Fans", "old#;new", "1"], ["B", "Lamp", "Garden/Light", "", "2"]]

        notes = preview(
            account, [*header, "Property Set List #; Features"], [[*r, "a"] for r in rows]
        )

        assert notes.new_names == {
            "attributes": ["size (mm)"],
            "categories": ["Garden", "Garden/Light", "Home/Fans"],
            "property sets": ["Features"],
            "tags": ["new"],
        }

    def test_a_row_that_does_not_decide_makes_none(self, account):
        header = ["SKU", "Product Name", "Tags"]
        rows = [["A", "Fan", "first"], ["B", "Fan", "second"]]

        for batch_rows in (1, 2):
            notes = preview(account, header, rows, batch_rows=batch_rows)
            assert notes.new_names == {"tags": ["first"]}


def test_a_real_run_and_a_check_before_it_keep_no_notes(account):
    import_rows(account, HEADER, [["A", "Fan", "10"]])
    import_rows(account, HEADER, [["A", "Fan", "50"]])
    import_rows(account, HEADER, [["A", "Fan", "500"]], on_error="abort")

    assert not Preview.objects.exists()


def test_a_file_that_changes_nothing_needs_no_notes(account):
    import_rows(account, HEADER, [["A", "Fan", "10"]])
    dry = import_rows(account, HEADER, [["A", "Fan", "10"]], dry_run=True)

    assert not Preview.objects.exists()
    assert not notes_of(dry)


def test_notes_cost_a_batch_one_query():
    spent = []
    for count in (20, 200):
        account = AccountFactory.create()
        import_rows(account, HEADER, [[f"S{n}", "Fan", "10"] for n in range(count)])
        upload = draft(
            account, csv_bytes(HEADER, [[f"S{n}", "Fan", "50"] for n in range(count)]), dry_run=True
        )
        # Without digests: on PostgreSQL the second batch may be on its way already when the first
        # shows that recognising rows is in vain, and then costs a query more.
        with CaptureQueriesContext(connection) as captured, without_digests():
            while tasks.run_slice(upload.pk, batch_rows=10):
                pass
        notes = [query for query in captured if "bulk_uploads_preview" in query["sql"]]
        assert len(notes) == count // 10 + 1
        spent.append(len(captured))

    one = (spent[1] - spent[0]) / 18
    assert one == int(one)


def run(before: list[File], file: File, *, batch_rows: int) -> tuple[Any, Any, BulkUpload]:
    """The preview's notes, with ids left out, and how it ended."""
    account = AccountFactory.create()
    for header, rows, options in before:
        import_rows(account, header, rows, **options)
    header, rows, options = file
    dry = import_rows(account, header, rows, batch_rows=batch_rows, dry_run=True, **options)
    document = notes_of(dry).as_document()
    document["sample"] = [[*each[:2], *each[3:]] for each in document["sample"]]
    document["jumps"] = [(*each[:2], *each[3:]) for each in document["jumps"]]
    return document, outcome_of_run(dry), dry


@few
@given(st.lists(files(), max_size=1), files())
def test_batches_do_not_show_in_a_preview(before, file):
    whole = run(before, file, batch_rows=2_000)[:2]

    assert run(before, file, batch_rows=1)[:2] == whole
    assert run(before, file, batch_rows=3)[:2] == whole


@few
@given(st.lists(files(), max_size=1), files(), st.booleans())
def test_an_import_of_a_preview_comes_out_as_it_said(before, file, strict):
    header, rows, options = file
    absent = {"absent": "deactivate", "absent_share": 60}
    *_, dry = run(before, (header, rows, {**options, **absent}), batch_rows=3)
    if dry.status != "success":
        return

    real = run_to_end(services.run_dry_run(upload=dry, strict=strict), batch_rows=2)

    assert outcome_of_run(real) == outcome_of_run(dry)
    assert real.output["differences"] == 0
    assert real.output["deactivated"] == dry.output["deactivated"]


@pytest.mark.parametrize("seed", [1, 2])
def test_crowded_files_give_one_preview_in_batches_of_1_7_and_2000(seed):
    *before, file = crowded_files(seed)
    whole = run(before, file, batch_rows=2_000)[:2]
    assert whole[0]["sample"]

    assert run(before, file, batch_rows=1)[:2] == whole
    assert run(before, file, batch_rows=7)[:2] == whole


def test_what_a_preview_counts_per_field_is_what_the_import_logs(account):
    chance = Random(3)
    import_rows(account, HEADER, [[f"S{n}", f"Fan {n // 3}", "10"] for n in range(60)])
    rows = [[f"S{n}", f"Fan {n // 3}", chance.choice(["10", "11", "30"])] for n in range(60)]
    dry = import_rows(account, HEADER, rows, dry_run=True)

    real = run_to_end(services.run_dry_run(upload=dry))

    changed = sum(1 for kind, *_, fields in catalog_of(account)["changes"] if "price" in fields)
    assert notes_of(dry).fields == {ChangedField("Price", "variants"): changed}
    assert counts(real)["updated"] == changed
