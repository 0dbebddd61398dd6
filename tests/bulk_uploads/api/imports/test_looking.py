"""GET /imports/{id} and its errors: exact shapes, matching by EAN, and nobody else's imports."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.scopes import Scope
from bulk_uploads.api.import_ids import import_id
from bulk_uploads.models import Level
from catalog.models import Variant
from tests.api_client import failure, program
from tests.bulk_uploads.api.imports.conftest import Importer, upload_of
from tests.factories.bulk_uploads import BulkUploadFactory, RowIssueFactory

MAPPING = '{"EAN":"ean","Titre":"title","Prix":"price"}'
HEADER = "EAN,Titre,Prix\n"
PENCIL = "4006381333931,Crayon,1.50\n"
PEN = "4006381333948,Stylo,2.50\n"
MOMENT = datetime(2024, 3, 15, 9, 0, 0, 999_000, tzinfo=UTC)


def content(*rows: str) -> bytes:
    return "".join([HEADER, *rows]).encode()


def test_an_import_with_errors_is_answered_in_the_documented_shape(importer):
    id = importer.run(
        content(PENCIL, "invalid-ean,Gomme,1\n", PEN, ",Sans code,1\n"), mapping=MAPPING
    )

    body = importer.import_(id)
    assert body == {
        "id": id,
        "status": "completed_with_errors",
        "total_rows": 4,
        "processed_rows": 4,
        "created_rows": 2,
        "updated_rows": 0,
        "unchanged_rows": 0,
        "error_rows": 2,
        "created_at": body["created_at"],
        "completed_at": body["completed_at"],
    }
    assert list(body)[:5] == ["id", "status", "total_rows", "processed_rows", "created_rows"]
    assert importer.errors(id) == {
        "data": [
            {
                "row": 3,
                "ean": "invalid-ean",
                "error": "validation_error",
                "message": "Invalid EAN format.",
            },
            {
                "row": 5,
                "ean": None,
                "error": "missing_key",
                "message": "The row has no EAN; it needs one.",
            },
        ],
        "meta": {"page": 1, "per_page": 20, "total": 2},
    }


def test_products_are_matched_by_ean_and_unchanged_ones_count_as_updated(importer):
    importer.run(content(PENCIL, PEN), mapping=MAPPING)

    id = importer.run(content("4006381333931,Crayon,1.75\n", PEN), mapping=MAPPING)

    body = importer.import_(id)
    assert (body["status"], body["created_rows"]) == ("completed", 0)
    assert (body["updated_rows"], body["unchanged_rows"], body["processed_rows"]) == (2, 1, 2)
    assert importer.errors(id)["data"] == []
    prices = Variant.objects.order_by("ean").values_list("ean", "price")
    assert [(ean, str(price)) for ean, price in prices] == [
        ("4006381333931", "1.7500"),
        ("4006381333948", "2.5000"),
    ]


def test_with_a_sku_in_the_mapping_products_are_matched_by_it(one_importer):
    mapping = '{"Ref":"sku","EAN":"ean","Titre":"title"}'
    one_importer.run(b"Ref,EAN,Titre\nP-1,4006381333931,Crayon\n", mapping=mapping)

    id = one_importer.run(b"Ref,EAN,Titre\nP-1,4006381333948,Crayon\n", mapping=mapping)

    assert one_importer.import_(id)["updated_rows"] == 1
    assert list(Variant.objects.values_list("sku", "ean")) == [("P-1", "4006381333948")]


def test_without_a_mapping_known_headers_are_recognised(one_importer):
    id = one_importer.run(b"ean,product name,price\n4006381333931,Crayon,1.5\n")

    assert one_importer.import_(id)["created_rows"] == 1


def test_existing_products_are_errors_where_nothing_may_be_updated(importer):
    importer.run(content(PENCIL), mapping=MAPPING)

    id = importer.run(content(PENCIL, PEN), mapping=MAPPING, update_existing="false")

    assert importer.import_(id)["status"] == "completed_with_errors"
    (error,) = importer.errors(id)["data"]
    assert (error["row"], error["ean"], error["error"]) == (2, "4006381333931", "already_exists")


def test_several_issues_of_a_row_are_one_entry(one_importer):
    id = one_importer.run(content("12,Gomme,cheap\n", PEN), mapping=MAPPING)

    assert one_importer.errors(id)["data"] == [
        {
            "row": 2,
            "ean": "12",
            "error": "validation_error",
            "message": "Invalid EAN format. 'cheap' is not a number. Expected digits such as "
            "1234.50 or 1,234.50.",
        }
    ]


def test_warnings_are_no_errors(one_importer):
    id = one_importer.run(b"EAN,Titre,Autre\n4006381333931,Crayon,x\n", mapping='{"Titre":"title"}')

    assert upload_of(id).warnings == 1
    assert one_importer.import_(id)["status"] == "completed"
    assert one_importer.errors(id) == {
        "data": [],
        "meta": {"page": 1, "per_page": 20, "total": 0},
    }


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, "pending"),
        ({"applying": True}, "processing"),
        ({"succeeded": True, "total_rows": 2, "created_rows": 2}, "completed"),
        (
            {"succeeded": True, "total_rows": 2, "created_rows": 1, "failed_rows": 1},
            "completed_with_errors",
        ),
        ({"failed": True, "total_rows": 1, "failed_rows": 1}, "failed"),
    ],
    ids=["pending", "processing", "completed", "completed_with_errors", "failed"],
)
def test_each_end_of_an_upload_has_its_status(importer, fields, status):
    upload = BulkUploadFactory(account=importer.account, **fields)

    assert importer.import_(import_id(upload.uuid))["status"] == status


def test_times_are_in_whole_seconds_and_rows_add_up(importer):
    upload = BulkUploadFactory(
        account=importer.account,
        succeeded=True,
        total_rows=15,
        created_rows=1,
        updated_rows=2,
        unchanged_rows=4,
        merged_rows=3,
        failed_rows=5,
        ended_at=MOMENT + timedelta(seconds=154),
    )
    type(upload).objects.filter(pk=upload.pk).update(created_at=MOMENT)

    assert importer.import_(import_id(upload.uuid)) == {
        "id": import_id(upload.uuid),
        "status": "completed_with_errors",
        "total_rows": 15,
        "processed_rows": 15,
        "created_rows": 1,
        "updated_rows": 9,
        "unchanged_rows": 4,
        "error_rows": 5,
        "created_at": "2024-03-15T09:00:00Z",
        "completed_at": "2024-03-15T09:02:34Z",
    }


def test_an_import_that_failed_as_a_whole_says_why(importer):
    upload = BulkUploadFactory(
        account=importer.account,
        failed=True,
        output={"code": "no_data_rows", "message": "The file has a header but no data rows."},
    )

    assert importer.errors(import_id(upload.uuid)) == {
        "data": [
            {
                "row": None,
                "ean": None,
                "error": "no_data_rows",
                "message": "The file has a header but no data rows.",
            }
        ],
        "meta": {"page": 1, "per_page": 20, "total": 1},
    }


def test_errors_come_in_pages_of_rows(importer):
    rows = [f"bad-{number},Gomme,cheap\n" for number in range(5)]
    id = importer.run(content(PENCIL, *rows), mapping=MAPPING)

    second = importer.errors(id, page=2, per_page=2)

    assert [(error["row"], error["ean"]) for error in second["data"]] == [
        (5, "bad-2"),
        (6, "bad-3"),
    ]
    assert second["meta"] == {"page": 2, "per_page": 2, "total": 5}
    assert importer.errors(id, page=4, per_page=2)["data"] == []
    assert importer.get(f"/{id}/errors", per_page=201).status_code == 422


def test_what_is_wrong_with_the_file_as_a_whole_comes_first(one_importer):
    upload = BulkUploadFactory(account=one_importer.account, failed=True, total_rows=0)
    RowIssueFactory(upload=upload, row=7)
    RowIssueFactory(upload=upload, row=None, code="odd_file", message="The file is odd.")

    errors = one_importer.errors(import_id(upload.uuid))

    assert [error["row"] for error in errors["data"]] == [None, 7]


def test_a_page_of_errors_takes_a_fixed_number_of_queries(one_importer):
    upload = BulkUploadFactory(account=one_importer.account, failed=True)
    RowIssueFactory.create_batch(2, upload=upload)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            one_importer.errors(import_id(upload.uuid))
        return len(captured)

    before = queries()
    RowIssueFactory.create_batch(15, upload=upload, level=Level.ERROR)

    # Token, import, how many rows, which, their issues.
    assert queries() == before == 5


@pytest.mark.parametrize("below", ["", "/errors"])
def test_an_import_of_another_account_looks_like_none(importer, below):
    theirs = BulkUploadFactory(failed=True)
    unknown = import_id(theirs.file.uuid)

    answers = [
        importer.get(f"/{id}{below}")
        for id in (import_id(theirs.uuid), unknown, "imp_no", "imp_%00", str(theirs.uuid))
    ]

    refusal = failure("id", "There is no import with this id")
    assert [answer.status_code for answer in answers] == [404] * 5
    assert [answer.json() for answer in answers[:3]] == [refusal] * 3


def test_an_upload_of_another_kind_is_no_import(one_importer):
    upload = BulkUploadFactory(
        account=one_importer.account, processor_name="file_content_echo_processor"
    )

    assert one_importer.get(f"/{import_id(upload.uuid)}").status_code == 404


@pytest.mark.parametrize(
    ("scopes", "status"),
    [((Scope.READ,), 200), ((Scope.UPLOADS,), 200), ((Scope.CATALOG,), 403)],
    ids=["read", "uploads", "catalog"],
)
def test_looking_needs_the_scope_to_read_or_to_upload(db, scopes, status):
    importer = Importer(program(None, *scopes).token)
    upload = BulkUploadFactory(account=importer.account)

    for below in ("", "/errors"):
        assert importer.get(f"/{import_id(upload.uuid)}{below}").status_code == status


def test_both_documents_describe_the_imports(client):
    for base in ("/api/platform/v1", "/api/v1"):
        document = client.get(f"{base}/openapi.json").json()
        paths = document["paths"]
        one = f"{base}/imports/{{import_id}}"

        assert list(paths[f"{base}/imports"]) == ["post"]
        assert (list(paths[one]), list(paths[f"{one}/errors"])) == (["get"], ["get"])
        creation = paths[f"{base}/imports"]["post"]["responses"]
        assert sorted(creation) == [
            *("201", "401", "403", "404", "409", "411", "413", "415", "422", "429")
        ]
        assert creation["201"]["content"]["application/json"]["schema"]["$ref"].endswith(
            "CreatedImport"
        )


def test_another_systems_file_is_recognised_without_a_mapping(one_importer):
    id = one_importer.run(
        b"Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Barcode,"
        b"Image Src\n"
        b"pencil,Crayon,Color,Red,P-1,1.50,4006381333931,https://shop.example/1.jpg\n"
        b"pencil,,,Blue,P-2,1.50,12,\n"
        b"pencil,,,,,,,https://shop.example/2.jpg\n"
    )

    body = one_importer.import_(id)
    (error,) = one_importer.errors(id)["data"]
    assert (body["total_rows"], body["created_rows"], body["error_rows"]) == (3, 1, 1)
    assert (body["processed_rows"], body["updated_rows"]) == (3, 1)
    assert (error["row"], error["ean"], error["message"]) == (3, "12", "Invalid EAN format.")
