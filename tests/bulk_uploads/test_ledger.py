"""The ledger holds a row once, a key once, and finds both again."""

import pytest
from django.db import transaction

from bulk_uploads import ledger
from bulk_uploads.ledger import KeyHeldByEarlierRow, LedgerOfPass
from bulk_uploads.models import Level, Outcome, RowIssue, RowResult
from bulk_uploads.processors import BatchResult, Issue, RowOutcome
from tests.factories.bulk_uploads import BulkUploadFactory, RowIssueFactory, RowResultFactory

pytestmark = pytest.mark.django_db


def record(upload, *outcomes: RowOutcome, is_dry: bool = False, issues=()) -> None:
    ledger.record(
        upload_id=upload.pk, is_dry=is_dry, result=BatchResult(list(outcomes), list(issues))
    )


def test_outcomes_and_issues_are_stored_as_they_were_told():
    upload = BulkUploadFactory.create()
    issue = Issue(3, "Price", "cheap", Level.ERROR, "invalid_number", "Not a number.")

    record(
        upload,
        RowOutcome(2, "A", Outcome.CREATED, 7),
        RowOutcome(3, None, Outcome.FAILED, None),
        issues=[issue],
    )

    assert list(
        RowResult.objects.order_by("row").values_list("row", "key", "outcome", "object_id")
    ) == [
        (2, "A", 1, 7),
        (3, None, 5, None),
    ]
    stored = RowIssue.objects.get()
    assert (stored.row, stored.column, stored.value) == (3, "Price", "cheap")
    assert (stored.level, stored.code, stored.message) == (
        "error",
        "invalid_number",
        "Not a number.",
    )


def test_a_key_that_an_earlier_row_holds_is_refused_with_the_whole_batch():
    upload = BulkUploadFactory.create()
    record(upload, RowOutcome(2, "A", Outcome.CREATED, 1))

    with pytest.raises(KeyHeldByEarlierRow), transaction.atomic():
        record(
            upload, RowOutcome(3, "B", Outcome.CREATED, 2), RowOutcome(4, "A", Outcome.CREATED, 3)
        )

    assert RowResult.objects.count() == 1


def test_rows_without_a_key_other_uploads_and_the_other_pass_stand_in_nobodys_way():
    upload, other = BulkUploadFactory.create(), BulkUploadFactory.create()
    record(upload, RowOutcome(2, "A", Outcome.CREATED, 1))

    record(upload, RowOutcome(3, None, Outcome.FAILED, None))
    record(upload, RowOutcome(4, None, Outcome.FAILED, None))
    record(upload, RowOutcome(2, "A", Outcome.CREATED, 1), is_dry=True)
    record(other, RowOutcome(2, "A", Outcome.CREATED, 1))

    assert RowResult.objects.count() == 5


def test_keys_are_found_with_their_rows_in_their_own_pass():
    upload = BulkUploadFactory.create()
    record(upload, RowOutcome(2, "A", Outcome.CREATED, 1), RowOutcome(3, "B", Outcome.FAILED, None))
    record(upload, RowOutcome(2, "C", Outcome.CREATED, 1), is_dry=True)
    applied = LedgerOfPass(upload_id=upload.pk, is_dry=False, is_exact=True)
    checked = LedgerOfPass(upload_id=upload.pk, is_dry=True, is_exact=True)

    assert applied.holding({"A", "B", "C", "D"}) == {"A": 2, "B": 3}
    assert set(applied.accepted({"A", "B", "C", "D"})) == {"A"}
    assert checked.holding({"A", "B", "C", "D"}) == {"C": 2}
    assert applied.holding(set()) == {}
    assert list(applied.accepted(set())) == []


def test_values_and_columns_are_cut_to_what_an_issue_holds():
    upload = BulkUploadFactory.create()

    ledger.record_issues(
        upload_id=upload.pk,
        is_dry=False,
        issues=[Issue(2, "c" * 400, "扇" * 400, Level.WARNING, "too_long", "m" * 5_000)],
    )

    stored = RowIssue.objects.get()
    assert (len(stored.column), len(stored.value), len(stored.message)) == (300, 300, 5_000)


def test_people_see_what_was_applied_and_what_failed_a_check():
    upload = BulkUploadFactory.create()
    RowResultFactory.create(upload=upload, row=2, is_dry=True, outcome=Outcome.CREATED)
    RowResultFactory.create(upload=upload, row=3, is_dry=True, outcome=Outcome.FAILED)
    RowResultFactory.create(upload=upload, row=4, key="applied")
    dry = BulkUploadFactory.create(options={"dry_run": True})
    RowResultFactory.create(upload=dry, row=3)
    RowResultFactory.create(upload=dry, row=2)

    assert [result.row for result in ledger.visible(upload)] == [3, 4]
    assert [result.row for result in ledger.visible(dry)] == [2, 3]


def test_issues_are_shown_by_row_in_the_order_they_were_found():
    upload = BulkUploadFactory.create()
    for row, code in ((5, "late"), (2, "first"), (None, "of the file"), (2, "second")):
        RowIssueFactory.create(upload=upload, row=row, code=code)
    RowIssueFactory.create()

    shown = [issue.code for issue in ledger.visible_issues(upload)]
    assert shown == ["of the file", "first", "second", "late"]


def test_what_a_check_noted_of_applied_rows_is_dropped():
    upload = BulkUploadFactory.create()
    for row in (2, 3, 4):
        RowResultFactory.create(upload=upload, row=row, is_dry=True)
        RowIssueFactory.create(upload=upload, row=row, is_dry=True)
    RowResultFactory.create(upload=upload, row=2, is_dry=False, key="applied")
    RowIssueFactory.create(upload=upload, row=2, is_dry=False)

    ledger.drop_dry_rows(upload_id=upload.pk, up_to_row=3)

    assert list(RowResult.objects.order_by("row").values_list("row", "is_dry")) == [
        (2, False),
        (4, True),
    ]
    assert list(RowIssue.objects.order_by("row").values_list("row", "is_dry")) == [
        (2, False),
        (4, True),
    ]
