"""GET /bulk_uploads and below: exact shapes, filters, pages, and whose uploads are seen."""

import uuid

import pytest

from accounts.scopes import Scope
from bulk_uploads.models import Level, Outcome, Status
from tests.api_client import BASE, failure, program
from tests.factories.bulk_uploads import (
    BulkUploadFactory,
    RowIssueFactory,
    RowResultFactory,
)

OUTPUT = {
    "message": "1 row created.",
    "code": "done",
    "total_rows": 1,
    "created_rows": 1,
    "updated_rows": 0,
    "unchanged_rows": 0,
    "merged_rows": 0,
    "failed_rows": 0,
    "not_applied_rows": 0,
    "blank_rows": 0,
    "warnings": 0,
}


def ids(data) -> list[str]:
    return [upload["id"] for upload in data]


class TestOneUpload:
    def test_ended_upload_tells_all_that_came_of_it(self, caller):
        upload = BulkUploadFactory.create(
            account=caller.account,
            succeeded=True,
            total_rows=1,
            created_rows=1,
            output=OUTPUT,
            extradata={"format": "csv", "encoding": "utf-8", "delimiter": ","},
            options={"on_error": "abort"},
        )
        data = caller.data(f"/bulk_uploads/{upload.uuid}")

        assert data == {
            "id": str(upload.uuid),
            "started_at": "2024-03-15T09:00:00.000Z",
            "ended_at": "2024-03-15T09:00:10.000Z",
            "progress": 100,
            "status": "success",
            "output": OUTPUT,
            "extradata": {"format": "csv", "encoding": "utf-8", "delimiter": ","},
            "account_id": str(caller.account.uuid),
            "created_at": data["created_at"],
            "updated_at": data["updated_at"],
            "input": {"on_error": "abort"},
            "processor_name": "catalog_csv_upload_processor",
            "file": {
                "id": str(upload.file.uuid),
                "key": upload.file.key,
                "content_type": "text/csv",
                "byte_size": 21,
                "url": f"http://testserver{BASE}/files/{upload.file.key}",
            },
        }

    @pytest.mark.parametrize("below", ["", "/issues", "/rows"])
    def test_upload_that_is_not_there(self, caller, below):
        response = caller.get(f"/bulk_uploads/{uuid.uuid4()}{below}")

        assert response.status_code == 404
        assert response.json() == failure("id", "There is no bulk upload with this id")

    @pytest.mark.parametrize("below", ["", "/issues", "/rows"])
    def test_upload_of_another_account_is_not_there(self, caller, below):
        upload = BulkUploadFactory.create()
        response = caller.get(f"/bulk_uploads/{upload.uuid}{below}")

        assert response.status_code == 404
        assert response.json() == failure("id", "There is no bulk upload with this id")

    def test_id_that_is_none_is_nowhere(self, caller):
        response = caller.get("/bulk_uploads/7")

        assert response.status_code == 404
        assert response.json()["status"] == "failure"


class TestList:
    def test_newest_comes_first(self, caller):
        older, newer = BulkUploadFactory.create_batch(2, account=caller.account)
        response = caller.get("/bulk_uploads")

        assert response.status_code == 200
        body = response.json()
        assert ids(body["data"]) == [str(newer.uuid), str(older.uuid)]
        assert body["meta"] == {"page": 1, "per_page": 20, "total": 2}
        assert body["data"][1] == caller.data(f"/bulk_uploads/{older.uuid}")

    def test_account_without_uploads_has_an_empty_list(self, caller):
        BulkUploadFactory.create()
        response = caller.get("/bulk_uploads")

        assert response.json() == {
            "status": "success",
            "data": [],
            "meta": {"page": 1, "per_page": 20, "total": 0},
        }

    def test_filters_narrow_the_list(self, caller):
        own = {"account": caller.account}
        draft = BulkUploadFactory.create(**own)
        BulkUploadFactory.create(**own, failed=True)
        BulkUploadFactory.create(**own, processor_name="file_content_echo_processor")

        wanted = {"status": "draft", "processor_name": "catalog_csv_upload_processor"}
        assert ids(caller.data("/bulk_uploads", **wanted)) == [str(draft.uuid)]
        assert caller.data("/bulk_uploads", processor_name="nobody") == []

    def test_page_holds_as_many_as_asked_for(self, caller):
        uploads = BulkUploadFactory.create_batch(3, account=caller.account)
        response = caller.get("/bulk_uploads", page=2, per_page=2)

        assert ids(response.json()["data"]) == [str(uploads[0].uuid)]
        assert response.json()["meta"] == {"page": 2, "per_page": 2, "total": 3}

    @pytest.mark.parametrize(
        ("query", "attribute"),
        [
            ({"page": 0}, "page"),
            ({"per_page": 201}, "per_page"),
            ({"page": "two"}, "page"),
            ({"status": "finished"}, "status"),
            ({"processor_name": "\x00"}, "processor_name"),
        ],
    )
    def test_wrong_parameter_is_named(self, caller, query, attribute):
        response = caller.get("/bulk_uploads", **query)

        assert response.status_code == 422
        assert [fault["attribute_name"] for fault in response.json()["data"]] == [attribute]

    def test_page_costs_the_same_queries_however_long_it_is(
        self, caller, django_assert_num_queries
    ):
        BulkUploadFactory.create_batch(20, account=caller.account)

        for per_page in (1, 20):
            # The token, the count, the rows.
            with django_assert_num_queries(3):
                assert len(caller.data("/bulk_uploads", per_page=per_page)) == per_page


