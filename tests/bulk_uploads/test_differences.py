"""An import of a preview: rows that come out otherwise are listed, or stop it if it is strict."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from bulk_uploads import services, tasks
from bulk_uploads.differences import differences_of
from bulk_uploads.errors import AlreadyRunning
from bulk_uploads.models import BulkUpload, Outcome, RowDifference, Status
from catalog.editing import create_variant
from catalog.writing.context import Actor
from tests.factories.accounts import AccountFactory, UserFactory
from tests.imports import catalog_of, counts, import_rows, interrupted, outcomes, run_to_end

pytestmark = pytest.mark.django_db

HEADER = ["SKU", "Product Name", "Price"]
ROWS = [[f"S{number}", "Fan", str(number + 1)] for number in range(10)]


@pytest.fixture
def account() -> Account:
    return AccountFactory.create()


def preview(account: Account, rows=ROWS, **options) -> BulkUpload:
    dry = import_rows(account, HEADER, rows, dry_run=True, **options)
    assert dry.status == Status.SUCCESS
    return dry


def run(dry: BulkUpload, *, strict: bool = False, batch_rows: int = 3) -> BulkUpload:
    return run_to_end(services.run_dry_run(upload=dry, strict=strict), batch_rows=batch_rows)


def differences(upload: BulkUpload) -> list[tuple[int, str | None, str, str | None, str | None]]:
    """(row, key, outcome, expected key, expected outcome)"""
    return [
        (
            found.row,
            found.key,
            Outcome(found.outcome).label,
            found.expected_key,
            Outcome(found.expected_outcome).label if found.expected_outcome else None,
        )
        for found in differences_of(upload)
    ]


def test_nothing_differs_where_nothing_has_happened(account):
    real = run(preview(account))

    assert (differences(real), real.output["differences"]) == ([], 0)
    assert real.output["message"] == "10 rows taken: 10 created."


@pytest.mark.parametrize("batch_rows", [1, 3, 2_000])
@pytest.mark.parametrize("on_error", ["skip_rows", "abort"])
def test_rows_that_came_out_otherwise_are_listed(account, batch_rows, on_error):
    dry = preview(account, on_error=on_error)
    import_rows(account, HEADER, [ROWS[3], ["S8", "Fan", "1"]])

    real = run(dry, batch_rows=batch_rows)

    assert differences(real) == [
        (5, "S3", "unchanged", "S3", "created"),
        (10, "S8", "updated", "S8", "created"),
    ]
    assert real.status == Status.SUCCESS
    assert real.output["differences"] == 2
    assert real.output["message"].endswith("2 rows came out otherwise than in the preview.")


def test_a_row_that_fails_now_differs(account):
    header = ["SKU", "EAN", "Product Name"]
    dry = import_rows(account, header, [["A", "4006381333931", "Fan"]], dry_run=True)
    import_rows(account, header, [["OTHER", "4006381333931", "Fan"]])

    real = run(dry)

    assert differences(real) == [(2, "A", "failed", "A", "created")]
    assert (real.status, real.output["differences"]) == (Status.FAILURE, 1)


def test_a_row_that_is_about_another_key_differs(account):
    dry = import_rows(account, ["EAN", "Product Name"], [["4006381333931", "Fan"]], dry_run=True)
    import_rows(account, ["SKU", "EAN", "Product Name"], [["MINE", "4006381333931", "Fan"]])

    real = run(dry)

    assert differences(real) == [(2, "MINE", "unchanged", "4006381333931", "created")]


def test_a_row_that_the_preview_does_not_know_differs(account):
    dry = preview(account)
    dry.row_results.filter(row=4).delete()

    assert differences(run(dry)) == [(4, "S2", "created", None, None)]


def test_an_upload_that_no_preview_came_before_has_no_differences(account):
    upload = import_rows(account, HEADER, ROWS)

    assert "differences" not in upload.output


class TestStrict:
    def test_stops_before_the_batch_that_differs_and_keeps_those_before(self, account):
        dry = preview(account)
        import_rows(account, HEADER, [ROWS[4], ROWS[5]])
        changes = catalog_of(account)["changes"]

        real = run(dry, strict=True, batch_rows=3)

        assert (real.status, real.output["code"]) == (Status.FAILURE, "differs_from_preview")
        assert real.output["message"] == (
            "Stopped, because it differs from the preview: row 6 (S4): created expected, would be "
            "unchanged; row 7 (S5): created expected, would be unchanged. Its batch was not "
            "written. 3 rows applied before it stay; 7 rows not applied. Preview the file again to "
            "see what it would do now."
        )
        assert outcomes(real) == {2: "created", 3: "created", 4: "created"}
        assert counts(real) == {"created": 3, "not_applied": 7}
        assert sorted(account.variants.values_list("sku", flat=True)) == [
            *("S0", "S1", "S2", "S4", "S5")
        ]
        assert catalog_of(account)["changes"] == changes
        assert [row for row, *_ in differences(real)] == [6, 7]
        assert real.output["differences"] == 2

    def test_writes_all_where_nothing_differs(self, account):
        real = run(preview(account), strict=True)

        assert (real.status, counts(real)) == (Status.SUCCESS, {"created": 10})
        assert real.options == {"strict": True}

    @pytest.mark.parametrize("batch_rows", [1, 3, 2_000])
    def test_with_all_or_nothing_writes_nothing(self, account, batch_rows):
        dry = preview(account, on_error="abort")
        import_rows(account, HEADER, [ROWS[9]])
        before = catalog_of(account)

        real = run(dry, strict=True, batch_rows=batch_rows)

        assert real.output["code"] == "differs_from_preview"
        assert "Nothing was written." in real.output["message"]
        assert counts(real) == {"not_applied": 10}
        assert catalog_of(account) == before
        assert [row for row, *_ in differences(real)] == [11]

    def test_with_all_or_nothing_takes_back_what_was_applied_before_the_difference(self, account):
        import_rows(account, HEADER, [["OTHER", "Fan", "1"]])
        product = account.products.get()
        dry = preview(account, on_error="abort")
        person = UserFactory.create()
        before = catalog_of(account)

        def make_one(batch: int) -> None:
            # The check takes five batches, and so does applying.
            if batch == 9:
                create_variant(
                    account_id=account.pk,
                    actor=Actor(user_id=person.pk),
                    product_id=product.pk,
                    sku="S7",
                )

        with interrupted(make_one):
            real = run(dry, strict=True, batch_rows=2)

        assert real.output["code"] == "differs_from_preview"
        assert "row 9 (S7): created expected, would be updated" in real.output["message"]
        assert counts(real) == {"not_applied": 10}
        assert [row for row, *_ in differences(real)] == [9]
        assert sorted(account.variants.values_list("sku", flat=True)) == ["OTHER", "S7"]
        assert catalog_of(account)["products"] == before["products"]

    def test_names_a_few_rows_and_counts_the_others(self, account):
        dry = preview(account)
        import_rows(account, HEADER, ROWS)

        real = run(dry, strict=True, batch_rows=2_000)

        assert (
            "row 4 (S2): created expected, would be unchanged; and 7 more of its batch."
            in (real.output["message"])
        )
        assert counts(real) == {"not_applied": 10}
        assert RowDifference.objects.filter(upload=real).count() == 10

    def test_one_that_stopped_can_be_tried_again(self, account):
        dry = preview(account)
        import_rows(account, HEADER, [ROWS[0]])
        run(dry, strict=True)

        again = run(dry)

        assert (again.status, counts(again)) == (Status.SUCCESS, {"created": 9, "unchanged": 1})


def test_a_preview_is_not_imported_twice_at_once(account):
    dry = preview(account)
    services.run_dry_run(upload=dry)

    with pytest.raises(AlreadyRunning):
        services.run_dry_run(upload=dry)

    assert BulkUpload.objects.count() == 2


def test_a_preview_can_be_imported_again_once_its_import_has_ended(account):
    dry = preview(account)
    run(dry)

    again = run(dry)

    assert (counts(again), again.output["differences"]) == ({"unchanged": 10}, 10)


def test_comparing_costs_a_batch_one_query(account):
    upload = services.run_dry_run(upload=preview(account))

    with CaptureQueriesContext(connection) as captured:
        while tasks.run_slice(upload.pk, batch_rows=2):
            pass

    assert len([query for query in captured if "foretold" in query["sql"]]) == len(ROWS) // 2
