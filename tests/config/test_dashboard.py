"""The landing page and the sidebar: what each person finds there, and only of their accounts."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from bulk_uploads.models import RowCorrection, Status, UploadUndo
from imagery.models import ReviewTicket
from jobs import clock
from tests.factories.accounts import AccountFactory, UserFactory
from tests.factories.bulk_uploads import BulkUploadFactory
from tests.factories.catalog import ProductFactory, VariantFactory
from tests.factories.imagery import ImageJobFactory, SkuImageryFactory
from tests.signing_in import EVERYBODY, STRANGER, SUPERUSER, client_as

pytestmark = pytest.mark.django_db

URL = "admin:index"
IMPORTS = ["Bulk uploads", "Saved mappings"]
CATALOG = ["Products", "Variants", "Categories", "Collections", "Tags", "Stock", "Media"]
REVIEW = "Review"
IMAGERY = ["Image jobs", "Image batches", "Image sets", "Missing images", "Recipes"]
PROFILES = "Channel profiles"
IMAGERY_SETTINGS = "Imagery settings"
SPEND = ["Budget", "Ledger", "Providers", "Prices"]
DELIVERY = "Serviceable pincodes"
SEEN_BY = {
    Role.MERCHANDISER.value: [
        "Dashboard",
        *IMPORTS,
        *CATALOG,
        *IMAGERY,
        IMAGERY_SETTINGS,
        DELIVERY,
    ],
    Role.REVIEWER.value: ["Dashboard", *CATALOG, REVIEW, *IMAGERY, PROFILES, IMAGERY_SETTINGS],
    Role.MANAGER.value: [
        "Dashboard",
        *IMPORTS,
        *CATALOG,
        REVIEW,
        *IMAGERY,
        PROFILES,
        IMAGERY_SETTINGS,
        *SPEND,
        DELIVERY,
        "Account",
        "Members",
        "API tokens",
        "Webhooks",
    ],
    SUPERUSER: [
        "Dashboard",
        *IMPORTS,
        *CATALOG,
        REVIEW,
        *IMAGERY,
        PROFILES,
        IMAGERY_SETTINGS,
        *SPEND,
        DELIVERY,
        "Account",
        "Members",
        "API tokens",
        "Webhooks",
        "People",
        "Follow-ups",
        "Queued tasks",
        "Failed tasks",
    ],
    STRANGER: ["Dashboard"],
}


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_sidebar_holds_what_the_person_may_open(who):
    client = client_as(who, AccountFactory())

    groups = client.get(reverse(URL)).context["sidebar_navigation"]
    entries = [entry for group in groups for entry in group["items"]]

    assert [entry["title"] for entry in entries] == SEEN_BY[who]
    assert {client.get(entry["link"]).status_code for entry in entries} == {200}


def test_counts_are_of_own_accounts_and_lead_to_their_lists():
    variant = VariantFactory()
    ProductFactory()

    page = client_as(Role.MERCHANDISER, variant.account).get(reverse(URL))

    assert [(item.label, item.count, item.url) for item in page.context["counts"]] == [
        ("Products", 1, reverse("admin:catalog_product_changelist")),
        ("Variants", 1, reverse("admin:catalog_variant_changelist")),
        ("Categories", 0, reverse("admin:catalog_category_changelist")),
    ]


def test_an_empty_account_is_told_how_to_start():
    page = client_as(Role.MERCHANDISER, AccountFactory()).get(reverse(URL)).content.decode()

    assert "Start with a supplier" in page
    assert reverse("admin:bulk_uploads_bulkupload_add") in page


def test_who_belongs_to_no_account_is_told_whom_to_ask():
    page = client_as(STRANGER).get(reverse(URL)).content.decode()

    assert "You are not a member of an account yet" in page


def test_a_reviewer_sees_nothing_of_uploads():
    upload = BulkUploadFactory(applying=True)

    page = client_as(Role.REVIEWER, upload.account).get(reverse(URL))

    assert page.context["running"] == []
    assert upload.file.name not in page.content.decode()
    assert reverse("admin:bulk_uploads_bulkupload_add") not in page.content.decode()


def test_uploads_under_way_renew_themselves():
    upload = BulkUploadFactory(applying=True)
    waiting = BulkUploadFactory(account=upload.account)
    BulkUploadFactory(applying=True)

    page = client_as(Role.MANAGER, upload.account).get(reverse(URL))

    assert [item["upload"] for item in page.context["running"]] == [upload, waiting]
    assert (
        reverse("admin:bulk_uploads_bulkupload_status", args=[upload.pk]) in page.content.decode()
    )


def test_failures_of_the_last_week_need_attention():
    account = AccountFactory()
    now = clock.now()
    output = {"message": "No SKU column."}
    failed = BulkUploadFactory(account=account, failed=True, ended_at=now, output=output)
    some = BulkUploadFactory(
        account=account,
        succeeded=True,
        ended_at=now,
        total_rows=2,
        created_rows=1,
        failed_rows=1,
        output={"message": "1 row of 2 taken (1 created); 1 failed."},
    )
    BulkUploadFactory(account=account, failed=True, ended_at=now - timedelta(days=8))
    BulkUploadFactory(account=account, failed=True, ended_at=now, options={"dry_run": True})
    BulkUploadFactory(failed=True, ended_at=now)

    concerns = client_as(Role.MANAGER, account).get(reverse(URL)).context["concerns"]

    assert [(concern.text, concern.tone) for concern in concerns] == [
        (f"{some} ({some.file.name}): 1 row of 2 taken (1 created); 1 failed.", "warn"),
        (f"{failed} ({failed.file.name}): No SKU column.", "bad"),
    ]
    assert concerns[0].url.endswith("?level=error#issues")


def test_what_was_put_right_or_taken_back_needs_no_attention():
    account = AccountFactory()
    left = {"account": account, "succeeded": True, "ended_at": clock.now(), "created_rows": 1}
    undone = BulkUploadFactory(**left, total_rows=2, failed_rows=1)
    took_back = {"status": Status.SUCCESS, "ended_at": clock.now()}
    UploadUndo.objects.create(upload=undone, **took_back)
    corrected = BulkUploadFactory(**left, total_rows=2, failed_rows=1)
    partly = BulkUploadFactory(**left, total_rows=3, failed_rows=2, output={"message": "2 failed."})
    for root, rows in [(corrected, 1), (partly, 2)]:
        fix = BulkUploadFactory(
            **left, parent=root, root=root, relation="fix", total_rows=rows, failed_rows=rows - 1
        )
        RowCorrection.objects.create(upload=root, row=2, corrected_by=fix, corrected_row=2)
    refused = BulkUploadFactory(account=account, failed=True, ended_at=clock.now())
    BulkUploadFactory(account=account, succeeded=True, file=refused.file)

    concerns = client_as(Role.MANAGER, account).get(reverse(URL)).context["concerns"]

    assert [concern.text for concern in concerns] == [
        f"{partly} ({partly.file.name}): 2 failed. 1 of its rows were put right since."
    ]


def test_a_failure_that_took_itself_back_needs_attention():
    failed = BulkUploadFactory(failed=True, ended_at=clock.now())
    UploadUndo.objects.create(
        upload=failed, status=Status.SUCCESS, ended_at=clock.now(), is_automatic=True
    )

    concerns = client_as(Role.MANAGER, failed.account).get(reverse(URL)).context["concerns"]

    assert len(concerns) == 1


def test_an_upload_that_no_worker_takes_up_needs_attention():
    late = BulkUploadFactory(run_after=clock.now() - timedelta(minutes=3))

    (concern,) = client_as(Role.MANAGER, late.account).get(reverse(URL)).context["concerns"]

    assert "no worker has taken it up" in concern.text


def test_an_upload_that_waits_for_another_needs_no_attention():
    running = BulkUploadFactory(applying=True)
    BulkUploadFactory(account=running.account, run_after=clock.now() - timedelta(minutes=3))

    page = client_as(Role.MANAGER, running.account).get(reverse(URL))

    assert page.context["concerns"] == []


def test_the_dashboard_costs_the_same_with_one_upload_and_with_many():
    account = AccountFactory()
    client = client_as(Role.MANAGER, account)

    def queries() -> int:
        client.get(reverse(URL))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse(URL))
        return len(captured)

    BulkUploadFactory(account=account, succeeded=True, created_by=UserFactory())
    few = queries()
    for _ in range(12):
        BulkUploadFactory(account=account, succeeded=True, created_by=UserFactory())

    assert queries() == few


@pytest.mark.parametrize(
    ("role", "queue"),
    [
        (Role.REVIEWER, "/admin/imagery/reviewticket/"),
        (Role.MERCHANDISER, "/admin/imagery/imagejob/?qa=pending_review"),
    ],
)
def test_it_says_how_the_pictures_stand_and_leads_to_them(role, queue):
    job = ImageJobFactory.create()
    for sku, status in [("A", "pending_review"), ("B", "missing_image"), ("C", "missing_image")]:
        SkuImageryFactory.create(account=job.account, sku=sku, qa_status=status)
    SkuImageryFactory.create(qa_status="missing_image")

    page = client_as(role, job.account).get(reverse(URL))

    assert [(item.label, item.count, item.url) for item in page.context["images"]] == [
        ("SKUs to review", 1, queue),
        ("Jobs under way", 1, "/admin/imagery/imagejob/?state=under_way"),
        ("Missing images", 2, "/admin/imagery/missingimage/"),
    ]


def test_without_pictures_nothing_is_said_of_them():
    page = client_as(Role.MANAGER, AccountFactory.create()).get(reverse(URL))

    assert page.context["images"] == []


@pytest.mark.parametrize(("waiting", "shown"), [(0, None), (2, "2"), (120, "99+")])
def test_review_tells_how_many_wait_in_own_accounts(waiting, shown):
    account = AccountFactory.create()
    tickets = [
        ReviewTicket(account=account, sku=f"S{n}", waiting=1, since=clock.now())
        for n in range(waiting)
    ]
    done = ReviewTicket(account=account, sku="DONE", waiting=0, since=clock.now())
    others = ReviewTicket(account=AccountFactory.create(), sku="S0", waiting=1, since=clock.now())
    ReviewTicket.objects.bulk_create([*tickets, done, others])

    groups = client_as(Role.REVIEWER, account).get(reverse(URL)).context["sidebar_navigation"]

    entries = [entry for group in groups for entry in group["items"]]
    assert next(entry for entry in entries if entry["title"] == REVIEW).get("badge") == shown
