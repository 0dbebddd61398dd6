"""A program that imports over either path."""

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Account, ApiToken
from bulk_uploads.api.import_ids import upload_id_of
from bulk_uploads.models import BulkUpload
from tests.api_client import program
from tests.imports import run_to_end

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

PATHS = ("/api/platform/v1/imports", "/api/v1/imports")


class Importer:
    def __init__(self, token: ApiToken, path: str = PATHS[0]) -> None:
        self.token = token
        self.account: Account = token.account
        self.path = path
        self.client = Client(headers={"Authorization": f"Bearer {token.raw}"})  # type: ignore[attr-defined]

    def post(
        self,
        content: bytes,
        *,
        name: str = "catalog.csv",
        headers: dict[str, str] | None = None,
        **fields: Any,
    ) -> "Response":
        fields["file"] = SimpleUploadedFile(name, content, content_type="text/csv")
        return self.client.post(self.path, fields, headers=headers)

    def get(self, below: str, **query: Any) -> "Response":
        return self.client.get(f"{self.path}{below}", query)

    def run(self, content: bytes, **fields: Any) -> str:
        """The id of an import that has been run to its end."""
        answer = self.post(content, **fields)
        assert answer.status_code == 201, answer.content
        run_to_end(upload_of(answer.json()["id"]))
        return str(answer.json()["id"])

    def import_(self, id: str) -> Any:
        answer = self.get(f"/{id}")
        assert answer.status_code == 200, answer.content
        return answer.json()

    def errors(self, id: str, **query: Any) -> Any:
        answer = self.get(f"/{id}/errors", **query)
        assert answer.status_code == 200, answer.content
        return answer.json()


def upload_of(id: str) -> BulkUpload:
    return BulkUpload.objects.get(uuid=upload_id_of(id) or "")


@pytest.fixture(params=PATHS, ids=["platform", "documented"])
def importer(db, request) -> Importer:
    """Once for each of the two paths."""
    return Importer(program().token, request.param)


@pytest.fixture
def one_importer(db) -> Importer:
    """Where the path makes no difference."""
    return Importer(program().token)
