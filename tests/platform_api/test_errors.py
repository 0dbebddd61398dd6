"""Every refusal, whoever makes it, is a failure envelope with the fitting status."""

import json
import logging

import pytest
from django.test import Client

from accounts.models import Account
from tests.platform_api.conftest import BASE


def body_of(response, status):
    assert response.status_code == status
    assert response["Content-Type"] == "application/json"
    body = response.json()
    assert body["status"] == "failure"
    assert sorted(body) == ["data", "status"]
    return {fault["attribute_name"]: fault["messages"] for fault in body["data"]}


def test_an_unknown_address_is_not_found(call):
    assert body_of(call("get", "/nothing"), 404) == {"path": ["There is nothing at this address"]}


def test_an_address_with_a_trailing_slash_is_not_found(call):
    assert "path" in body_of(call("get", "/things/"), 404)


def test_an_identifier_of_the_wrong_form_is_not_found(call):
    assert "path" in body_of(call("get", "/things/42"), 404)


def test_a_refusal_of_the_handler_names_its_attribute(call):
    response = call("get", "/things/607d0489-117c-4fdf-90f1-b517725e989a")

    assert body_of(response, 404) == {"thing_id": ["No such thing"]}


def test_a_wrong_method_says_which_are_right(call):
    response = call("delete", "/things")

    assert list(body_of(response, 405)) == ["method"]
    assert sorted(response["Allow"].split(", ")) == ["GET", "POST"]


def test_a_host_that_is_not_served_is_a_bad_request(call):
    response = call("get", "/things", headers={"Host": "elsewhere.example"})

    assert list(body_of(response, 400)) == ["body"]


@pytest.mark.parametrize("query", ["page=0", "page=-1", "page=x", f"page={10**30}", "page="])
def test_a_page_out_of_range_is_unprocessable(call, query):
    assert list(body_of(call("get", f"/things?{query}"), 422)) == ["page"]


@pytest.mark.parametrize("query", ["per_page=0", "per_page=201"])
def test_a_page_size_out_of_range_is_unprocessable(call, query):
    assert list(body_of(call("get", f"/things?{query}"), 422)) == ["per_page"]


def test_each_wrong_query_parameter_is_named(call):
    faults = body_of(call("get", "/things?page=0&per_page=500"), 422)

    assert faults == {
        "page": ["Input should be greater than or equal to 1"],
        "per_page": ["Input should be less than or equal to 200"],
    }


def test_wrong_fields_of_a_json_body_are_named_by_their_place(call):
    response = call("post", "/things", json={"price": "x", "parts": [{"sku": "A"}, {}]})

    assert list(body_of(response, 422)) == ["slug", "price", "parts.1.sku"]
    assert Account.objects.filter(slug="A").count() == 0


def test_a_missing_file_and_field_are_named(call):
    assert sorted(body_of(call("post", "/files"), 422)) == ["file", "slug"]


@pytest.mark.parametrize("text", ["{", '{"slug": "a",}', "\x00", '{"slug": NaN}'])
def test_malformed_json_is_a_bad_request(call, text):
    response = call("post", "/things", data=text, content_type="application/json")

    faults = body_of(response, 400)
    assert list(faults) == ["body"]
    assert faults["body"][0].startswith("Malformed JSON: ")


def test_json_that_is_no_object_is_unprocessable(call):
    response = call("post", "/things", data="[1]", content_type="application/json")

    assert response.status_code == 422


def test_a_form_where_json_is_expected_is_an_unsupported_type(call):
    response = call("post", "/things", data={"slug": "a"})

    assert body_of(response, 415) == {"content_type": ["Send the body as application/json"]}
    assert not Account.objects.filter(slug="a").exists()


def test_json_where_a_form_is_expected_is_an_unsupported_type(call):
    response = call("post", "/files", json={"slug": "a"})

    assert body_of(response, 415) == {"content_type": ["Send the body as multipart/form-data"]}


@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=é"],
)
def test_a_multipart_body_without_usable_boundary_is_a_bad_request(call, content_type):
    response = call("post", "/files", data=b"--x\r\n", content_type=content_type)

    assert list(body_of(response, 400)) == ["body"]


def test_a_truncated_multipart_body_is_refused(call):
    text = b'--x\r\nContent-Disposition: form-data; name="slug"\r\n\r\na'
    response = call("post", "/files", data=text, content_type="multipart/form-data; boundary=x")

    assert 400 <= response.status_code < 500
    assert response.json()["status"] == "failure"
    assert not Account.objects.filter(slug="a").exists()


def test_a_body_over_the_limit_is_too_large(call, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    response = call("post", "/things", json={"slug": "a" * 200})

    assert list(body_of(response, 413)) == ["body"]


def test_too_many_form_fields_are_a_bad_request(call, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2

    response = call("post", "/files", data={str(n): "" for n in range(5)})

    assert list(body_of(response, 400)) == ["body"]


def test_a_crash_is_logged_and_tells_nothing_of_the_inside(call, caplog):
    with caplog.at_level(logging.ERROR, logger="platform_api"):
        response = call("get", "/crash")

    assert list(body_of(response, 500)) == ["server"]
    assert "secret" not in response.content.decode()
    [record] = [record for record in caplog.records if record.name == "platform_api.refusals"]
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == "a secret of the inside"


def test_debug_mode_shows_no_more(call, settings):
    settings.DEBUG = True

    assert list(body_of(call("get", "/crash"), 500)) == ["server"]
    assert list(body_of(call("get", "/nothing"), 404)) == ["path"]


def test_pages_outside_the_api_are_left_alone(db):
    response = Client().get("/elsewhere")

    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")


def test_a_bearer_route_needs_no_csrf_token(token):
    client = Client(enforce_csrf_checks=True)

    response = client.post(
        f"{BASE}/things",
        json.dumps({"slug": "a"}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token.raw}"},
    )

    assert response.status_code == 201
