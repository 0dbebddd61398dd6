"""EANs identify variants: as the key of a row without SKU, and as a value that is unique."""

import pytest

from tests.catalog.importing.stored import eans, variant
from tests.imports import catalog_of, counts, import_rows, issues, messages, outcomes

ONE, TWO, THREE = "4006381333931", "96385074", "10012345000017"
UPC = "036000291452"
HEADER = ["SKU", "EAN", "Product Name"]
IN_BATCHES = pytest.mark.parametrize("batch_rows", [1, 2, 2_000])
DRY_OR_NOT = pytest.mark.parametrize("dry_run", [False, True])


@IN_BATCHES
def test_a_row_without_sku_is_matched_by_its_ean(account, batch_rows):
    import_rows(account, HEADER, [["A", ONE, "Fan"], ["B", TWO, "Fan"]])

    upload = import_rows(
        account, ["EAN", "Price"], [[ONE, "10"], [TWO, "11"]], batch_rows=batch_rows
    )

    assert counts(upload) == {"updated": 2}
    assert (variant(account, "A").price, variant(account, "B").price) == (10, 11)
    assert list(upload.row_results.order_by("row").values_list("key", flat=True)) == ["A", "B"]


@pytest.mark.parametrize("written", [UPC, f"0{UPC}", f"00{UPC}"])
def test_eans_are_matched_padded_to_14_digits_and_stored_as_given(account, written):
    import_rows(account, HEADER, [["A", UPC, "Fan"]])
    assert variant(account, "A").gtin == f"00{UPC}"

    upload = import_rows(account, ["EAN", "Price"], [[written, "10"]])

    assert counts(upload) == {"updated": 1}
    assert eans(account) == {"A": written}
    assert variant(account, "A").price == 10


@IN_BATCHES
def test_a_variant_whose_sku_reads_like_the_ean_and_that_has_none_gets_it(account, batch_rows):
    import_rows(account, HEADER, [[ONE, "", "Fan"]])

    upload = import_rows(account, ["EAN", "Price"], [[ONE, "10"]], batch_rows=batch_rows)

    assert counts(upload) == {"updated": 1}
    assert eans(account) == {ONE: ONE}
    assert variant(account, ONE).price == 10


@IN_BATCHES
def test_an_ean_that_nobody_has_makes_a_variant_with_that_sku(account, batch_rows):
    upload = import_rows(account, ["EAN", "Product Name"], [[ONE, "Fan"]], batch_rows=batch_rows)

    assert counts(upload) == {"created": 1}
    assert eans(account) == {ONE: ONE}
    assert counts(import_rows(account, ["EAN", "Product Name"], [[ONE, "Fan"]])) == {"unchanged": 1}


@IN_BATCHES
@DRY_OR_NOT
def test_a_namesake_with_another_ean_is_an_issue_that_names_it(account, batch_rows, dry_run):
    import_rows(account, HEADER, [[ONE, TWO, "Fan"]])

    upload = import_rows(
        account, ["EAN", "Product Name"], [[ONE, "Fan"]], batch_rows=batch_rows, dry_run=dry_run
    )

    assert outcomes(upload) == {2: "failed"}
    assert issues(upload) == [(2, "EAN", ONE, "ean_taken")]
    assert messages(upload) == [
        f"No variant has EAN {ONE}, and SKU '{ONE}', which reads the same, has EAN {TWO}. "
        "Give the row a SKU."
    ]
    assert eans(account) == {ONE: TWO}


@IN_BATCHES
@DRY_OR_NOT
def test_a_namesake_that_an_earlier_row_is_about_repeats_that_row(account, batch_rows, dry_run):
    import_rows(account, HEADER, [[ONE, TWO, "Fan"]])

    upload = import_rows(
        account,
        HEADER,
        [[ONE, "", "Fan"], ["", ONE, "Fan"]],
        batch_rows=batch_rows,
        dry_run=dry_run,
        blank_cells="clear",
    )

    assert outcomes(upload) == {2: "updated", 3: "failed"}
    assert issues(upload) == [(3, "SKU", ONE, "repeated_key")]


@IN_BATCHES
@DRY_OR_NOT
def test_an_ean_of_another_variant_is_an_issue_that_names_its_sku(account, batch_rows, dry_run):
    import_rows(account, HEADER, [["A", ONE, "Fan"]])

    upload = import_rows(
        account,
        HEADER,
        [["B", ONE, "Fan"], ["C", TWO, "Fan"], ["D", TWO, "Fan"]],
        batch_rows=batch_rows,
        dry_run=dry_run,
    )

    assert outcomes(upload) == {2: "failed", 3: "created", 4: "failed"}
    assert issues(upload) == [(2, "EAN", ONE, "ean_taken"), (4, "EAN", TWO, "ean_taken")]
    assert messages(upload) == [
        f"EAN {ONE} belongs to SKU 'A' already. An EAN identifies one variant.",
        f"EAN {TWO} belongs to SKU 'C' already. An EAN identifies one variant.",
    ]


