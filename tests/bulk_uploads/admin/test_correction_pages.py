"""The pages on which failed rows are put right: who may, what they show, and what they start."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from bulk_uploads.admin import correction_pages
from bulk_uploads.corrections.fixing import ensure_fixable, fix_rows
from bulk_uploads.models import BulkUpload, Relation, RowIssue
from imagery.recipes.editing import archive
from tests.factories.accounts import AccountFactory
from tests.imagery.planning.catalogs import recipe
from tests.imports import catalog_of, draft, import_bytes, import_rows, outcomes, run_to_end
from tests.signing_in import EVERYBODY, SUPERUSER, client_as

pytestmark = pytest.mark.django_db

UPLOADERS = {Role.MERCHANDISER.value, Role.MANAGER.value, SUPERUSER}
HEADER = ["SKU", "Product Name", "Price", "Description"]
ROWS = [["A", "Fan", "1", ""], ["B", "Fan", "dear", "x\ny"], ["C", "=Lamp", "cheap", "'t"]]


@pytest.fixture
def upload():
    return import_rows(AccountFactory.create(), HEADER, ROWS)


@pytest.fixture
def browser(upload):
    return client_as(Role.MERCHANDISER, upload.account)


def url(name, upload):
    return reverse(f"admin:bulk_uploads_bulkupload_{name}", args=[upload.pk])


def as_shown(browser, upload):
    """The fields of the form as a browser would send them back."""
    page = browser.get(url("fix", upload)).context["page"]
    cells = [cell for row in page.rows for cell in (*row.offending, *row.others)]
    return {cell.name: cell.value.replace("\n", "\r\n") for cell in cells}


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_uploaders_correct_retry_and_fix(who, upload):
    client = client_as(who, upload.account)
    answers = [
        client.get(url("corrections", upload)),
        client.get(url("fix", upload)),
        client.get(url("next", upload)),
    ]
    fixed = client.post(url("fix", upload), {"3-2": "5"})
    retried = client.post(url("retry", upload))

    assert {answer.status_code for answer in answers} == ({200} if who in UPLOADERS else {404})
    assert {fixed.status_code, retried.status_code} == ({302} if who in UPLOADERS else {404})
    made = BulkUpload.objects.filter(parent=upload).order_by("pk")
    assert [child.relation for child in made] == (["fix", "retry"] if who in UPLOADERS else [])
    for answer in answers:
        answer.close()


def test_another_accounts_upload_is_not_found(upload):
    stranger = client_as(Role.MANAGER, AccountFactory.create())

    for name in ("corrections", "fix", "next"):
        assert stranger.get(url(name, upload)).status_code == 404
    for name in ("fix", "retry"):
        assert stranger.post(url(name, upload), {"3-2": "5"}).status_code == 404
    assert not BulkUpload.objects.filter(parent=upload).exists()


def test_what_changes_anything_is_a_post_with_a_token(upload):
    browser = client_as(Role.MERCHANDISER, upload.account)
    browser.handler.enforce_csrf_checks = True

    assert browser.get(url("retry", upload)).status_code == 405
    assert browser.post(url("retry", upload)).status_code == 403
    assert browser.post(url("fix", upload), {"3-2": "5"}).status_code == 403
    assert not BulkUpload.objects.filter(parent=upload).exists()


def test_each_failed_row_shows_its_wrong_cells_first_with_what_is_wrong(browser, upload):
    page = browser.get(url("fix", upload)).context["page"]

    assert [(row.number, row.title) for row in page.rows] == [(3, "B · Fan"), (4, "C · =Lamp")]
    (cell,) = page.rows[0].offending
    assert (cell.name, cell.column, cell.value) == ("3-2", "Price", "dear")
    assert cell.messages == ["'dear' is not a number. Expected digits such as 1234.50 or 1,234.50."]
    assert [cell.column for cell in page.rows[0].others] == ["SKU", "Product Name", "Description"]
    assert page.next_row is None


def test_only_the_rows_that_were_changed_are_imported(browser, upload):
    posted = as_shown(browser, upload) | {"4-2": "8", "4-1": "=Lamp two"}

    answer = browser.post(url("fix", upload), posted)

    child = run_to_end(BulkUpload.objects.get(parent=upload))
    assert answer.headers["Location"] == url("change", child)
    assert (child.relation, child.created_by) == (Relation.FIX, browser.user)
    assert outcomes(child) == {2: "created"}
    assert child.header == HEADER
    catalog = catalog_of(upload.account)
    assert [product[1] for product in catalog["products"]] == ["=Lamp two", "Fan"]
    assert [variant["description"] for variant in catalog["variants"]] == ["", "'t"]
    rest = browser.get(url("fix", upload)).context
    assert [row.number for row in rest["page"].rows] == [3]
    assert (rest["next"].corrected, rest["next"].failed) == (1, 2)
    assert [
        row.number
        for row in browser.get(url("fix", upload), {"from_row": 4}, follow=True)
        .context["page"]
        .rows
    ] == [3]


def test_nothing_changed_is_said_and_starts_nothing(browser, upload):
    answer = browser.post(url("fix", upload), as_shown(browser, upload))

    assert answer.status_code == 422
    assert answer.context["refusal"] == "No cell was changed. Change what is wrong, then save."
    assert not BulkUpload.objects.filter(parent=upload).exists()


def test_rows_are_fixed_though_the_recipe_of_their_upload_is_archived():
    account = AccountFactory.create()
    version = recipe(account)
    upload = import_rows(account, HEADER, ROWS, recipe="own")
    archive(recipe=version.recipe)

    answer = client_as(Role.MERCHANDISER, account).post(url("fix", upload), {"3-2": "5"})

    child = run_to_end(BulkUpload.objects.get(parent=upload))
    assert answer.headers["Location"] == url("change", child)
    assert (outcomes(child), child.options) == ({2: "created"}, {"recipe": "own"})


def test_rows_that_others_settle_in_between_lead_back_to_the_upload(browser, upload, monkeypatch):
    def looked_at_before_others_save(each):
        ensure_fixable(each)
        run_to_end(fix_rows(upload=each, changes={3: {2: "5"}, 4: {2: "6"}}))

    monkeypatch.setattr(correction_pages, "ensure_fixable", looked_at_before_others_save)

    answer = browser.post(url("fix", upload), {"3-2": "7"})

    assert answer.headers["Location"] == url("change", upload)
    assert BulkUpload.objects.filter(parent=upload).count() == 1


def test_cells_that_make_too_large_a_file_are_refused_on_the_page(browser, upload, settings):
    settings.UPLOAD_MAX_BYTES = 100

    answer = browser.post(url("fix", upload), {"3-2": "5" * 200})

    assert answer.status_code == 422
    assert "larger than the 100 bytes" in answer.context["refusal"]
    assert not BulkUpload.objects.filter(parent=upload).exists()


@pytest.mark.parametrize(
    "posted",
    [{"2-2": "9"}, {"99-2": "9"}, {"3-77": "9"}, {"3": "9"}, {"x-y": "9"}],
    ids=["a good row", "no row", "no column", "no place", "no numbers"],
)
def test_only_cells_of_open_failed_rows_can_be_changed(browser, upload, posted):
    before = catalog_of(upload.account)

    assert browser.post(url("fix", upload), posted).status_code == 422

    assert not BulkUpload.objects.filter(parent=upload).exists()
    assert catalog_of(upload.account) == before


def test_a_dry_run_is_not_fixed_but_has_a_correction_file():
    upload = import_rows(AccountFactory.create(), HEADER, ROWS, dry_run=True)
    browser = client_as(Role.MERCHANDISER, upload.account)

    refused = browser.post(url("fix", upload), {"3-2": "5"})

    assert refused.headers["Location"] == url("change", upload)
    assert not BulkUpload.objects.filter(parent=upload).exists()
    steps = browser.get(url("change", upload)).context["next"]
    assert (steps.can_fix, steps.can_retry, steps.open_failed) == (False, False, 2)
    file = browser.get(url("corrections", upload))
    assert (file.status_code, b"dear" in b"".join(file.streaming_content)) == (200, True)


def test_the_page_leads_from_a_parent_to_its_children_and_back(browser, upload):
    browser.post(url("fix", upload), {"3-2": "5"})
    child = run_to_end(BulkUpload.objects.get(parent=upload))

    parent_page = browser.get(url("change", upload)).content.decode()
    child_page = browser.get(url("change", child)).content.decode()

    assert "1 of 2 failed rows are corrected" in parent_page
    assert "Fixed by" in parent_page
    assert url("change", child) in parent_page
    assert "Fix of rows of" in child_page
    assert url("change", upload) in child_page


def test_issues_are_filtered_by_whether_they_are_open(browser, upload):
    browser.post(url("fix", upload), {"3-2": "5"})
    run_to_end(BulkUpload.objects.get(parent=upload))

    def rows(**query):
        table = browser.get(url("issues", upload), query).context["table"]
        return [issue.row for issue in table.issues]

    assert rows() == [3, 4]
    assert rows(state="open") == [4]
    assert rows(state="closed") == [3]
    assert rows(state="odd") == [3, 4]


def test_nothing_left_to_do_is_not_shown(browser, upload):
    whole = import_rows(upload.account, HEADER, ROWS[:1])

    assert browser.get(url("change", whole)).context["next"] is None
    answer = browser.get(url("corrections", whole))
    assert answer.headers["Location"] == url("change", whole)
    assert browser.get(url("fix", draft(upload.account, b"SKU\nX\n"))).status_code == 302


def test_rows_come_some_at_a_time(browser, upload):
    many = import_rows(upload.account, HEADER, [[f"S{n}", "Fan", "dear", ""] for n in range(45)])

    first = browser.get(url("fix", many)).context["page"]
    last = browser.get(url("fix", many), {"from_row": 42}).context["page"]

    assert [row.number for row in first.rows] == list(range(2, 22))
    assert first.next_row == 22
    assert [row.number for row in last.rows] == [42, 43, 44, 45, 46]
    assert last.next_row is None


def test_very_wide_rows_fit_one_post(browser, upload):
    header = ["SKU", "Price", *(f"Variant #; a{n}" for n in range(900))]
    cells = ",".join(["x"] * 900)
    lines = [f"S{n},dear,{cells}" for n in range(6)]
    wide = import_bytes(upload.account, "\n".join([",".join(header), *lines]).encode())

    page = browser.get(url("fix", wide)).context["page"]

    assert [row.number for row in page.rows] == [2, 3]
    assert page.next_row == 4
    posted = as_shown(browser, wide) | {"2-1": "5"}
    assert browser.post(url("fix", wide), posted).status_code == 302


def test_pages_cost_the_same_for_few_and_for_many_failed_rows(browser, upload):
    many = import_rows(upload.account, HEADER, [[f"S{n}", "Fan", "dear", ""] for n in range(300)])
    spent = []
    for each in (upload, many):
        for name in ("change", "fix"):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert browser.get(url(name, each)).status_code == 200
            spent.append(len(queries))

    assert spent[:2] == spent[2:]
    assert RowIssue.objects.filter(upload=many).count() == 300
