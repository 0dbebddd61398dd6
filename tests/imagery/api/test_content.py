"""GET /images/{id}/content: generated images, for those who may have them and nobody else."""

import uuid
from urllib.parse import quote

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from accounts.roles import Role
from accounts.scopes import Scope
from imagery.api.content import content_path, thumbnail_path
from imagery.models import Decision, GeneratedImage
from tests.api_client import failure, program
from tests.factories.accounts import AccountFactory
from tests.factories.imagery import GeneratedImageFactory
from tests.signing_in import STRANGER, SUPERUSER, client_as

NOWHERE = failure("id", "There is no picture with this id")
PARTS = ["content", "thumbnail"]


@pytest.fixture
def image(db) -> GeneratedImage:
    image = GeneratedImageFactory.create()
    default_storage.save(image.storage_path, ContentFile(b"the bytes"))
    default_storage.save(image.thumbnail_path, ContentFile(b"fewer"))
    return image


def body_of(response) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("scope", [Scope.IMAGERY, Scope.REVIEW])
def test_a_token_of_the_account_that_may_deal_with_images_gets_them(image, scope):
    asking = program(image.account, scope)
    content = asking.get(f"/images/{image.uuid}/content")
    thumbnail = asking.get(f"/images/{image.uuid}/thumbnail")
    assert (content.status_code, body_of(content)) == (200, b"the bytes")
    assert (thumbnail.status_code, body_of(thumbnail)) == (200, b"fewer")
    assert content.headers["Content-Type"] == "image/png"
    assert content.headers["Cache-Control"] == thumbnail.headers["Cache-Control"] == "no-store"
    assert content.headers["X-Content-Type-Options"] == "nosniff"


def test_an_approved_image_may_be_kept_by_the_browser_alone(image):
    GeneratedImage.objects.update(decision=Decision.APPROVED)
    answer = program(image.account, Scope.REVIEW).get(f"/images/{image.uuid}/content")
    assert answer.headers["Cache-Control"] == "private, max-age=86400"
    body_of(answer)


@pytest.mark.parametrize("part", PARTS)
def test_a_token_of_another_account_and_one_without_the_scope_get_nothing(image, part):
    path = f"/images/{image.uuid}/{part}"
    strangers = program(AccountFactory(), Scope.IMAGERY, Scope.REVIEW).get(path)
    assert (strangers.status_code, strangers.json()) == (404, NOWHERE)
    reading = program(image.account, Scope.READ, Scope.CATALOG, Scope.UPLOADS).get(path)
    assert reading.status_code == 403
    guessed = program(image.account, Scope.REVIEW).get(f"/images/{uuid.uuid4()}/{part}")
    assert (guessed.status_code, guessed.json()) == (404, NOWHERE)


@pytest.mark.parametrize("part", PARTS)
def test_without_token_or_session_there_is_nothing(image, part):
    assert Client().get(f"/api/platform/v1/images/{image.uuid}/{part}").status_code == 401


@pytest.mark.parametrize("path", [content_path, thumbnail_path], ids=PARTS)
@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.MERCHANDISER, 200),
        (Role.REVIEWER, 200),
        (Role.MANAGER, 200),
        (SUPERUSER, 200),
        (STRANGER, 404),
    ],
)
def test_in_the_admin_members_see_their_accounts_images(image, path, role, status):
    answer = client_as(role, image.account).get(path(image.uuid))
    assert answer.status_code == status
    if status == 200:
        body_of(answer)


@pytest.mark.parametrize("part", ["storage_path", "thumbnail_path"])
@pytest.mark.parametrize("where", ["/", "/media/", "/static/", "/api/platform/v1/files/"])
def test_a_storage_key_is_no_address(image, where, part):
    """Neither as it is nor encoded, not even to a token of the account."""
    key = getattr(image, part)
    for spelling in (key, quote(key, safe=""), f"../{key}"):
        for client in (Client(), client_as(Role.MANAGER, image.account)):
            assert client.get(f"{where}{spelling}").status_code in (401, 404)