@IN_BATCHES
@DRY_OR_NOT
def test_an_ean_may_be_taken_once_an_earlier_row_has_given_it_up(account, batch_rows, dry_run):
    import_rows(account, HEADER, [["A", ONE, "Fan"], ["B", TWO, "Fan"]])

    upload = import_rows(
        account,
        HEADER,
        [["A", THREE, "Fan"], ["B", ONE, "Fan"], ["N", TWO, "Fan"]],
        batch_rows=batch_rows,
        dry_run=dry_run,
    )

    assert outcomes(upload) == {2: "updated", 3: "updated", 4: "created"}
    assert issues(upload) == []
    given = {"A": ONE, "B": TWO} if dry_run else {"A": THREE, "B": ONE, "N": TWO}
    assert eans(account) == given


@IN_BATCHES
@DRY_OR_NOT
def test_two_variants_cannot_swap_eans_because_rows_are_judged_in_order(
    account, batch_rows, dry_run
):
    import_rows(account, HEADER, [["A", ONE, "Fan"], ["B", TWO, "Fan"]])

    upload = import_rows(
        account,
        HEADER,
        [["A", TWO, "Fan"], ["B", ONE, "Fan"]],
        batch_rows=batch_rows,
        dry_run=dry_run,
    )

    assert outcomes(upload) == {2: "failed", 3: "failed"}
    assert [issue[3] for issue in issues(upload)] == ["ean_taken", "ean_taken"]
    assert eans(account) == {"A": ONE, "B": TWO}


@IN_BATCHES
@DRY_OR_NOT
def test_a_cleared_ean_is_free_for_a_later_row(account, batch_rows, dry_run):
    import_rows(account, HEADER, [["A", ONE, "Fan"]])

    upload = import_rows(
        account,
        HEADER,
        [["A", "", "Fan"], ["B", ONE, "Fan"]],
        batch_rows=batch_rows,
        dry_run=dry_run,
        blank_cells="clear",
    )

    assert outcomes(upload) == {2: "updated", 3: "created"}
    assert eans(account) == ({"A": ONE} if dry_run else {"A": "", "B": ONE})


@IN_BATCHES
def test_a_row_that_fails_gives_up_no_ean(account, batch_rows):
    header = [*HEADER, "Price"]
    import_rows(account, HEADER, [["A", ONE, "Fan"]])

    upload = import_rows(
        account,
        header,
        [["A", TWO, "Fan", "cheap"], ["B", ONE, "Fan", "1"], ["C", TWO, "Fan", "1"]],
        batch_rows=batch_rows,
    )

    assert outcomes(upload) == {2: "failed", 3: "failed", 4: "created"}
    assert eans(account) == {"A": ONE, "C": TWO}


@pytest.mark.parametrize("header", ["EAN", "GTIN", "UPC", "Barcode"])
def test_any_of_its_names_makes_a_column_of_eans(account, header):
    import_rows(account, ["SKU", header, "Product Name"], [["A", ONE, "Fan"]])

    assert eans(account) == {"A": ONE}


def test_the_first_ean_that_is_not_blank_wins_and_disagreement_is_warned_of(account):
    upload = import_rows(
        account,
        ["SKU", "UPC", "EAN", "Barcode", "Product Name"],
        [
            ["A", "", ONE, TWO, "Fan"],
            ["B", UPC, f"0{UPC}", "", "Fan"],
            ["C", THREE, "", "nonsense", "Fan"],
        ],
    )

    assert counts(upload) == {"created": 3}
    assert eans(account) == {"A": ONE, "B": UPC, "C": THREE}
    assert issues(upload) == [
        (2, "Barcode", TWO, "ean_disagrees"),
        (4, "Barcode", "nonsense", "ean_disagrees"),
    ]
    assert upload.warnings == 2


def test_a_disagreement_is_warned_of_each_time_even_if_nothing_changes(account):
    header, row = ["SKU", "EAN", "UPC", "Product Name"], ["A", ONE, TWO, "Fan"]
    import_rows(account, header, [row])

    upload = import_rows(account, header, [row])

    assert counts(upload) == {"unchanged": 1}
    assert issues(upload) == [(2, "UPC", TWO, "ean_disagrees")]


@pytest.mark.parametrize("ean", ["4006381333932", "12345", "ABC"])
def test_an_ean_that_is_none_fails_its_row(account, ean):
    upload = import_rows(account, HEADER, [["A", ean, "Fan"]])

    assert issues(upload) == [(2, "EAN", ean, "validation_error")]
    assert messages(upload)[0].startswith("Invalid EAN format.")
    assert catalog_of(account)["variants"] == []


def test_the_same_ean_may_be_used_by_two_accounts(account):
    other = type(account).objects.create(slug="other", name="Other", currency="INR")
    import_rows(account, HEADER, [["A", ONE, "Fan"]])

    assert counts(import_rows(other, HEADER, [["B", ONE, "Fan"]])) == {"created": 1}
    assert counts(import_rows(other, ["EAN", "Price"], [[ONE, "5"]])) == {"updated": 1}
    assert variant(account, "A").price is None
