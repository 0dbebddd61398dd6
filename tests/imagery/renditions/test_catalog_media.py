"""Approved images as media of variants: in the API, in exports, and not in what comes back."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.exporting import ExportFormat
from catalog.models import MediaAsset
from imagery.models import Decision, Role
from imagery.renditions.catalog_media import ApprovedImages
from tests.api_client import program
from tests.catalog.exporting.files import FORMATS, SITE, csv_text, exported
from tests.factories.accounts import AccountFactory
from tests.factories.imagery import GeneratedImageFactory
from tests.imagery.renditions.published import approve
from tests.imports import catalog_of, counts, import_bytes, import_rows, messages

pytestmark = pytest.mark.django_db

HEADER = ["SKU", "Product Name", "Media Paths"]
OWN = "https://supplier.example/a.jpg"
ROWS = [["A", "Fan", OWN], ["B/1", "Fan", ""], ["C", "Lamp", f"{OWN}#;{OWN}?2"]]


@pytest.fixture
def account():
    account = AccountFactory.create()
    import_rows(account, HEADER, ROWS)
    return account


def approved(account, **fields):
    return approve(GeneratedImageFactory.create(account=account, **fields))


def path(account, sku, role="hero"):
    return f"/api/platform/v1/renditions/{account.uuid}/{sku}/{role}/zoom"


def item(site, path):
    return {"source_url": f"{site}{path}", "url": f"{site}{path}", "state": "approved"}


def media_paths(account):
    rows = csv.DictReader(io.StringIO(csv_text(account)))
    return {row["SKU"]: row["Media Paths"] for row in rows}


def test_approved_images_come_first_among_a_variants_media(account):
    approved(account, sku="A", role=Role.LIFESTYLE)
    approved(account, sku="A")
    approved(account, sku="", product_key="Fan", role=Role.SWATCH_GRID)
    GeneratedImageFactory.create(account=account, sku="A", role=Role.ANGLE_1)
    GeneratedImageFactory.create(account=account, sku="C", decision=Decision.REJECTED)
    caller, site = program(account), "http://testserver"

    shown = caller.data("/variants/A")["media"]

    assert shown[:3] == [
        item(site, path(account, "A")),
        item(site, path(account, "A", "lifestyle")),
        item(site, path(account, "A", "swatch_grid")),
    ]
    assert [each["source_url"] for each in shown[3:]] == [OWN]
    listed = {v["sku"]: v["media"] for p in caller.data("/products") for v in p["variants"]}
    assert listed["A"] == shown
    assert listed["B/1"] == [item(site, path(account, "B%2F1", "swatch_grid"))]
    assert [each["state"] for each in listed["C"]] == ["pending", "pending"]


def test_an_export_names_them_before_a_variants_own(account):
    approved(account, sku="A")
    approved(account, sku="B/1")

    assert media_paths(account) == {
        "A": f"{SITE}{path(account, 'A')}#;{OWN}",
        "B/1": f"{SITE}{path(account, 'B%2F1')}",
        "C": f"{OWN}#;{OWN}?2",
    }


@pytest.mark.parametrize("blanks", ["keep", "clear"])
@pytest.mark.parametrize("format", FORMATS)
def test_an_export_with_them_changes_nothing_when_it_comes_back(account, format, blanks):
    for sku in ("A", "B/1", "C"):
        approved(account, sku=sku)
    before = catalog_of(account)

    again = import_bytes(account, exported(account, format), blank_cells=blanks)

    assert (counts(again), messages(again)) == ({"unchanged": 3}, [])
    assert catalog_of(account) == before
    assert not MediaAsset.objects.filter(url__contains="/renditions/").exists()


def test_a_cell_of_nothing_else_is_a_blank_one(account):
    approved(account, sku="B/1")
    export = exported(account, ExportFormat.CSV)
    import_rows(account, HEADER, [["B/1", "Fan", OWN]])

    assert counts(import_bytes(account, export)) == {"unchanged": 3}
    assert counts(import_bytes(account, export, blank_cells="clear")) == {
        "updated": 1,
        "unchanged": 2,
    }


def test_another_account_takes_them_for_media_like_any(account):
    approved(account, sku="A")
    other = AccountFactory.create()

    import_bytes(other, exported(account, ExportFormat.CSV))

    assert media_paths(other)["A"] == f"{SITE}{path(account, 'A')}#;{OWN}"


def test_accounts_see_their_own_alone(account):
    approved(AccountFactory.create(), sku="A")

    assert media_paths(account)["A"] == OWN
    assert len(program(account).data("/variants/A")["media"]) == 1


def test_any_number_of_them_is_one_query(account):
    skus = [f"S-{number}" for number in range(40)]
    for sku in skus:
        approved(account, sku=sku)

    with CaptureQueriesContext(connection) as queries:
        found = ApprovedImages().paths(account_id=account.pk, skus=[*skus, "A"])

    assert len(queries) == 1
    assert set(found) == set(skus)


def test_neither_part_of_the_query_walks_an_account(account):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL chooses by statistics")
    approved(account, sku="A")
    with CaptureQueriesContext(connection) as queries:
        ApprovedImages().paths(account_id=account.pk, skus=["A", "B"])

    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + queries[0]["sql"])
        plan = [row[3] for row in cursor.fetchall()]

    used = [line.partition(" INDEX ")[2] for line in plan if "generatedimage" in line]
    whether_there_is_any = "generatedimage_decision (account_id=? AND decision=?)"
    assert sorted(used) == [
        whether_there_is_any,
        whether_there_is_any,
        "generatedimage_of_product (account_id=? AND product_key=?)",
        "generatedimage_of_sku (account_id=? AND sku=?)",
    ]
