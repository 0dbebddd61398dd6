"""POST below /bulk_uploads/{id}: cancelling, and running a dry run for real."""

import uuid

import pytest

from accounts.scopes import Scope
from bulk_uploads.models import BulkUpload
from tests.api_client import Program, failure, program
from tests.factories.bulk_uploads import BulkUploadFactory


class TestCancelling:
    def test_waiting_upload_is_asked_to_stop(self, caller):
        upload = BulkUploadFactory.create(account=caller.account)
        response = caller.post(f"/bulk_uploads/{upload.uuid}/cancel")

        assert response.status_code == 200
        assert response.json()["data"]["id"] == str(upload.uuid)
        upload.refresh_from_db()
        assert upload.cancel_requested_at is not None

    def test_ended_upload_cannot_be_cancelled(self, caller):
        upload = BulkUploadFactory.create(account=caller.account, succeeded=True)
        response = caller.post(f"/bulk_uploads/{upload.uuid}/cancel")

        assert response.status_code == 409
        assert response.json() == failure(
            "status", "This upload has already ended, so there is nothing left to cancel."
        )
        upload.refresh_from_db()
        assert upload.cancel_requested_at is None

    def test_upload_of_another_account_is_not_there(self, caller):
        upload = BulkUploadFactory.create()
        response = caller.post(f"/bulk_uploads/{upload.uuid}/cancel")

        assert response.status_code == 404
        upload.refresh_from_db()
        assert upload.cancel_requested_at is None

    def test_cancelling_takes_the_scope_uploads(self, caller):
        upload = BulkUploadFactory.create(account=caller.account)
        response = program(caller.account, Scope.READ).post(f"/bulk_uploads/{upload.uuid}/cancel")

        assert response.status_code == 403
        upload.refresh_from_db()
        assert upload.cancel_requested_at is None


class TestRunningADryRun:
    def dry_run(self, caller: Program, **fields) -> BulkUpload:
        options = {"dry_run": True, "on_error": "abort"}
        return BulkUploadFactory.create(account=caller.account, options=options, **fields)

    def test_real_upload_has_the_same_file_and_options(self, caller):
        dry = self.dry_run(caller, succeeded=True)
        response = caller.post(f"/bulk_uploads/{dry.uuid}/run")

        assert response.status_code == 201
        data = response.json()["data"]
        assert data["id"] != str(dry.uuid)
        assert (data["status"], data["input"]) == ("draft", {"on_error": "abort"})
        assert data["file"]["key"] == dry.file.key
        real = BulkUpload.objects.get(uuid=data["id"])
        assert (real.is_dry_run, real.parent, real.token) == (False, dry, caller.token)

    @pytest.mark.parametrize("state", ["applying", "failed"])
    def test_only_a_dry_run_that_succeeded_can_be_run(self, caller, state):
        dry = self.dry_run(caller, **{state: True})
        response = caller.post(f"/bulk_uploads/{dry.uuid}/run")

        assert response.status_code == 409
        assert response.json()["data"][0]["attribute_name"] == "id"
        assert BulkUpload.objects.count() == 1

    def test_real_upload_cannot_be_run(self, caller):
        upload = BulkUploadFactory.create(account=caller.account, succeeded=True)
        response = caller.post(f"/bulk_uploads/{upload.uuid}/run")

        assert response.status_code == 409
        assert BulkUpload.objects.count() == 1

    def test_dry_run_of_another_account_is_not_there(self, caller):
        dry = self.dry_run(program(), succeeded=True)
        response = caller.post(f"/bulk_uploads/{dry.uuid}/run")

        assert response.status_code == 404
        assert BulkUpload.objects.count() == 1

    def test_running_takes_the_scope_uploads(self, caller):
        dry = self.dry_run(caller, succeeded=True)
        response = program(caller.account, Scope.READ).post(f"/bulk_uploads/{dry.uuid}/run")

        assert response.status_code == 403
        assert BulkUpload.objects.count() == 1


@pytest.mark.parametrize("action", ["cancel", "run"])
def test_action_on_an_upload_that_never_was(caller, action):
    response = caller.post(f"/bulk_uploads/{uuid.uuid4()}/{action}")

    assert response.status_code == 404
    assert response.json() == failure("id", "There is no bulk upload with this id")
