"""The API's document knows every address of the uploads, and how each may be refused."""

from config.api import api

PREFIX = "/api/platform/v1"


def test_document_knows_every_address():
    paths = api.get_openapi_schema()["paths"]
    one = f"{PREFIX}/bulk_uploads/{{upload_id}}"

    assert sorted(paths[f"{PREFIX}/bulk_uploads"]) == ["get", "post"]
    for below in ("", "/issues", "/rows"):
        assert list(paths[f"{one}{below}"]) == ["get"]
    for below in ("/cancel", "/run"):
        assert list(paths[f"{one}{below}"]) == ["post"]
    assert list(paths[f"{PREFIX}/files/{{key}}"]) == ["get"]


def test_document_tells_how_creating_may_be_refused():
    create = api.get_openapi_schema()["paths"][f"{PREFIX}/bulk_uploads"]["post"]

    assert sorted(create["responses"]) == [201, 401, 403, 404, 409, 411, 413, 415, 422, 429]
    assert "multipart/form-data" in create["requestBody"]["content"]


def test_document_says_that_a_download_is_bytes():
    download = api.get_openapi_schema()["paths"][f"{PREFIX}/files/{{key}}"]["get"]

    assert list(download["responses"][200]["content"]) == ["*/*"]
