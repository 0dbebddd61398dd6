"""Edits by people, one after the other from a process of their own, all through an import."""

import json
from statistics import median

import pytest

from accounts.models import Account, User
from bulk_uploads.models import BulkUpload, Status
from catalog.models import Action, Change, ObjectKind, Variant
from tests.factories.accounts import UserFactory
from tests.faults.files import HEADER, changed_file, first_file
from tests.imports import csv_bytes, draft, import_rows

FIRST = [row.cells for row in first_file(2_000)]
CHANGED = [row.cells for row in changed_file(2_000)]
#: Seconds. What an edit waits for is one batch (70 ms on SQLite), on a machine that may be busy.
USUAL_WAIT = 0.3
LONGEST_WAIT = 5.0
EDITED = 50


@pytest.fixture
def account(accounts) -> Account:
    import_rows(accounts[0], HEADER, FIRST)
    return accounts[0]


@pytest.fixture
def edited(account) -> list[int]:
    """Variants from all over the file."""
    ids = list(Variant.objects.for_account(account.pk).order_by("id").values_list("id", flat=True))
    return ids[:: len(ids) // EDITED]


@pytest.fixture
def person(db) -> User:
    return UserFactory.create()


def run_with_edits(host, upload: BulkUpload, person: User, edited, tmp_path) -> list[float]:
    """How long each of the edits took that were made until the upload had ended."""
    report = tmp_path / "report"
    editor = host.edit(upload, user=person, variant_ids=edited, report=report)
    host.work(upload).wait()
    editor.wait()
    upload.refresh_from_db()
    assert "Traceback" not in host.log, host.log
    return json.loads(report.read_text())


def changes_of(variant_id: int) -> list[Change]:
    changes = Change.objects.filter(kind=ObjectKind.VARIANT, object_id=variant_id)
    return list(changes.order_by("id"))


def assert_one_story(variant: Variant) -> None:
    """Each change begins where the one before ended, and the last one is how things stand."""
    stands: dict[str, object] = {}
    for change in changes_of(variant.pk):
        for field, (before, after) in (change.fields or {}).items():
            assert stands.get(field, before) == before, (variant, field)
            stands[field] = after
    for field in ("display_name", "description"):
        assert stands[field] == getattr(variant, field)


def test_edits_during_an_import_are_neither_lost_nor_doubled_and_wait_briefly(
    host, account, edited, person, tmp_path
):
    upload = draft(account, csv_bytes(HEADER, CHANGED))

    took = run_with_edits(host, upload, person, edited, tmp_path)

    assert (upload.status, upload.output["code"]) == (Status.SUCCESS, "completed")
    made = Change.objects.filter(user=person, action=Action.UPDATED)
    assert made.count() == len(took) > 5
    assert sorted(
        int(change.fields["description"][1].removeprefix("edit ")) for change in made
    ) == list(range(len(took)))
    for variant in Variant.objects.filter(pk__in=edited[: len(took)]):
        assert_one_story(variant)
    assert median(took) < USUAL_WAIT
    assert max(took) < LONGEST_WAIT


def test_what_an_edit_and_a_file_both_say_ends_as_one_of_the_two_said_last(
    host, account, edited, person, tmp_path
):
    """The file names display names and prices; the edits display names and descriptions."""
    upload = draft(account, csv_bytes(HEADER, CHANGED))

    took = run_with_edits(host, upload, person, edited, tmp_path)

    by_sku = {cells[1]: cells for cells in CHANGED}
    of_edits = dict.fromkeys(edited[: len(took)])
    for variant in Variant.objects.filter(pk__in=of_edits):
        last_edit = [change for change in changes_of(variant.pk) if change.user_id][-1]
        said_by_person = last_edit.fields["description"][1]
        assert variant.description == said_by_person
        assert f"{variant.price:.2f}" == f"{float(by_sku[variant.sku][4]):.2f}"
        assert variant.display_name in (said_by_person, by_sku[variant.sku][3])

    again = import_rows(account, HEADER, CHANGED)

    still_edited = {
        change.object_id for change in Change.objects.filter(upload=again, kind=ObjectKind.VARIANT)
    }
    assert still_edited <= set(of_edits)
    assert again.updated_rows == len(still_edited)
    assert Variant.objects.filter(display_name__startswith="edit ").count() == 0
