"""GET /files/{key}: the bytes as given, for those who may have them and nobody else."""

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from accounts.models import Account, User
from accounts.roles import Role
from accounts.scopes import Scope
from tests.api_client import BASE, failure, program
from tests.factories.accounts import AccountFactory, MembershipFactory, UserFactory
from tests.factories.bulk_uploads import UploadedFileFactory

CONTENT = b"SKU\r\n\xff\xfe\x00<script>"


def body_of(response) -> bytes:
    return b"".join(response.streaming_content)


def member(account: Account, role: Role, **fields) -> User:
    return MembershipFactory.create(
        account=account, role=role, user=UserFactory.create(**fields)
    ).user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def account(db) -> Account:
    return AccountFactory.create()


@pytest.fixture
def file(account):
    return UploadedFileFactory.create(
        account=account, content=CONTENT, name='fans "2024" — März.csv', content_type="text/html"
    )


@pytest.mark.parametrize("scope", [Scope.READ, Scope.UPLOADS])
def test_token_of_the_account_gets_the_bytes_as_given(account, file, scope):
    response = program(account, scope).get(f"/files/{file.key}")

    assert response.status_code == 200
    assert body_of(response) == CONTENT
    assert response.headers["Content-Length"] == str(len(CONTENT))


def test_bytes_are_never_shown_in_a_browser(account, file):
    response = program(account).get(f"/files/{file.key}")

    assert response.headers["Content-Type"] == "text/html"
    assert response.headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''fans%20%222024%22%20%E2%80%94%20M%C3%A4rz.csv"
    )
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["Cache-Control"] == "private, no-store"
    body_of(response)


def test_token_of_another_account_finds_nothing(file):
    response = program().get(f"/files/{file.key}")

    assert response.status_code == 404
    assert response.json() == failure("key", "There is no file with this key")


def test_token_without_the_scope_is_refused(account, file):
    response = program(account, Scope.IMAGERY).get(f"/files/{file.key}")

    assert response.status_code == 403


@pytest.mark.parametrize("role", [Role.MERCHANDISER, Role.MANAGER])
def test_person_who_may_see_uploads_gets_the_bytes(account, file, role):
    response = signed_in(member(account, role)).get(f"{BASE}/files/{file.key}")

    assert response.status_code == 200
    assert body_of(response) == CONTENT


def test_superuser_gets_the_bytes_of_any_account(file):
    user = UserFactory.create(is_superuser=True)
    response = signed_in(user).get(f"{BASE}/files/{file.key}")

    assert body_of(response) == CONTENT


def test_person_whose_role_sees_no_uploads_finds_nothing(account, file):
    response = signed_in(member(account, Role.REVIEWER)).get(f"{BASE}/files/{file.key}")

    assert response.status_code == 404


def test_person_of_another_account_finds_nothing(file):
    stranger = member(AccountFactory.create(), Role.MANAGER)
    response = signed_in(stranger).get(f"{BASE}/files/{file.key}")

    assert response.status_code == 404


@pytest.mark.parametrize("lost", ["is_staff", "is_active"])
def test_person_who_may_no_longer_sign_in_needs_a_token(account, file, lost):
    user = member(account, Role.MANAGER)
    client = signed_in(user)
    User.objects.filter(pk=user.pk).update(**{lost: False})
    response = client.get(f"{BASE}/files/{file.key}")

    assert response.status_code == 401


def test_nobody_gets_nothing(file):
    response = Client().get(f"{BASE}/files/{file.key}")

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_wrong_token_is_refused_whoever_is_signed_in(account, file):
    client = signed_in(member(account, Role.MANAGER))
    response = client.get(f"{BASE}/files/{file.key}", headers={"Authorization": "Bearer stolen"})

    assert response.status_code == 401


@pytest.mark.parametrize(("key", "status"), [("nosuchkey", 404), ("%00", 422), ("x" * 2000, 422)])
def test_key_that_is_none_finds_nothing(account, key, status):
    response = program(account).get(f"/files/{key}")

    assert response.status_code == status
    assert response.json()["status"] == "failure"


def test_file_whose_bytes_are_gone_is_told_apart(account, file):
    default_storage.delete(file.storage_path)
    response = program(account).get(f"/files/{file.key}")

    assert response.status_code == 404
    assert response.json() == failure("key", "The file is no longer in the storage")
