"""Previews over the API: what a dry run found, running it strictly, what came out otherwise."""

import pytest

from accounts.scopes import Scope
from bulk_uploads.models import BulkUpload
from tests.api_client import Program, failure, program
from tests.factories.bulk_uploads import BulkUploadFactory
from tests.imports import import_rows, run_to_end

HEADER = ["SKU", "Product Name", "Price", "Tags"]
ROWS = [["A", "Fan", "10", "old"], ["B", "Fan", "10", "old"]]


def preview(caller: Program) -> BulkUpload:
    import_rows(caller.account, HEADER, ROWS)
    changed = [["A", "Fan", "25", "old"], ["B", "Fan", "11", "new"], ["C", "Lamp", "1", "new"]]
    return import_rows(caller.account, HEADER, changed, dry_run=True)


def run(caller: Program, dry: BulkUpload, body: object = None) -> BulkUpload:
    extra = {} if body is None else {"content_type": "application/json"}
    response = caller.post(f"/bulk_uploads/{dry.uuid}/run", body, **extra)
    assert response.status_code == 201, response.content
    return BulkUpload.objects.get(uuid=response.json()["data"]["id"])


class TestPreview:
    def test_tells_fields_rows_jumps_and_new_names(self, caller):
        dry = preview(caller)

        assert caller.data(f"/bulk_uploads/{dry.uuid}/preview") == {
            "changed_fields": [{"field": "Price", "of": "variants", "count": 2}],
            "sample": [
                {
                    "row": row,
                    "key": key,
                    "changes": [{"field": "Price", "before": "10", "after": after}],
                    "more": 0,
                }
                for row, key, after in ((2, "A", "25"), (3, "B", "11"))
            ],
            "jumps": {
                "rule": "Prices and list prices that would become more than double, or less than "
                "half, of what they are.",
                "count": 1,
                "largest": [
                    {
                        "row": 2,
                        "key": "A",
                        "field": "Price",
                        "before": "10",
                        "after": "25",
                        "ratio": 2.5,
                    }
                ],
            },
            "new_names": [{"kind": "tags", "names": ["new"], "more": False}],
            "foretold": {},
        }

    def test_is_of_dry_runs_alone(self, caller):
        upload = BulkUploadFactory.create(account=caller.account, succeeded=True)

        response = caller.get(f"/bulk_uploads/{upload.uuid}/preview")

        assert response.status_code == 404
        assert response.json() == failure(
            "id", "This bulk upload is no dry run, so there is no preview of it"
        )


class TestDifferences:
    def test_are_listed_page_by_page(self, caller):
        dry = preview(caller)
        import_rows(caller.account, HEADER[:3], [["A", "Fan", "25"], ["B", "Fan", "11"]])
        real = run_to_end(run(caller, dry))

        response = caller.get(f"/bulk_uploads/{real.uuid}/differences", per_page=1, page=2)

        assert response.json() == {
            "status": "success",
            "data": [
                {
                    "row": 3,
                    "key": "B",
                    "outcome": "unchanged",
                    "expected_key": "B",
                    "expected_outcome": "updated",
                }
            ],
            "meta": {"page": 2, "per_page": 1, "total": 2},
        }
        assert caller.data(f"/bulk_uploads/{real.uuid}")["output"]["differences"] == 2

    def test_of_a_row_the_preview_did_not_know(self, caller):
        dry = preview(caller)
        dry.row_results.filter(row=4).delete()
        real = run_to_end(run(caller, dry))

        (found,) = caller.data(f"/bulk_uploads/{real.uuid}/differences")

        assert (found["expected_key"], found["expected_outcome"]) == (None, None)


@pytest.mark.parametrize("part", ["preview", "differences"])
def test_another_accounts_upload_is_not_there(caller, part):
    upload = BulkUploadFactory.create(succeeded=True, options={"dry_run": True})

    assert caller.get(f"/bulk_uploads/{upload.uuid}/{part}").status_code == 404


@pytest.mark.parametrize("part", ["preview", "differences"])
def test_reading_takes_a_scope_that_may_read_uploads(caller, part):
    upload = BulkUploadFactory.create(
        account=caller.account, succeeded=True, options={"dry_run": True}
    )

    answer = program(caller.account, Scope.IMAGERY).get(f"/bulk_uploads/{upload.uuid}/{part}")

    assert answer.status_code == 403


class TestRunning:
    @pytest.mark.parametrize(
        ("body", "options"),
        [
            (None, {}),
            ({}, {}),
            ({"strict": False}, {}),
            ({"strict": True}, {"strict": True}),
        ],
        ids=["no body", "empty", "false", "true"],
    )
    def test_takes_strict(self, caller, body, options):
        real = run(caller, preview(caller), body)

        assert real.options == options

    @pytest.mark.parametrize(
        ("body", "attribute"),
        [
            ({"strict": "yes"}, "strict"),
            ({"strict": None}, "strict"),
            ({"stict": True}, "stict"),
            ([], "body"),
        ],
    )
    def test_refuses_what_it_does_not_understand(self, caller, body, attribute):
        dry = preview(caller)

        response = caller.post(
            f"/bulk_uploads/{dry.uuid}/run", body, content_type="application/json"
        )

        assert response.status_code == 422
        assert response.json()["data"][0]["attribute_name"] == attribute
        assert not dry.children.exists()

    def test_is_refused_while_it_runs_already(self, caller):
        dry = preview(caller)
        run(caller, dry)

        response = caller.post(f"/bulk_uploads/{dry.uuid}/run")

        assert response.status_code == 409
        assert response.json()["data"][0]["attribute_name"] == "id"
        assert dry.children.count() == 1

    def test_one_that_stops_says_so(self, caller):
        dry = preview(caller)
        import_rows(caller.account, HEADER[:3], [["A", "Fan", "25"]])
        real = run_to_end(run(caller, dry, {"strict": True}))

        data = caller.data(f"/bulk_uploads/{real.uuid}")

        assert (data["status"], data["output"]["code"]) == ("failure", "differs_from_preview")
        assert data["input"] == {"strict": True}
        (found,) = caller.data(f"/bulk_uploads/{real.uuid}/differences")
        assert (found["row"], found["outcome"]) == (2, "unchanged")
