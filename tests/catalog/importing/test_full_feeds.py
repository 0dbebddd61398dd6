"""absent=deactivate: what a full feed does not name is deactivated, within a share of caution."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from bulk_uploads import services, tasks
from bulk_uploads.models import BulkUpload, Relation
from catalog.editing import create_variant, edit_variant
from catalog.importing import full_feeds
from catalog.models import Change, FullFeed, Variant
from catalog.writing.context import Actor
from tests.factories.accounts import AccountFactory, UserFactory
from tests.factories.bulk_uploads import SavedMappingFactory
from tests.imports import (
    catalog_of,
    counts,
    csv_bytes,
    draft,
    import_rows,
    interrupted,
    issues,
    messages,
    run_to_end,
)
from tests.undos import undo

pytestmark = pytest.mark.django_db

HEADER = ["SKU", "Product Name", "Price"]


@pytest.fixture
def account() -> Account:
    return AccountFactory.create()


def rows_of(*numbers: int, price: str = "10") -> list[list[str]]:
    return [[f"S{number:03}", f"Fan {number // 2}", price] for number in numbers]


def feed(account: Account, rows: list[list[str]], **options: Any) -> BulkUpload:
    return import_rows(account, HEADER, rows, absent="deactivate", **options)


def inactive(account: Account) -> list[str]:
    return sorted(account.variants.filter(active=False).values_list("sku", flat=True))


def test_what_the_file_does_not_name_is_deactivated_and_logged(account):
    import_rows(account, HEADER, rows_of(*range(10)))

    upload = feed(account, rows_of(*range(8)))

    assert inactive(account) == ["S008", "S009"]
    assert upload.output["deactivated"] == 2
    assert (upload.status, upload.output["code"]) == ("success", "completed")
    assert upload.output["message"] == (
        "8 rows taken: 8 unchanged. 2 variants that the file does not name were deactivated."
    )
    changes = Change.objects.filter(upload=upload).order_by("id")
    assert [(change.row, change.fields) for change in changes] == [
        (None, {"active": [True, False]})
    ] * 2
    gone = Variant.objects.get(account=account, sku="S008")
    assert (gone.last_change_id, gone.digest) == (changes[0].pk, None)


def test_the_same_feed_again_deactivates_nothing_more(account):
    import_rows(account, HEADER, rows_of(*range(10)))
    feed(account, rows_of(*range(8)))
    before = catalog_of(account)

    again = feed(account, rows_of(*range(8)))

    assert (again.output["code"], again.output["deactivated"]) == ("nothing_changed", 0)
    assert catalog_of(account) == before


def test_a_dry_run_counts_them_and_leaves_them_alone(account):
    import_rows(account, HEADER, rows_of(*range(10)))
    before = catalog_of(account)

    dry = feed(account, rows_of(*range(8)), dry_run=True)

    assert catalog_of(account) == before
    assert dry.output["deactivated"] == 2
    assert dry.output["message"] == (
        "8 rows checked: 8 unchanged. 2 variants that the file does not name would be deactivated."
    )
    assert not FullFeed.objects.exists()
    real = run_to_end(services.run_dry_run(upload=dry))
    assert (real.output["deactivated"], real.output["differences"]) == (2, 0)


def test_one_that_comes_back_is_activated_if_its_cell_says_so(account):
    header = [*HEADER, "Active"]
    rows = [[*row, "TRUE"] for row in rows_of(*range(10))]
    import_rows(account, header, rows)
    import_rows(account, header, rows[:8], absent="deactivate")
    assert inactive(account) == ["S008", "S009"]

    upload = import_rows(account, header, rows, absent="deactivate")

    assert counts(upload) == {"updated": 2, "unchanged": 8}
    assert inactive(account) == []


def test_one_that_comes_back_without_a_word_of_it_stays_as_it_is(account):
    import_rows(account, HEADER, rows_of(*range(10)))
    feed(account, rows_of(*range(8)))

    upload = feed(account, rows_of(*range(10)))

    assert counts(upload) == {"unchanged": 10}
    assert inactive(account) == ["S008", "S009"]


def test_a_row_names_a_variant_by_its_ean_too(account):
    eans = ["4006381333931", "036000291452"]
    import_rows(account, ["SKU", "EAN", "Product Name"], [["A", eans[0], "Fan"]])
    import_rows(account, ["SKU", "EAN", "Product Name"], [["B", eans[1], "Fan"]])

    upload = import_rows(
        account, ["EAN", "Price"], [[eans[0], "5"]], absent="deactivate", absent_share=50
    )

    assert upload.output["deactivated"] == 1
    assert inactive(account) == ["B"]


@pytest.mark.parametrize("dry_run", [True, False], ids=["dry run", "real"])
@pytest.mark.parametrize(
    ("named", "share", "is_refused"),
    [(80, None, False), (79, None, True), (70, 30, False), (69, 30, True), (100, 0, False)],
    ids=["20 of 20", "21 of 20", "30 of 30", "31 of 30", "0 of 0"],
)
def test_the_share_may_be_reached_but_not_passed(account, named, share, is_refused, dry_run):
    import_rows(account, HEADER, rows_of(*range(100)))
    options = {} if share is None else {"absent_share": share}
    options |= {"dry_run": True} if dry_run else {}

    upload = feed(account, rows_of(*range(named)), **options)

    absent = 100 - named
    assert upload.status == "success"
    if is_refused:
        assert (upload.output["deactivated"], upload.output["absent"]) == (0, absent)
        assert issues(upload) == [(1, "", "", "absent_above_share")]
        text = (
            f"he file does not name {absent} of 100 variants that it should ({absent} %), more "
            f"than the {share or 20} % that may be deactivated. If it is complete, allow a larger "
            "share."
        )
        assert messages(upload) == [f"T{text}"]
        assert upload.output["message"].endswith(f"No variant is deactivated: t{text}")
        assert upload.warnings == upload.output["warnings"] == 1
    else:
        assert (upload.output["deactivated"], issues(upload)) == (absent, [])
    stays = is_refused or dry_run
    assert len(inactive(account)) == (0 if stays else absent)


def test_new_variants_do_not_make_a_larger_share_bearable(account):
    import_rows(account, HEADER, rows_of(*range(10)))

    upload = feed(account, rows_of(*range(500, 600)))

    assert (upload.output["deactivated"], upload.output["absent"]) == (0, 10)
    assert upload.created_rows == 100
    assert inactive(account) == []


@pytest.mark.parametrize("dry_run", [True, False], ids=["dry run", "real"])
def test_a_failed_row_refuses_it_all(account, dry_run):
    import_rows(account, HEADER, rows_of(*range(100)))
    rows = [*rows_of(*range(98)), ["S098", "Fan 49", "cheap"]]

    upload = feed(account, rows, **({"dry_run": True} if dry_run else {}))

    assert upload.output["code"] == "completed_with_errors"
    assert upload.output["deactivated"] == 0
    assert "absent" not in upload.output
    assert [code for *_, code in issues(upload)] == ["absent_rows_failed", "invalid_number"]
    assert inactive(account) == []


def test_a_part_of_a_feed_deactivates_nothing(account):
    import_rows(account, HEADER, rows_of(*range(10)))
    whole = feed(account, rows_of(*range(10)))
    part = draft(account, csv_bytes(HEADER, rows_of(*range(9))), absent="deactivate")
    BulkUpload.objects.filter(pk=part.pk).update(parent=whole, relation=Relation.CORRECTION)

    part = run_to_end(part)

    assert part.output["deactivated"] == 0
    assert [code for *_, code in issues(part)] == ["absent_part_of_a_feed"]
    assert inactive(account) == []


def test_other_accounts_and_inactive_variants_are_left_alone(account):
    other = AccountFactory.create()
    for each in (account, other):
        import_rows(each, HEADER, rows_of(*range(10)))
    import_rows(account, ["SKU", "Active"], [["S009", "FALSE"]])
    last = account.variants.get(sku="S009").last_change_id

    upload = feed(account, rows_of(*range(8)))

    assert upload.output["deactivated"] == 1
    assert account.variants.get(sku="S009").last_change_id == last
    assert inactive(other) == []


def test_what_a_person_makes_meanwhile_is_not_absent(account):
    import_rows(account, HEADER, rows_of(*range(10)))
    person = UserFactory.create()

    def make_one(batch: int) -> None:
        if batch == 2:
            create_variant(
                account_id=account.pk,
                actor=Actor(user_id=person.pk),
                product_id=account.products.get(key="Fan 1").pk,
                sku="MINE",
                values={},
            )

    with interrupted(make_one):
        upload = feed(account, rows_of(*range(9)), batch_rows=5)

    assert upload.output["deactivated"] == 1
    assert inactive(account) == ["S009"]
    assert feed(account, rows_of(*range(9))).output["deactivated"] == 1


class TestScopeOfASavedMapping:
    def test_only_what_earlier_uploads_with_it_named_is_in_scope(self, account):
        mapping = SavedMappingFactory.create(account=account)
        import_rows(account, HEADER, rows_of(*range(50)))
        self.with_mapping(mapping, account, rows_of(*range(50, 60)))

        upload = self.with_mapping(mapping, account, rows_of(*range(50, 58)), absent="deactivate")

        assert upload.output["deactivated"] == 2
        assert inactive(account) == ["S058", "S059"]

    def test_rows_that_failed_and_uploads_that_failed_or_were_dry_count_for_nothing(self, account):
        mapping = SavedMappingFactory.create(account=account)
        import_rows(account, HEADER, rows_of(*range(10)))
        self.with_mapping(mapping, account, rows_of(0, 1, 2, 3), dry_run=True)
        self.with_mapping(mapping, account, rows_of(0, 1, price="cheap"))
        self.with_mapping(mapping, account, [*rows_of(4), *rows_of(5, price="cheap")])

        upload = self.with_mapping(
            mapping, account, rows_of(6), absent="deactivate", absent_share=100
        )

        assert upload.output["deactivated"] == 1
        assert inactive(account) == ["S004"]

    def test_the_first_upload_with_it_has_no_scope_yet(self, account):
        mapping = SavedMappingFactory.create(account=account)
        import_rows(account, HEADER, rows_of(*range(10)))

        upload = self.with_mapping(mapping, account, rows_of(0), absent="deactivate")

        assert (upload.output["deactivated"], inactive(account)) == (0, [])

    def with_mapping(self, mapping, account, rows, **options) -> BulkUpload:
        upload = draft(account, csv_bytes(HEADER, rows), **options)
        BulkUpload.objects.filter(pk=upload.pk).update(saved_mapping=mapping)
        return run_to_end(upload)


def test_a_preview_says_what_the_import_then_does_with_its_mapping(account):
    mapping = SavedMappingFactory.create(account=account)
    scope = TestScopeOfASavedMapping()
    import_rows(account, HEADER, rows_of(*range(50)))
    scope.with_mapping(mapping, account, rows_of(*range(50, 60)))

    dry = scope.with_mapping(
        mapping, account, rows_of(*range(50, 58)), absent="deactivate", dry_run=True
    )
    real = run_to_end(services.run_dry_run(upload=dry))

    assert dry.output["deactivated"] == real.output["deactivated"] == 2
    assert real.saved_mapping == mapping


def test_undoing_activates_again_what_it_deactivated_unless_somebody_did_something(account):
    import_rows(account, HEADER, rows_of(*range(10)))
    upload = feed(account, rows_of(*range(8)))
    edit_variant(
        account_id=account.pk,
        actor=Actor(user_id=UserFactory.create().pk),
        variant_id=account.variants.get(sku="S009").pk,
        values={"active": True},
    )
    edit_variant(
        account_id=account.pk,
        actor=Actor(user_id=UserFactory.create().pk),
        variant_id=account.variants.get(sku="S009").pk,
        values={"active": False},
    )

    undo(upload)

    assert inactive(account) == ["S009"]


def test_steps_do_not_show_in_the_result(account, monkeypatch):
    accounts = [account, AccountFactory.create()]
    for each, step in zip(accounts, (3, 500), strict=True):
        monkeypatch.setattr(full_feeds, "_STEP", step)
        import_rows(each, HEADER, rows_of(*range(20)))
        upload = feed(each, rows_of(*range(0, 20, 2), *range(1, 13, 2)))
        assert upload.output["deactivated"] == 4

    assert catalog_of(accounts[0]) == catalog_of(accounts[1])


def test_a_step_costs_the_same_whatever_it_finds(account):
    import_rows(account, HEADER, rows_of(*range(200)))
    spent = []
    for named in (199, 160):
        upload = draft(account, csv_bytes(HEADER, rows_of(*range(named))), absent="deactivate")
        with CaptureQueriesContext(connection) as captured:
            while tasks.run_slice(upload.pk):
                pass
        spent.append(len(captured))
        person = UserFactory.create()
        for sku in inactive(account):
            edit_variant(
                account_id=account.pk,
                actor=Actor(user_id=person.pk),
                variant_id=account.variants.get(sku=sku).pk,
                values={"active": True},
            )

    assert spent[0] == spent[1]
