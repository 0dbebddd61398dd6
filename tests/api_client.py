"""A program that calls the platform API of the whole application with a token."""

from typing import TYPE_CHECKING, Any

from django.test import Client
from django.utils import timezone

from accounts.models import Account, ApiToken
from accounts.scopes import Scope
from tests.factories.accounts import ApiTokenFactory

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

BASE = "/api/platform/v1"


class Program:
    """Its token was used just now, so that no request counts the query that notes the use."""

    def __init__(self, token: ApiToken) -> None:
        self.token = token
        self.account: Account = token.account
        self._client = Client(headers={"Authorization": f"Bearer {token.raw}"})  # type: ignore[attr-defined]

    def get(self, path: str, **query: Any) -> "Response":
        return self._client.get(f"{BASE}{path}", query)

    def post(self, path: str, data: Any = None, **extra: Any) -> "Response":
        if data is None:
            # Django's client would send an empty form.
            return self._client.generic("POST", f"{BASE}{path}", **extra)
        return self._client.post(f"{BASE}{path}", data, **extra)

    def data(self, path: str, **query: Any) -> Any:
        """What a request that has to succeed is answered."""
        response = self.get(path, **query)
        assert response.status_code == 200, response.content
        return response.json()["data"]


def program(account: Account | None = None, *scopes: Scope) -> Program:
    """A program of this account (default: one of its own) with these scopes (default: all)."""
    fields: dict[str, Any] = {"account": account} if account else {}
    if scopes:
        fields["scopes"] = list(scopes)
    return Program(ApiTokenFactory.create(last_used_at=timezone.now(), **fields))


def failure(attribute_name: str, *messages: str) -> dict[str, Any]:
    """The envelope of a refusal with one fault."""
    fault = {"attribute_name": attribute_name, "messages": list(messages)}
    return {"status": "failure", "data": [fault]}
