"""`replace`: what the courier's newest list leaves out is no longer served."""

import pytest

from delivery.importing import replacing
from tests.delivery.courier_lists import SHORT, changes_of, pincode_rows, pincodes_of, served, short
from tests.factories.accounts import AccountFactory
from tests.imports import counts, issues

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    account = AccountFactory.create()
    first = [short("411001"), short("411001", "air"), short("411002"), short("411003")]
    pincode_rows(account, SHORT, first)
    return account


@pytest.mark.parametrize("step", [1, 2, 1000])
def test_pincodes_that_the_file_leaves_out_become_unserviceable(account, step, monkeypatch):
    monkeypatch.setattr(replacing, "_STEP", step)

    upload = pincode_rows(account, SHORT, [short("411001"), short("411004")], replace=True)

    assert counts(upload) == {"created": 1, "unchanged": 1}
    assert served(account) == [("411001", "surface"), ("411004", "surface")]
    assert len(pincodes_of(account)) == 5
    assert upload.output["unlisted_pincodes"] == 3
    assert "3 pincodes not in the file became unserviceable." in upload.output["message"]
    assert changes_of(account).count(
        (
            "411002 surface",
            "taken off the list",
            None,
            {"is_listed": [True, False], "is_serviceable": [True, False]},
        )
    )


def test_without_the_option_they_stay(account):
    upload = pincode_rows(account, SHORT, [short("411001")])

    assert len(served(account)) == 4
    assert "unlisted_pincodes" not in upload.output


def test_a_dry_run_counts_them_and_changes_none(account):
    upload = pincode_rows(account, SHORT, [short("411001")], replace=True, dry_run=True)

    assert upload.output["unlisted_pincodes"] == 3
    assert "3 pincodes not in the file would become unserviceable." in upload.output["message"]
    assert len(served(account)) == 4


def test_where_a_row_fails_nothing_is_taken_off_and_that_is_said(account):
    before = served(account)

    upload = pincode_rows(account, SHORT, [short("411001"), short("4110")], replace=True)

    assert served(account) == before
    assert (None, "", "", "replace_refused") in issues(upload)
    assert "because rows of it failed" in upload.output["message"]
    assert upload.output["unlisted_pincodes"] == 0
    assert upload.warnings == 1


def test_a_pincode_that_comes_back_is_served_again(account):
    pincode_rows(account, SHORT, [short("411001")], replace=True)

    upload = pincode_rows(account, SHORT, [short("411002")])

    assert counts(upload) == {"updated": 1}
    assert ("411002", "surface") in served(account)


def test_the_same_list_again_takes_nothing_off(account):
    pincode_rows(account, SHORT, [short("411001")], replace=True)
    before = changes_of(account)

    upload = pincode_rows(account, SHORT, [short("411001")], replace=True)

    assert upload.output["unlisted_pincodes"] == 0
    assert upload.output["code"] == "nothing_changed"
    assert changes_of(account) == before


def test_a_list_that_only_leaves_pincodes_out_has_changed_something(account):
    upload = pincode_rows(account, SHORT, [short("411001"), short("411002")], replace=True)

    assert counts(upload) == {"unchanged": 2}
    assert upload.output["code"] == "completed"
