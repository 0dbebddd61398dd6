"""GET /media/{id}: fetched pictures, for those who may have them and nobody else."""

import uuid

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from accounts.models import Account
from accounts.roles import Role
from accounts.scopes import Scope
from catalog.api.media import picture_path, thumbnail_path
from catalog.models import MediaFile
from tests.api_client import BASE, failure, program
from tests.factories.accounts import AccountFactory, ApiTokenFactory
from tests.factories.catalog import (
    MediaAssetFactory,
    MediaFileFactory,
    PropertySetDefinitionFactory,
    VariantFactory,
    link_media,
)
from tests.signing_in import STRANGER, SUPERUSER, client_as

NOWHERE = failure("id", "There is no picture with this id")


def body_of(response) -> bytes:
    return b"".join(response.streaming_content)


def headers_of(response):
    """Of an answer read to its end, which is when its file is closed."""
    body_of(response)
    return response.headers


@pytest.fixture
def account(db) -> Account:
    return AccountFactory.create()


@pytest.fixture
def file(account) -> MediaFile:
    return MediaFileFactory.create(account=account, content=b"the bytes", thumbnail=b"fewer")


def test_a_token_of_the_account_gets_picture_and_thumbnail(account, file):
    asking = program(account, Scope.READ)

    picture = asking.get(f"/media/{file.uuid}")
    thumbnail = asking.get(f"/media/{file.uuid}/thumbnail")

    assert (picture.status_code, body_of(picture)) == (200, b"the bytes")
    assert picture.headers["Content-Type"] == "image/png"
    assert (thumbnail.status_code, body_of(thumbnail)) == (200, b"fewer")
    assert thumbnail.headers["Content-Type"] == "image/webp"


def test_a_picture_is_shown_in_place_kept_privately_and_never_guessed_at(account, file):
    headers = headers_of(program(account).get(f"/media/{file.uuid}"))

    assert headers["Content-Disposition"] == f'inline; filename="{file.sha256}.png"'
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "private, max-age=86400"
    assert {"Authorization", "Cookie"} <= set(headers["Vary"].split(", "))


def test_what_is_no_picture_for_a_browser_is_an_attachment(account):
    file = MediaFileFactory.create(account=account, content_type="image/svg+xml")

    headers = headers_of(program(account).get(f"/media/{file.uuid}"))

    assert headers["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize("part", ["", "/thumbnail"])
def test_a_kept_picture_is_not_sent_again(account, file, part):
    asking = program(account)
    first = asking.get(f"/media/{file.uuid}{part}")
    body_of(first)

    again = Client(
        headers={
            "Authorization": f"Bearer {ApiTokenFactory.create(account=account).raw}",
            "If-None-Match": first.headers["ETag"],
        }
    ).get(f"{BASE}/media/{file.uuid}{part}")

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == "private, max-age=86400"


@pytest.mark.parametrize("path", [picture_path, thumbnail_path])
@pytest.mark.parametrize("who", [*Role.values, SUPERUSER])
def test_members_see_it_in_the_admin(account, file, who, path):
    answer = client_as(who, account).get(path(file.uuid))

    assert answer.status_code == 200
    body_of(answer)


@pytest.mark.parametrize("path", [picture_path, thumbnail_path])
def test_nobody_else_learns_that_it_is_there(account, file, path):
    stranger = client_as(STRANGER)
    other_manager = client_as(Role.MANAGER, AccountFactory.create())
    other_program = program(AccountFactory.create())
    answers = [
        stranger.get(path(file.uuid)),
        other_manager.get(path(file.uuid)),
        other_program.get(path(file.uuid).removeprefix(BASE)),
        program(account).get(path(uuid.uuid4()).removeprefix(BASE)),
    ]

    assert [(answer.status_code, answer.json()) for answer in answers] == [(404, NOWHERE)] * 4


def test_a_token_without_the_scope_is_refused(account, file):
    assert program(account, Scope.UPLOADS).get(f"/media/{file.uuid}").status_code == 403


def test_without_credentials_nothing_is_shown(account, file):
    for path in (picture_path(file.uuid), thumbnail_path(file.uuid)):
        assert Client().get(path).status_code == 401


def test_a_wrong_token_is_not_made_good_by_a_session(account, file):
    browser = client_as(Role.MANAGER, account)

    answer = browser.get(picture_path(file.uuid), headers={"Authorization": "Bearer wrong"})

    assert answer.status_code == 401


def test_half_stored_and_lost_pictures_are_not_there(account, file):
    half = MediaFileFactory.create(account=account, stored_at=None)
    default_storage.delete(file.storage_path)

    for one in (half, file):
        answer = program(account).get(f"/media/{one.uuid}")
        assert (answer.status_code, answer.json()) == (404, NOWHERE)


def test_a_variants_document_leads_to_its_pictures(account):
    variant = VariantFactory.create(account=account, sku="FAN-1")
    paths = PropertySetDefinitionFactory.create(account=account, media_paths=True)
    gallery = PropertySetDefinitionFactory.create(account=account, kind="media", name="Gallery")
    waiting = MediaAssetFactory.create(account=account)
    failed = MediaAssetFactory.create(account=account, failed=True)
    fetched = MediaAssetFactory.create(account=account, fetched=True)
    link_media(variant, paths, waiting.url, failed.url, fetched.url)
    link_media(variant, gallery, fetched.url)
    url = f"http://testserver{BASE}/media/{fetched.file.uuid}"
    shown = {"source_url": fetched.url, "url": url, "state": "fetched"}
    expected = [
        {"source_url": waiting.url, "url": None, "state": "pending"},
        {"source_url": failed.url, "url": None, "state": "failed"},
        shown,
    ]

    asking = program(account)
    alone = asking.data("/variants/FAN-1")
    [product] = asking.data("/products")
    same = asking.data(f"/products/{product['id']}")

    assert alone["media"] == expected
    assert product["variants"][0]["media"] == same["variants"][0]["media"] == expected
    assert alone["property_sets"][-1]["items"] == [shown]
    answer = asking.get(url.removeprefix(f"http://testserver{BASE}"))
    assert answer.status_code == 200
    body_of(answer)