class TestIssues:
    def test_issue_names_row_column_value_and_what_to_do(self, caller):
        upload = BulkUploadFactory.create(account=caller.account)
        RowIssueFactory.create(upload=upload, row=7, code="invalid_number", message="Not a number.")
        RowIssueFactory.create(
            upload=upload, row=3, column="SKU", value="", code="required", message="Give a SKU."
        )
        RowIssueFactory.create(upload=upload, row=3, level=Level.WARNING, message="Odd price.")
        RowIssueFactory.create()

        response = caller.get(f"/bulk_uploads/{upload.uuid}/issues")

        assert response.json()["meta"] == {"page": 1, "per_page": 20, "total": 3}
        keys = ("row", "column", "value", "level", "code", "message", "resolved_by", "resolved")
        assert [tuple(issue) for issue in response.json()["data"]] == [keys] * 3
        assert [tuple(issue.values()) for issue in response.json()["data"]] == [
            (3, "SKU", "", "error", "required", "Give a SKU.", None, False),
            (3, "Price", "cheap", "warning", "invalid_number", "Odd price.", None, False),
            (7, "Price", "cheap", "error", "invalid_number", "Not a number.", None, False),
        ]

    def test_issue_of_the_whole_file_has_neither_row_nor_column(self, caller):
        upload = BulkUploadFactory.create(account=caller.account)
        RowIssueFactory.create(
            upload=upload, row=None, column="", value="", code="no_key_column", message="No SKU."
        )

        assert caller.data(f"/bulk_uploads/{upload.uuid}/issues") == [
            {
                "row": None,
                "column": None,
                "value": None,
                "level": "error",
                "code": "no_key_column",
                "message": "No SKU.",
                "resolved_by": None,
                "resolved": False,
            }
        ]


class TestRows:
    def test_outcome_of_each_row_is_a_word(self, caller):
        upload = BulkUploadFactory.create(account=caller.account)
        for row, outcome in enumerate(reversed(Outcome), start=2):
            RowResultFactory.create(upload=upload, row=row, outcome=outcome)
        RowResultFactory.create(upload=upload, row=9, outcome=Outcome.FAILED, key=None)
        RowResultFactory.create()

        response = caller.get(f"/bulk_uploads/{upload.uuid}/rows", per_page=200)

        assert response.json() == {
            "status": "success",
            "data": [
                {"row": 2, "key": "SKU-2", "outcome": "failed"},
                {"row": 3, "key": "SKU-3", "outcome": "merged"},
                {"row": 4, "key": "SKU-4", "outcome": "unchanged"},
                {"row": 5, "key": "SKU-5", "outcome": "updated"},
                {"row": 6, "key": "SKU-6", "outcome": "created"},
                {"row": 9, "key": None, "outcome": "failed"},
            ],
            "meta": {"page": 1, "per_page": 200, "total": 6},
        }

    @pytest.mark.parametrize("below", ["issues", "rows"])
    def test_page_costs_the_same_queries_however_long_it_is(
        self, caller, below, django_assert_num_queries
    ):
        upload = BulkUploadFactory.create(account=caller.account)
        RowIssueFactory.create_batch(20, upload=upload)
        RowResultFactory.create_batch(20, upload=upload)

        for per_page in (1, 20):
            # The token, the upload, the count, the rows.
            with django_assert_num_queries(4):
                page = caller.data(f"/bulk_uploads/{upload.uuid}/{below}", per_page=per_page)
            assert len(page) == per_page


PATHS = ["/bulk_uploads", "/bulk_uploads/{}", "/bulk_uploads/{}/issues", "/bulk_uploads/{}/rows"]


class TestScopes:
    @pytest.mark.parametrize("path", PATHS)
    @pytest.mark.parametrize("scope", [Scope.READ, Scope.UPLOADS])
    def test_either_scope_is_enough_to_look(self, caller, path, scope):
        upload = BulkUploadFactory.create(account=caller.account, status=Status.DRAFT)
        response = program(caller.account, scope).get(path.format(upload.uuid))

        assert response.status_code == 200

    @pytest.mark.parametrize("path", PATHS)
    def test_any_other_scope_is_not(self, caller, path):
        upload = BulkUploadFactory.create(account=caller.account)
        response = program(caller.account, Scope.CATALOG).get(path.format(upload.uuid))

        assert response.status_code == 403
        assert response.json() == failure(
            "authorization", "The token has neither the scope read nor uploads"
        )


def test_method_an_address_does_not_take(caller):
    upload = BulkUploadFactory.create(account=caller.account)

    for response in (
        caller.post(f"/bulk_uploads/{upload.uuid}/issues"),
        caller.get(f"/bulk_uploads/{upload.uuid}/cancel"),
    ):
        assert response.status_code == 405
        assert response.json()["data"][0]["attribute_name"] == "method"
